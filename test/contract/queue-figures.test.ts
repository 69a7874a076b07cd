/** The figures of the queue against cases reckoned by hand, the same on both databases. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Kysely } from 'kysely'
import { openLocalTime } from '#core/calendar.ts'
import { coreMigrations } from '#core/database/core-migrations.ts'
import { type DatabaseAddress, openDatabase } from '#core/database/database.ts'
import { migrate } from '#core/database/migrations.ts'
import type { CallsTable, Tables } from '#core/database/tables.ts'
import { entryFigures } from '../../plugins/queue/entry-figures.ts'
import { callRows, entryRows, timeRows } from '../../plugins/queue/figure-rows.ts'
import { abandonRate, serviceLevel, serviceLevels } from '../../plugins/queue/figures.ts'
import { cut } from '../../plugins/queue/intervals.ts'
import { ledgerOf } from '../../plugins/queue/lost-calls.ts'
import { operatorFigures } from '../../plugins/queue/operator-figures.ts'
import { type EntriesTable, migrations, type QueueTables } from '../../plugins/queue/tables.ts'
import { needs } from '../support/needs.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { openTestLog } from '../support/test-log.ts'
import { row } from './storage.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const kyiv = openLocalTime('Europe/Kyiv')
/** A Thursday. */
const morning = Date.parse('2026-01-15T08:00Z')
const day = kyiv.dayOf(morning)
const limits = { inTime: 20 * second, short: 5 * second, repeatWithin: 24 * hour }

let ids = 0
function entry(enteredAt: number, wait: number, about: Partial<EntriesTable> = {}): EntriesTable {
  ids += 1
  return {
    id: `e${ids}`,
    call: `c${ids}`,
    queue: 'main',
    phone: null,
    priority: 0,
    arrived_at: enteredAt,
    entered_at: enteredAt,
    left_at: enteredAt + wait * second,
    outcome: 'answered',
    sent_to: null,
    operator: 'olena',
    position: 1,
    expected: null,
    promise: null,
    told: null,
    ...about,
  }
}

function call(id: string, at: number, about: Partial<CallsTable> = {}): CallsTable {
  const ended = { answered_at: at, ended_at: at + minute, state: 'ended', result: 'lost' }
  return { ...row(id, at), from_phone: null, ...ended, ...about }
}

function times(operator: string, ...spent: [state: string, from: number, until: number, call?: string][]) {
  return spent.map(([state, from, until, call = null]) => ({
    operator,
    state,
    reason: state === 'not_ready' ? 'lunch' : null,
    queue: call === null ? null : 'main',
    call,
    started_at: morning + from * second,
    ended_at: morning + until * second,
  }))
}

