import assert from 'node:assert/strict'
import { test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Value } from 'typebox/value'
import type { Call } from '#core/calls/call.ts'
import type { Calls, OutgoingCall } from '#core/calls/calls.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { silentLog } from '../../test/support/test-log.ts'
import { openBridge } from './bridge.ts'
import { openJoins } from './joins.ts'
import { openLately } from './lately.ts'
import { openPairs } from './pairs.ts'
import { Settings } from './settings.ts'
import { type BridgeTables, migrations } from './tables.ts'

const client = '+380671234567'
const driver = '+380501112233'
const settings = Value.Default(Settings, {}) as Settings
const wish = { order: '77', client, driver, by: 'the dispatch program', request: 'request:1' }

/** The database and the exchange outlive each life. */
function openWorld() {
  const file = new Sqlite(':memory:')
  const clock = openTestClock()
  const rung: OutgoingCall[] = []
  const live = new Map<string, Pick<Call, 'state'>>()
  const hungUp: string[] = []
  const calls = {
    find: (id: string) => live.get(id),
    async ring(call: OutgoingCall) {
      rung.push(call)
      return await new Promise(() => undefined)
    },
    async hangUp(id: string) {
      hungUp.push(id)
      return true
    },
  } as unknown as Calls

  async function begin() {
    const database = new Kysely<BridgeTables>({ dialect: new SqliteDialect({ database: file }) })
    const joins = await openJoins({ clock, database, limits: settings.limits })
    const lately = await openLately({ clock, joins, minutes: 5 })
    const pairs = await openPairs({ clock, database, grace: 60, lines: ['+380443334456'] })
    const cleanup = new AsyncDisposableStack()
    const bridge = openBridge({ calls, cleanup, clock, joins, lately, log: silentLog, settings })
    return { bridge, joins, lately, pairs, cleanup }
  }
  return { begin, clock, database: file, hungUp, live, rung }
}

async function opened() {
  const world = openWorld()
  const database = new Kysely<BridgeTables>({ dialect: new SqliteDialect({ database: world.database }) })
  for (const migration of Object.values(migrations)) await migration.up(database)
  return world
}

test('what was written and never rung is rung by the next life, under the same id', async () => {
  const world = await opened()
  const { joins } = await world.begin()
  const { join } = await joins.begin({ ...wish, first: 'driver' })
  const next = await world.begin()
  next.bridge.resume()
  await settled()
  assert.deepEqual(
    world.rung.map(({ id, to, about }) => ({ id, to, about })),
    [{ id: join.id, to: driver, about: { order: '77' } }],
  )
  const again = await next.bridge.ask(wish)
  assert.deepEqual([again.is, again.join.id, world.rung.length], ['known', join.id, 1])
})

test('a join nobody waits for any more is closed, not rung', async () => {
  const world = await opened()
  const { joins } = await world.begin()
  await joins.begin({ ...wish, first: 'driver' })
  await world.clock.advance(10 * 60_000)
  const next = await world.begin()
  next.bridge.resume()
  next.bridge.recovered()
  await settled()
  assert.deepEqual(world.rung, [])
  assert.deepEqual([...next.joins.underWay], [])
  assert.equal((await next.joins.of('77'))[0]?.outcome, 'left')
})

test('a caller who had rung us and is gone leaves no join open, one who is there keeps his', async () => {
  for (const isThere of [false, true]) {
    const world = await opened()
    const { joins } = await world.begin()
    await joins.begin({ ...wish, first: 'client', call: 'call-1' })
    if (isThere) world.live.set('call-1', { state: { is: 'ringing' } })
    const next = await world.begin()
    next.bridge.resume()
    next.bridge.recovered()
    await settled()
    assert.equal([...next.joins.underWay].length, isThere ? 1 : 0)
    assert.deepEqual(world.rung, [])
  }
})

test('a talk found after a restart still ends when it has lasted too long', async () => {
  const world = await opened()
  const { joins } = await world.begin()
  await joins.begin({ ...wish, first: 'client', call: 'call-1' })
  const since = world.clock.now() - 10 * 60_000
  world.live.set('call-1', { state: { is: 'talking', talk: 't', with: driver, since } })
  const { bridge } = await world.begin()
  bridge.talkResumed('call-1')
  await world.clock.advance(4 * 60_000)
  assert.deepEqual(world.hungUp, [])
  await world.clock.advance(60_000)
  assert.deepEqual(world.hungUp, ['call-1'])
})

test('two asked for at the same moment are counted one after the other', async () => {
  const world = await opened()
  const { joins } = await world.begin()
  const all = await Promise.all(
    [1, 2, 3, 4].map((number) =>
      joins.begin({
        ...wish,
        driver: `+38050111223${number}`,
        first: 'driver',
        request: `request:${number}`,
      }),
    ),
  )
  assert.deepEqual(
    all.map(({ is }) => is),
    ['new', 'new', 'new', 'too-often'],
  )
  assert.equal((await joins.begin({ ...wish, first: 'driver', request: 'request:4' })).is, 'too-often')
})

test('whom we rang lately and who belongs together is remembered by the next life', async () => {
  const world = await opened()
  const before = await world.begin()
  await before.joins.begin({ ...wish, first: 'driver' })
  await before.pairs.keep({ order: '77', client, driver })
  await before.pairs.keep({ order: '78', client: '+380671112233', driver: '+380501119999' })
  await before.pairs.end('78')
  await world.clock.advance(61 * 60_000)
  const late = await world.begin()
  assert.equal(late.lately.of(driver), undefined)
  assert.deepEqual(
    late.pairs.alive(driver).map(({ order }) => order),
    ['77'],
  )
  assert.equal(late.pairs.find('78')?.endedAt, world.clock.now() - 61 * 60_000)
  assert.deepEqual(late.pairs.alive('+380671112233'), [])
})
