import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { Client } from 'pg'
import { needs } from '../test/support/needs.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { planOf } from '../test/support/query-plan.ts'
import { openTestClock, settled } from '../test/support/test-clock.ts'
import { silentLog as log } from '../test/support/test-log.ts'
import { until } from '../test/support/until.ts'
import { openCallBus } from './call-bus/call-bus.ts'
import type { Stamped } from './call-bus/events.ts'
import { type DatabaseAddress, openDatabase } from './database/database.ts'
import { openJournal } from './database/journal.ts'
import { openKeptRequests, readRequests } from './kept-requests.ts'
import type { DispatchRequest } from './ports/dispatch.ts'

const wish: DispatchRequest = {
  name: 'callback.requested',
  phone: '+380670000001',
  order: '7',
  script: 'car_arrived',
  parameters: ['0670000001'],
}
const repeats = { key: 'k', seconds: 20 }

async function onDisk(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-requests-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'callbus.sqlite')
  return { file, ...(await openWorld(t, { kind: 'sqlite', file })) }
}

async function openWorld(t: TestContext, address: DatabaseAddress) {
  const clock = openTestClock()
  const own = await openDatabase(address, { log })
  t.after(() => own[Symbol.asyncDispose]())

  return {
    clock,
    rows: () => own.kysely.selectFrom('intents').selectAll().orderBy('opened_at').execute(),
    /** Another one, as old as may be. */
    addIntent: ({ key, kind }: { key: string; kind: string }) =>
      own.kysely
        .insertInto('intents')
        .values({
          key,
          kind,
          call: null,
          data: '{}',
          state: 'done',
          outcome: 'done',
          opened_at: 0,
          closed_at: 0,
        })
        .execute(),
    facts: () => own.kysely.selectFrom('facts').selectAll().execute(),

    /** A process over the same database; it ends without a word when nobody goes on with it. */
    async startProcess() {
      const database = await openDatabase(address, { log })
      t.after(() => database[Symbol.asyncDispose]())
      const journal = await openJournal({ database: database.kysely, clock, log })
      const bus = openCallBus({ clock, log, lastFactId: journal.lastFactId })
      const heard: Stamped<'callback.requested'>[] = []
      bus.onAny((fact) => journal.append(fact))
      bus.on('callback.requested', (_, fact) => void heard.push(fact))
      const requests = await openKeptRequests({ database: database.kysely, journal, bus, clock, log })
      return {
        ...requests,
        bus,
        heard,
        keep: (given = repeats) => requests.keeperFor('tm')(wish, given),
        /** Nobody is asked to finish anything. */
        kill: () => database.kysely.destroy(),
      }
    },
  }
}

/** The house opens: whoever listens does so now. */
async function tells(process: { startTelling(): Disposable }) {
  const telling = process.startTelling()
  await settled()
  return telling
}

test('a request is told with its own name, and closed once all who listen have finished', async (t) => {
  const world = await onDisk(t)
  const process = await world.startProcess()
  const working = Promise.withResolvers<void>()
  process.bus.on('callback.requested', () => working.promise)
  await tells(process)
  assert.equal(await process.keep(), 'new')
  const [row] = await world.rows()
  assert.equal(row?.state, 'open')
  assert.deepEqual(
    process.heard.map(({ data }) => [data.request, data.phone]),
    [[row?.key, wish.phone]],
  )
  working.resolve()
  await settled()
  assert.equal((await world.rows())[0]?.state, 'done')
})

test('repeats are recognised at once, while the first is being written, and after a restart', async (t) => {
  const world = await onDisk(t)
  const first = await world.startProcess()
  await tells(first)
  assert.deepEqual(await Promise.all([first.keep(), first.keep(), first.keep()]), ['new', 'repeat', 'repeat'])
  assert.equal(await first.keep({ key: 'another', seconds: 20 }), 'new')
  await settled()
  await first.kill()

  await world.clock.advance(19_999)
  const second = await world.startProcess()
  await tells(second)
  assert.equal(await second.keep(), 'repeat')
  assert.deepEqual(second.heard, [])
  await world.clock.advance(1)
  assert.equal(await second.keep(), 'new')
  assert.equal(new Set((await world.rows()).map(({ key }) => key)).size, 3)
})

test('killed before it was told: the next process tells it once', async (t) => {
  const world = await onDisk(t)
  const first = await world.startProcess()
  await first.keep()
  await first.kill()
  assert.deepEqual([first.heard, await world.facts()], [[], []])

  const second = await world.startProcess()
  await tells(second)
  assert.equal(second.heard.length, 1)
  await settled()
  await second.kill()
  const third = await world.startProcess()
  await tells(third)
  assert.deepEqual(third.heard, [])
  assert.equal((await world.facts()).length, 1)
})