function figuresContract(addressOf: () => Promise<DatabaseAddress>) {
  async function open() {
    const database = await openDatabase(await addressOf(), openTestLog())
    await migrate(database.kysely as Kysely<Tables>, 'core', coreMigrations)
    await migrate(database.kysely as Kysely<Tables>, 'queue', migrations)
    const tables = database.kysely.withTables<QueueTables>()
    return { tables, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
  }

  it('the classic example: 1000 answered, 60 abandoned', async () => {
    await using house = await open()
    const many = (times: number, wait: number, outcome: string) =>
      Array.from({ length: times }, (_, index) => entry(morning + index * second, wait, { outcome }))
    const rows = [
      ...many(860, 20, 'answered'),
      ...many(140, 21, 'answered'),
      ...many(10, 4, 'abandoned'),
      ...many(10, 20, 'abandoned'),
      ...many(40, 60, 'abandoned'),
    ]
    await house.tables.insertInto('queue_entries').values(rows).execute()
    const [found] = await entryFigures(house.tables, { intervals: [day], limits })
    assert.ok(found)
    const percent = (part: number | undefined) => ((part ?? Number.NaN) * 100).toFixed(2)
    assert.deepEqual(
      serviceLevels.map((definition) => percent(serviceLevel(found.counts, definition))),
      ['81.90', '81.13', '86.00', '82.69', '83.02'],
    )
    assert.deepEqual(
      [percent(abandonRate(found.counts)), percent(abandonRate(found.counts, true))],
      ['4.76', '5.66'],
    )
    assert.deepEqual(found.waits, { mean: 20.14, median: 20, p90: 21, longest: 21 })
    assert.equal(found.abandons.mean, (10 * 4 + 10 * 20 + 40 * 60) / 60)

    const asked = { interval: day, limits, limit: 1_000, offset: 0 }
    const shorts = await entryRows(house.tables, { ...asked, figure: 'short_abandons' })
    assert.deepEqual([shorts.length, new Set(shorts.map(({ wait }) => wait))], [10, new Set([4])])
    const late = await entryRows(house.tables, {
      ...asked,
      figure: 'offered',
      outcome: 'abandoned',
      limit: 50,
      offset: 50,
    })
    assert.equal(late.length, 10)
  })

  it('the pieces of a day are the day, also on one with a change of clocks', async () => {
    await using house = await open()
    const long = kyiv.dayOf(Date.parse('2026-10-25T12:00Z'))
    const at = Array.from({ length: 100 }, (_, index) => long.from + index * 15 * minute)
    const rows = at.map((moment, index) =>
      entry(moment, index, index % 3 === 0 ? { outcome: 'abandoned' } : {}),
    )
    await house.tables.insertInto('queue_entries').values(rows).execute()
    assert.deepEqual(
      (['quarter', 'half', 'hour', 'day'] as const).map((step) => cut(long, step, kyiv).length),
      [100, 50, 25, 1],
    )
    const intervals = cut(long, 'half', kyiv)
    const found = await entryFigures(house.tables, { intervals, limits })
    assert.equal(found.length, 50)
    assert.ok(found.every(({ counts }) => counts.offered === 2))
    const outcomes = found
      .flatMap((each) => Object.values(each.outcomes))
      .reduce((sum, times) => sum + times, 0)
    assert.equal(outcomes, 100)
    assert.deepEqual(await entryFigures(house.tables, { intervals: [day], limits }), [])
  })

  it('handling, transfers, repeats and promises', async () => {
    await using house = await open()
    const phone = '+380671234567'
    const rows = [
      entry(morning, 10, { call: 'a', phone, told: 30 }),
      entry(morning + 10 * second, 0, { call: 'a', phone, queue: 'second', operator: 'taras' }),
      entry(morning + hour, 40, { call: 'b', phone, told: 30 }),
      entry(morning + hour, 3, { call: 'd', operator: null, outcome: 'abandoned' }),
    ]
    await house.tables.insertInto('queue_entries').values(rows).execute()
    await house.tables
      .insertInto('calls')
      .values([
        call('a', morning - minute, { from_phone: phone }),
        call('b', morning + hour - minute, { from_phone: phone }),
        call('out', morning + 2 * hour, { from_phone: phone, errand: '{}' }),
      ])
      .execute()
    await house.tables
      .insertInto('queue_times')
      .values([
        ...times(
          'olena',
          ['ringing', 5, 10],
          ['talking', 10, 40, 'a'],
          ['hold', 20, 30, 'a'],
          ['wrap_up', 40, 50, 'a'],
        ),
        ...times('olena', ['talking', 3_640, 3_740, 'b']),
      ])
      .execute()
    const main = { intervals: [day], limits, queue: 'main' }
    const [found] = await entryFigures(house.tables, main)
    assert.ok(found)
    const { handling, transferred, repeated, told, promisesKept } = found
    assert.deepEqual(
      { transferred, repeated, told, promisesKept },
      { transferred: 1, repeated: 1, told: 2, promisesKept: 1 },
    )
    assert.deepEqual(handling, { mean: 70, median: 40, p90: 100, longest: 100, talk: 60, hold: 5, wrapUp: 5 })
    const byOperator = await entryFigures(house.tables, { intervals: [day], limits, byOperator: true })
    assert.deepEqual(byOperator.map(({ operator, counts }) => [operator, counts.answered]).sort(), [
      ['', 0],
      ['olena', 2],
      ['taras', 1],
    ])
  })

  it('the time of operators is split exactly at the bounds; a shift is kept or not', async () => {
    await using house = await open()
    const quarter = 15 * 60
    await house.tables
      .insertInto('queue_times')
      .values(
        times(
          'olena',
          ['ready', 0, quarter - 10],
          ['ringing', quarter - 10, quarter + 10],
          ['talking', quarter + 10, quarter + 70, 'a'],
          ['not_ready', quarter + 70, 2 * quarter],
        ),
      )
      .execute()
    const offer = {
      entry: 'e',
      call: 'a',
      queue: 'main',
      operator: 'olena',
      extension: '101',
      ended_at: null,
    }
    await house.tables
      .insertInto('queue_offers')
      .values(
        ['answered', 'answered_elsewhere', 'unanswered'].map((outcome, index) => ({
          ...offer,
          id: `o${index}`,
          at: morning + index,
          outcome,
        })),
      )
      .execute()
    const shift = {
      hours: [{ days: ['thu' as const], from: '10:00', to: '11:00' }],
      holidays: [],
      openDays: [],
    }
    const asked = {
      doing: [
        { operator: 'olena', state: { is: 'ready' as const, since: morning + 2 * quarter * second } },
        { operator: 'taras', state: { is: 'signed_out' as const, since: 0 } },
      ],
      settings: {
        operators: [
          { id: 'olena', isAlwaysHere: false, skills: {}, shift },
          { id: 'taras', isAlwaysHere: false, skills: {}, shift },
        ],
      },
      localTime: kyiv,
      now: morning + hour,
    }
    const intervals = cut({ from: morning, until: morning + 2 * quarter * second }, 'quarter', kyiv)
    const [first, then] = await operatorFigures(house.tables, { ...asked, intervals })
    assert.ok(first && then)
    assert.deepEqual([first.ready, first.ringing, first.talking], [quarter - 10, 10, 0])
    assert.deepEqual([then.ringing, then.talking, then.pauses], [10, 60, { lunch: quarter - 70 }])
    assert.deepEqual([then.occupancy, then.utilisation], [1, 70 / quarter])
    assert.deepEqual([first.offers, first.answerShare, first.unanswered], [3, 0.5, 1])
    const [whole] = await operatorFigures(house.tables, { ...asked, intervals: [day] })
    assert.deepEqual([whole?.ready, whole?.planned, whole?.adherence], [quarter - 10 + 2 * quarter, 3_600, 1])
    const rows = await timeRows(house.tables, { interval: day, operator: 'olena', limit: 10, offset: 2 })
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['talking', 'not_ready'],
    )
  })

  it('each call has one result: the ledger of lost calls', async () => {
    await using house = await open()
    const [one, two, three] = ['+380670000001', '+380670000002', '+380670000003']
    await house.tables
      .insertInto('calls')
      .values([
        call('refused', morning, { result: 'refused' }),
        call('answered', morning, { talking_at: morning, result: 'answered' }),
        call('served', morning, { result: 'self_served' }),
        call('again', morning, { from_phone: one }),
        call('again-2', morning + hour, { from_phone: one, talking_at: morning + hour, result: 'answered' }),
        call('late', morning, { from_phone: two }),
        call('late-2', morning + 3 * hour, { from_phone: two, talking_at: morning + 3 * hour }),
        call('asked', morning, { from_phone: three }),
        call('rung', morning + hour, { from_phone: three, talking_at: morning + hour, errand: '{}' }),
        call('broken', morning, { result: 'system' }),
        call('live', morning, { ended_at: null }),
      ])
      .execute()
    await house.tables
      .insertInto('queue_entries')
      .values([entry(morning, 5, { call: 'asked', outcome: 'callback' })])
      .execute()
    const told = (id: number, of: string, name: string, data: object) => ({
      id,
      at: morning,
      name,
      call: of,
      data: JSON.stringify(data),
    })
    await house.tables
      .insertInto('facts')
      .values([
        told(1, 'served', 'call.conversing', { call: 'served', by: 'order-status' }),
        told(2, 'late', 'call.conversing', { call: 'late', by: 'order-status' }),
        told(3, 'answered', 'call.conversing', { call: 'answered', by: 'queue' }),
        told(4, 'answered', 'call.identified', { call: 'answered', kind: 'client', lookedUp: true }),
        told(5, 'again-2', 'call.identified', { call: 'again-2', kind: 'client', lookedUp: true }),
        told(6, 'answered', 'call.about-order', { call: 'answered', order: '7', by: 'plugin' }),
      ])
      .execute()
    const [ledger] = await ledgerOf(house.tables, [day])
    assert.deepEqual(ledger, {
      n: 0,
      calls: 9,
      results: {
        refused: 1,
        answered: 3,
        self_served: 1,
        callback_done: 1,
        recovered: 1,
        lost: 1,
        system: 1,
      },
      recoveredShare: 2 / 3,
      containment: 0.5,
      orderConversion: 0.5,
    })
    const lost = await callRows(house.tables, { interval: day, result: 'lost', limit: 10, offset: 0 })
    assert.deepEqual(
      lost.map((row) => row.call),
      ['late'],
    )
  })
}

describe('SQLite', () => figuresContract(async () => ({ kind: 'sqlite', file: ':memory:' })))

describe('PostgreSQL', { skip: needs.postgres() }, () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres[Symbol.asyncDispose]())
  figuresContract(async () => ({ kind: 'postgres', url: await postgres.createDatabase() }))
})
