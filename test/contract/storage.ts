/** What the core expects of its database, whichever it is. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Stamped } from '#core/call-bus/events.ts'
import { type DatabaseAddress, openDatabase } from '#core/database/database.ts'
import { openJournal } from '#core/database/journal.ts'
import { migrate } from '#core/database/migrations.ts'
import type { CallRow } from '#core/database/tables.ts'
import { openTestClock } from '../support/test-clock.ts'
import { openTestLog, silentLog } from '../support/test-log.ts'

/** `fresh` answers with settings of an empty database. */
export function storageContract(name: string, fresh: () => Promise<DatabaseAddress>): void {
  describe(`storage on ${name}`, () => {
    it('has its tables, also when opened a second time', async () => {
      const settings = await fresh()
      for (const _ of [1, 2]) {
        await using database = await openDatabase(settings, { log: silentLog })
        assert.deepEqual(await database.kysely.selectFrom('users').selectAll().execute(), [])
      }
    })

    it('gives moments and ids back as numbers', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const fact = {
        id: 4_294_967_296_123,
        at: 1_768_478_400_123,
        name: 'call.answered',
        call: 'c1',
        data: '{}',
      }
      await database.kysely.insertInto('facts').values(fact).execute()
      assert.deepEqual(await database.kysely.selectFrom('facts').selectAll().executeTakeFirst(), fact)
    })

    it('runs each migration of each owner once', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const runs: string[] = []
      const counted = (label: string) => ({ up: async () => void runs.push(label) })
      await migrate(database.kysely, 'one', { a: counted('one a') })
      await migrate(database.kysely, 'two', { a: counted('two a') })
      await migrate(database.kysely, 'one', { b: counted('one b'), a: counted('one a') })
      assert.deepEqual(runs, ['one a', 'two a', 'one b'])
    })

    it('leaves nothing of a failed migration and says which one it was', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const broken = {
        async up(tables: typeof database.kysely) {
          await tables.schema.createTable('half_made').addColumn('id', 'integer').execute()
          throw new Error('the second step broke')
        },
      }
      await assert.rejects(migrate(database.kysely, 'blacklist', { '001-lists': broken }), {
        code: 'DATABASE_MIGRATION_FAILED',
        message: /001-lists of blacklist.*second step broke/,
      })
      const tables = await database.kysely.introspection.getTables()
      assert.equal(
        tables.some((table) => table.name === 'half_made'),
        false,
      )
    })

    it('keeps every fact of a call in order, stored or not yet', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const clock = openTestClock()
      await using journal = await openJournal({ database: database.kysely, clock, log: silentLog })
      const stored = [fact(1, 'c1'), fact(2, 'c2'), fact(3, 'c1')]
      for (const each of stored) journal.append(each)
      await journal.flush()
      journal.append(fact(4, 'c1'))

      assert.deepEqual(ids(await journal.storyOf('c1')), [1, 3, 4])
      assert.deepEqual((await journal.storyOf('c1'))[0], stored[0])
      assert.deepEqual(ids(await journal.factsSince(1, 2)), [2, 3])
      assert.deepEqual(ids(await journal.factsSince(2, 10)), [3, 4])
    })

    it('stores by itself after a moment', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const clock = openTestClock()
      await using journal = await openJournal({
        database: database.kysely,
        clock,
        log: silentLog,
        flushEvery: 20,
      })
      journal.append(fact(1, 'c1'))
      journal.keepCall(row('c1', 1))
      await clock.advance(20)
      await journal.flush()
      assert.deepEqual(journal.waiting, { facts: 0, calls: 0, lost: 0 })
    })

    it('gives no id again, also none of a fact that was told and went with a kill', async () => {
      const settings = await fresh()
      {
        await using database = await openDatabase(settings, { log: silentLog })
        await using journal = await openJournal({
          database: database.kysely,
          clock: openTestClock(),
          log: silentLog,
        })
        assert.equal(journal.lastFactId, 0)
        journal.append(fact(41, 'c1'))
      }
      await using database = await openDatabase(settings, { log: silentLog })
      await using journal = await openJournal({
        database: database.kysely,
        clock: openTestClock(),
        log: silentLog,
      })
      const mayHaveBeenTold = 41 + 100_000
      assert.ok(journal.lastFactId > mayHaveBeenTold)
    })

    it('finds calls by phone, by life and page by page, newest first', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      await using journal = await openJournal({
        database: database.kysely,
        clock: openTestClock(),
        log: silentLog,
      })
      for (const [id, at] of [
        ['a', 10],
        ['b', 20],
        ['c', 20],
        ['d', 30],
      ] as const)
        journal.keepCall(row(id, at))
      await journal.flush()
      journal.keepCall({ ...row('d', 30), ended_at: 35, state: 'ended' })
      journal.keepCall({ ...row('e', 40), from_phone: '+380501112233' })

      assert.deepEqual(names(await journal.findCalls({ limit: 3 })), ['e', 'd', 'c'])
      assert.deepEqual(names(await journal.findCalls({ limit: 9, before: { at: 20, id: 'c' } })), ['b', 'a'])
      assert.deepEqual(names(await journal.findCalls({ limit: 9, phone: '+380501112233' })), ['e'])
      assert.deepEqual(names(await journal.findCalls({ limit: 9, live: false })), ['d'])
      assert.deepEqual(names(await journal.findCalls({ limit: 2, live: true })), ['e', 'c'])
      assert.deepEqual(names(await journal.openCalls()), ['a', 'b', 'c', 'e'])
      assert.equal((await journal.findCall('d'))?.ended_at, 35)
      assert.equal(await journal.findCall('z'), undefined)
    })

    it('keeps the newest row of a call', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      await using journal = await openJournal({
        database: database.kysely,
        clock: openTestClock(),
        log: silentLog,
      })
      journal.keepCall(row('a', 10))
      await journal.flush()
      const talking = {
        ...row('a', 10),
        state: 'talking',
        talking_at: 12,
        talk: 't1',
        phase_with: '101',
        priority: 1.5,
      }
      journal.keepCall(talking)
      await journal.flush()
      assert.deepEqual(await journal.findCall('a'), talking)
    })

    it('stores a large backlog in one go', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      await using journal = await openJournal({
        database: database.kysely,
        clock: openTestClock(),
        log: silentLog,
      })
      for (let id = 1; id <= 2_345; id += 1) journal.append(fact(id, `c${id % 7}`))
      await journal.flush()
      assert.equal((await journal.factsSince(0, 5_000)).length, 2_345)
    })

    it('stores the end of an intent with the facts told of it, or neither', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const clock = openTestClock()
      await using journal = await openJournal({ database: database.kysely, clock, log: silentLog })
      const intent = { key: 'k', kind: 'test', call: null, data: '{}', opened_at: 1 }
      await database.kysely
        .insertInto('intents')
        .values({ ...intent, state: 'open', outcome: null, closed_at: null })
        .execute()
      const stateOfIntent = async () =>
        (await database.kysely.selectFrom('intents').select('state').executeTakeFirstOrThrow()).state
      await database.kysely.schema.alterTable('facts').renameTo('facts_away').execute()

      journal.append(fact(1, 'c1'))
      journal.closeIntent({ key: 'k', state: 'done', outcome: 'cancelled', closed_at: 2 })
      await assert.rejects(journal.flush(), { code: 'DATABASE_UNAVAILABLE' })
      assert.equal(await stateOfIntent(), 'open')

      await database.kysely.schema.alterTable('facts_away').renameTo('facts').execute()
      await journal.flush()
      assert.equal(await stateOfIntent(), 'done')
      assert.deepEqual(ids(await journal.storyOf('c1')), [1])
    })

    it('keeps facts in memory while the database refuses them, and stores them after', async () => {
      await using database = await openDatabase(await fresh(), { log: silentLog })
      const clock = openTestClock()
      const { log, lines } = openTestLog()
      await using journal = await openJournal({ database: database.kysely, clock, log })
      await database.kysely.schema.alterTable('facts').renameTo('facts_away').execute()

      journal.append(fact(1, 'c1'))
      await assert.rejects(journal.flush(), { code: 'DATABASE_UNAVAILABLE' })
      journal.append(fact(2, 'c1'))
      await assert.rejects(journal.flush(), { code: 'DATABASE_UNAVAILABLE' })
      assert.equal(journal.waiting.facts, 2)
      assert.deepEqual(
        lines.map((line) => line.code),
        ['DATABASE_UNAVAILABLE'],
      )

      await database.kysely.schema.alterTable('facts_away').renameTo('facts').execute()
      await journal.flush()
      assert.deepEqual(ids(await journal.storyOf('c1')), [1, 2])
      assert.equal(journal.waiting.facts, 0)
    })
  })
}

export function fact(id: number, call: string): Stamped {
  return { id, at: 1_768_478_400_000 + id, name: 'call.key-pressed', data: { call, key: '9' } }
}

export function row(id: string, at: number): CallRow {
  return {
    id,
    leg: `leg-${id}`,
    from_phone: '+380671234567',
    to_number: '0443334455',
    line: 'main',
    language: 'uk',
    at,
    answered_at: null,
    talking_at: null,
    ended_at: null,
    state: 'ringing',
    state_since: at,
    phase_with: null,
    talk: null,
    partner_leg: null,
    priority: 0,
    result: null,
    because: null,
    errand: null,
    chosen: null,
    held_since: null,
  }
}

const ids = (facts: Stamped[]) => facts.map((each) => each.id)
const names = (rows: CallRow[]) => rows.map((each) => each.id)
