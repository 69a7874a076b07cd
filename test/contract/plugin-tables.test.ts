/** What plugins keep in tables of their own is the same on both databases. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Kysely } from 'kysely'
import { openAttempts } from '#core/attempts.ts'
import { type DatabaseAddress, openDatabase } from '#core/database/database.ts'
import { migrate } from '#core/database/migrations.ts'
import type { Tables } from '#core/database/tables.ts'
import { type BalanceTables, migrations as balanceMigrations } from '../../plugins/balance-ivr/tables.ts'
import { openTellings as openBalanceTellings } from '../../plugins/balance-ivr/tellings.ts'
import { openLedger } from '../../plugins/call-record-links/ledger.ts'
import {
  type RecordLinkTables,
  migrations as recordLinkMigrations,
} from '../../plugins/call-record-links/tables.ts'
import { openJoins } from '../../plugins/driver-bridge/joins.ts'
import { openPairs } from '../../plugins/driver-bridge/pairs.ts'
import { type BridgeTables, migrations as bridgeMigrations } from '../../plugins/driver-bridge/tables.ts'
import {
  type OrderStatusTables,
  migrations as orderStatusMigrations,
} from '../../plugins/order-status/tables.ts'
import { openTellings } from '../../plugins/order-status/tellings.ts'
import { openMarks } from '../../plugins/quality/marks.ts'
import { openSurveys } from '../../plugins/quality/surveys.ts'
import { type QualityTables, migrations as qualityMigrations } from '../../plugins/quality/tables.ts'
import { needs } from '../support/needs.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { openTestClock } from '../support/test-clock.ts'
import { openTestLog } from '../support/test-log.ts'

const at = Date.UTC(2026, 0, 15, 12)

function tablesContract(addressOf: () => Promise<DatabaseAddress>) {
  async function open(owner: string, migrations: typeof orderStatusMigrations) {
    const database = await openDatabase(await addressOf(), openTestLog())
    await migrate(database.kysely as Kysely<Tables>, owner, migrations)
    return database
  }

  it('a join is written once per request, counted, closed, and known to the next life', async () => {
    await using database = await open('driver-bridge', bridgeMigrations)
    const tables = database.kysely.withTables<BridgeTables>()
    const limits = { joins: 2, within: 10, perOrder: 20, longestTalk: 15 }
    const clock = openTestClock(at)
    const two = { order: '77', client: '+380671234567', driver: '+380501112233' }
    const wish = { ...two, first: 'driver', by: 'user:olena' } as const
    const before = await openJoins({ clock, database: tables, limits })
    const { join } = await before.begin({ ...wish, request: 'one' })
    assert.equal((await before.begin({ ...wish, request: 'one' })).is, 'known')
    await before.close(join.id, 'talked')
    await before.begin({ ...wish, request: 'two' })
    assert.equal((await before.begin({ ...wish, request: 'while they are rung' })).is, 'known')
    const anotherDriver = { ...wish, driver: '+380501119999' }
    assert.equal((await before.begin({ ...anotherDriver, request: 'three' })).is, 'too-often')
    const next = await openJoins({ clock, database: tables, limits })
    assert.deepEqual(
      [...next.underWay].map(({ first, isRung, at }) => ({ first, isRung, at })),
      [{ first: 'driver', isRung: true, at }],
    )
    assert.deepEqual((await next.of('77')).map(({ outcome }) => outcome).sort(), [
      'talked',
      'too often',
      undefined,
    ])

    const pairs = { clock, database: tables, grace: 60, lines: ['+380443334456'] }
    const kept = await openPairs(pairs)
    await kept.keep(two)
    await kept.keep({ ...two, driver: '+380501119999' })
    await kept.end('77')
    const pair = (await openPairs(pairs)).find('77')
    assert.deepEqual([pair?.driver, pair?.endedAt], ['+380501119999', at])
  })

  it('failed codes are counted for a number and for a name, and what was told is kept', async () => {
    await using database = await open('balance-ivr', balanceMigrations)
    const tables = database.kysely.withTables<BalanceTables>()
    const clock = openTestClock(at)
    const limits = { perCall: 3, perNumber: 2, perCode: 2, within: 60 }
    const attempts = openAttempts({ clock, database: database.kysely, limits })
    const claim = 'driver 7'
    const from = '+380671234567'
    const two = await Promise.all([attempts.begin(from, claim), attempts.begin(undefined, claim)])
    assert.ok(two[0] && two[1])
    assert.equal(await attempts.begin(undefined, claim), undefined)
    await two[1].takeBack()
    assert.ok(await attempts.begin(from, claim))
    assert.equal(await attempts.begin(from, 'client 7'), undefined)
    await clock.advance(60 * 60_000)
    assert.ok(await attempts.begin(from, claim))

    const tellings = openBalanceTellings(tables)
    const telling = { call: 'c', at, of: 'driver', id: '12', knownBy: 'code', balance: -120.5 } as const
    await tellings.note(telling)
    await tellings.note({ ...telling, balance: 0 })
    assert.deepEqual(await tellings.list({ limit: 5 }), [telling])
    await tellings.forget(at + 1)
    assert.deepEqual(await tellings.list({ limit: 5, before: at + 2 }), [])
  })

  it('of what callers were told of an order, the first minute named is the promise', async () => {
    await using database = await open('order-status', orderStatusMigrations)
    const tellings = openTellings(database.kysely.withTables<OrderStatusTables>())
    const note = (call: string, promisedAt?: number) => tellings.note({ order: '77', call, at, promisedAt })
    assert.deepEqual(await tellings.of('77', 'one'), { calls: 0 })
    await note('one')
    await note('one', at + 5)
    await note('one', at + 9)
    await note('two', at + 7)
    assert.deepEqual(await tellings.of('77', 'two'), { calls: 1, promisedAt: at + 5 })
    assert.deepEqual(await tellings.of('78', 'two'), { calls: 0 })
    await tellings.forget(at + 1)
    assert.deepEqual(await tellings.of('77', 'three'), { calls: 0 })
  })

  it('a client is asked once and no number twice, and a report counts what was answered', async () => {
    await using database = await open('quality', qualityMigrations)
    const tables = database.kysely.withTables<QualityTables>()
    const clock = openTestClock(at)
    const surveys = openSurveys({ clock, database: tables, rest: 1_000 })
    const about = { kind: 'after-trip', phone: '+380671234567', next_at: at, expires_at: at + 9 } as const
    const first = await surveys.add({ ...about, key: 'order:7', order: '7' })
    assert.equal(await surveys.add({ ...about, key: 'order:7', order: '7' }), undefined)
    const second = await surveys.add({ ...about, key: 'order:8', order: '8' })
    assert.ok(first && second)
    assert.deepEqual([await surveys.claim(first), await surveys.claim(second)], [true, false])
    const { call } = await surveys.beginTry(first.id, 1)
    await surveys.endTry(call, first.id, 'reached', undefined)
    assert.deepEqual(
      (await surveys.open()).map(({ id }) => id),
      [second.id],
    )
    await clock.advance(1_001)
    assert.ok(await surveys.claim(second))

    const bus = { publish: () => undefined } as never
    const marks = openMarks({ bus, clock, database: tables })
    const mark = {
      call,
      order_id: '7',
      phone: about.phone,
      subject: 'driver',
      who: 'AA1',
      car: 'Lada',
    } as const
    const asked = await marks.ask({ ...mark, survey: first.id })
    await marks.give(asked, 4)
    assert.equal((await marks.ask({ ...mark, survey: first.id })).mark, 4)
    await marks.ask({ ...mark, survey: second.id })
    const interval = { from: at, until: at + 2_000 }
    assert.deepEqual(await marks.report(interval), [
      { subject: 'driver', who: 'AA1', car: 'Lada', asked: 2, answered: 1, given: [0, 0, 0, 1, 0] },
    ])
    assert.equal((await marks.rows({ ...interval, limit: 10 })).length, 2)
  })

  it('each recording has one link to each order, and each link an id of its own', async () => {
    await using database = await open('call-record-links', recordLinkMigrations)
    const ledger = openLedger(database.kysely.withTables<RecordLinkTables>())
    const recorded = { call: 'c', recording: 'rec', seconds: 7.5, at }
    await ledger.add(recorded, at)
    await ledger.add({ ...recorded, seconds: 1 }, at)
    const [row] = await ledger.due('new', at)
    assert.equal(row?.seconds, 7.5)
    assert.equal(await ledger.nextAt(), at)

    await ledger.change('rec', { state: 'watched', phone: '+380671234567', next_at: at + 60 })
    assert.ok(await ledger.isWatching())
    assert.equal((await ledger.watchedOf(['+380671234567'])).length, 1)
    assert.deepEqual(await ledger.watchedOf([]), [])

    await ledger.link('rec', undefined, at)
    assert.equal(await ledger.hasOrder('rec'), false)
    await ledger.link('rec', '77', at + 1)
    await ledger.link('rec', '77', at + 2)
    await ledger.link('rec', '78', at + 3)
    assert.ok(await ledger.hasOrder('rec'))
    const ids = async (now: number) => (await ledger.waiting(now, 10)).map(({ id }) => id)
    assert.deepEqual(await ids(at + 3), ['rec-1', 'rec-2', 'rec-3'])
    await ledger.changeLink('rec-1', { state: 'sent', record_id: '5' })
    await ledger.changeLink('rec-2', { next_at: at + 100 })
    assert.deepEqual(await ids(at + 3), ['rec-3'])
    assert.deepEqual([(await ledger.find('rec-2'))?.call, await ledger.nextAt()], ['c', at + 3])

    await ledger.forget(at + 1)
    assert.equal(await ledger.nextAt(), undefined)
    assert.equal(await ledger.find('rec-2'), undefined)
  })
}

describe('SQLite', () => tablesContract(async () => ({ kind: 'sqlite', file: ':memory:' })))

describe('PostgreSQL', { skip: needs.postgres() }, () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres[Symbol.asyncDispose]())
  tablesContract(async () => ({ kind: 'postgres', url: await postgres.createDatabase() }))
})