test('killed while somebody was busy with it: the next process tells the same fact again', async (t) => {
  const world = await onDisk(t)
  const first = await world.startProcess()
  first.bus.on('callback.requested', () => new Promise(() => undefined))
  await tells(first)
  await first.keep()
  await world.clock.advance(20)
  await first.kill()

  await world.clock.advance(1_000)
  const second = await world.startProcess()
  await tells(second)
  assert.deepEqual(second.heard, first.heard)
  assert.equal((await world.facts()).length, 1)
  assert.equal((await world.rows())[0]?.state, 'done')
})

test('the house closes in the middle: the request stays open for the next one', async (t) => {
  const world = await onDisk(t)
  const first = await world.startProcess()
  const working = Promise.withResolvers<void>()
  first.bus.on('callback.requested', () => working.promise)
  const telling = await tells(first)
  await first.keep()
  telling[Symbol.dispose]()
  working.resolve()
  await settled()
  assert.equal(await first.keep({ key: 'at the last moment', seconds: 20 }), 'new')
  assert.deepEqual(
    (await world.rows()).map(({ state }) => state),
    ['open', 'open'],
  )
})

test('nobody is called because of what was asked long before the restart', async (t) => {
  const world = await onDisk(t)
  const first = await world.startProcess()
  await first.keep()
  await first.kill()
  await world.clock.advance(11 * 60_000)
  const second = await world.startProcess()
  await tells(second)
  assert.deepEqual(second.heard, [])
  assert.equal((await world.rows())[0]?.outcome, 'found too late after a restart')
})

test('yesterday’s requests are forgotten and nothing else is', async (t) => {
  const world = await onDisk(t)
  const process = await world.startProcess()
  await tells(process)
  await process.keep()
  await world.clock.advance(12 * 60 * 60_000)
  await process.keep()
  await world.addIntent({ key: 'money', kind: 'balance' })
  await settled()
  assert.equal(await process.prune(), 0)
  await world.clock.advance(12 * 60 * 60_000 + 1)
  assert.equal(await process.prune(), 1)
  assert.equal(await process.prune(), 0)
  await process.kill()
  const [money, request] = await world.rows()
  assert.deepEqual([money?.key, request?.state], ['money', 'done'])
  assert.equal(await (await world.startProcess()).keep({ ...repeats, seconds: 86_400 }), 'repeat')
})

test('a start reads requests by an index, however many intents there are', async () => {
  const plan = await planOf((database) => readRequests(database, 0))
  assert.match(plan, /SEARCH intents USING INDEX intents_state \(state=\? AND opened_at>\?\)/)
})

test('a database that another program holds for a moment delays the answer', async (t) => {
  const world = await onDisk(t)
  const process = await world.startProcess()
  const other = new Sqlite(world.file)
  other.exec('begin immediate')
  const keeping = process.keep()
  await world.clock.advance(300)
  other.close()
  await world.clock.advance(100)
  assert.equal(await keeping, 'new')
})

test('a database that stays locked refuses in good time, nothing is done, and the next try counts as new', async (t) => {
  const world = await onDisk(t)
  const process = await world.startProcess()
  await tells(process)
  const other = new Sqlite(world.file)
  other.exec('begin immediate')
  const refused = [process.keep(), process.keep()].map((keeping) =>
    assert.rejects(keeping, { code: 'DATABASE_UNAVAILABLE' }),
  )
  await world.clock.advance(1_000)
  await Promise.all(refused)
  other.close()
  await world.clock.advance(1_000)
  assert.deepEqual([await world.rows(), process.heard], [[], []])
  assert.equal(await process.keep(), 'new')
})

test('a slow database that writes it after the refusal does not have it done', {
  skip: needs.postgres(),
}, async (t) => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const world = await openWorld(t, { kind: 'postgres', url })
  const process = await world.startProcess()
  await tells(process)
  const other = new Client(url)
  await other.connect()
  await other.query('begin')
  await other.query('lock table intents in exclusive mode')
  const refused = assert.rejects(process.keep(), { code: 'DATABASE_UNAVAILABLE' })
  await world.clock.advance(800)
  await refused
  await other.query('commit')
  await other.end()
  const isClosed = async () => (await world.rows())[0]?.outcome === 'written too late'
  await until(isClosed, { what: 'the late request to be closed' })
  assert.deepEqual(process.heard, [])
})
