import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import pino from 'pino'
import { row } from '../../test/contract/storage.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { openDatabase } from '../database/database.ts'
import { openJournal } from '../database/journal.ts'
import { CallbusError } from '../errors.ts'
import { type Deed, openIntents } from './intents.ts'

const log = pino({ level: 'silent' })

async function openWorld(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'intents-'))
  const database = await openDatabase({ kind: 'sqlite', file: join(folder, 'callbus.db') }, { log })
  t.after(async () => {
    await database[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const clock = openTestClock()
  const journal = await openJournal({ database: database.kysely, clock, log })
  return {
    clock,
    /** A process: its intents and the way to end it without a word. */
    openProcess() {
      const cleanup = new AsyncDisposableStack()
      return openIntents({ database: database.kysely, journal, clock, log, cleanup })
    },
    journal,
    callRow: (id: string) =>
      database.kysely.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst(),
    intentRow: (key: string) =>
      database.kysely.selectFrom('intents').selectAll().where('key', '=', key).executeTakeFirst(),
  }
}

function countingDeed(perform: () => Promise<'cancelled'> = async () => 'cancelled') {
  const done = { performed: 0, found: 0, settled: 0, isDoneOutside: false }
  const deed: Deed<{ order: string }, 'cancelled'> = {
    async find() {
      done.found += 1
      return done.isDoneOutside ? 'cancelled' : undefined
    },
    perform() {
      done.performed += 1
      done.isDoneOutside = true
      return perform()
    },
    settled: () => {
      done.settled += 1
    },
  }
  return { deed, done }
}

const anyone = new AbortController().signal

const aCall = row('c1', 1)

test('the same key is carried out once, however often and however fast it is asked', async (t) => {
  const world = await openWorld(t)
  const { deed, done } = countingDeed()
  const cancelling = world.openProcess().declare('order.cancel', deed)
  const intent = { key: 'order.cancel:7', data: { order: '7' } }
  const outcomes = await Promise.all([1, 2, 3].map(() => cancelling.carryOut(intent, anyone)))
  outcomes.push(await cancelling.carryOut(intent, anyone))
  assert.deepEqual(outcomes, ['cancelled', 'cancelled', 'cancelled', 'cancelled'])
  assert.deepEqual([done.performed, done.settled], [1, 1])
})

test('the call is on disk before anything is done for it', async (t) => {
  const world = await openWorld(t)
  let found: unknown
  const { deed } = countingDeed(async () => {
    found = await world.callRow(aCall.id)
    return 'cancelled'
  })
  world.journal.keepCall(aCall)
  const cancelling = world.openProcess().declare('order.cancel', deed)
  await cancelling.carryOut({ key: 'order.cancel:7', call: aCall.id, data: { order: '7' } }, anyone)
  assert.deepEqual(found, aCall)
})

test('killed after the effect: the next process finds it done outside and does nothing again', async (t) => {
  const world = await openWorld(t)
  const killed = countingDeed(() => new Promise(() => undefined))
  const dead = world.openProcess().declare('order.cancel', killed.deed)
  void dead.carryOut({ key: 'order.cancel:7', data: { order: '7' } }, anyone)
  while (killed.done.performed === 0) await settled()
  assert.equal((await world.intentRow('order.cancel:7'))?.state, 'open')

  await world.clock.advance(1)
  const { deed, done } = countingDeed()
  done.isDoneOutside = true
  world.openProcess().declare('order.cancel', deed)
  while (done.settled === 0) await settled()
  assert.deepEqual([done.found, done.performed], [1, 0])
  assert.equal((await world.intentRow('order.cancel:7'))?.state, 'done')
})

test('killed before the effect: the next process looks, does it once, and tells it', async (t) => {
  const world = await openWorld(t)
  const killed = countingDeed(() => new Promise(() => undefined))
  void world
    .openProcess()
    .declare('order.cancel', killed.deed)
    .carryOut({ key: 'k', data: { order: '7' } }, anyone)
  while (killed.done.performed === 0) await settled()

  await world.clock.advance(1)
  const { deed, done } = countingDeed()
  world.openProcess().declare('order.cancel', deed)
  while (done.settled === 0) await settled()
  assert.deepEqual([done.found, done.performed], [1, 1])
})

test('a failed effect is looked up before it is tried again', async (t) => {
  const world = await openWorld(t)
  let isDown = true
  const { deed, done } = countingDeed(async () => {
    if (isDown) throw new Error('down')
    return 'cancelled'
  })
  const cancelling = world.openProcess().declare('order.cancel', deed)
  await assert.rejects(cancelling.carryOut({ key: 'k', data: { order: '7' } }, anyone), /down/)
  assert.equal((await world.intentRow('k'))?.state, 'failed')
  isDown = false
  done.isDoneOutside = false
  assert.equal(await cancelling.carryOut({ key: 'k', data: { order: '7' } }, anyone), 'cancelled')
  assert.equal(done.found, 1)
})

test('left open while the outside world cannot be asked: it stays open and is settled once it can', async (t) => {
  const world = await openWorld(t)
  const killed = countingDeed(() => new Promise(() => undefined))
  void world
    .openProcess()
    .declare('order.cancel', killed.deed)
    .carryOut({ key: 'k', data: { order: '7' } }, anyone)
  while (killed.done.performed === 0) await settled()

  await world.clock.advance(1)
  const { deed, done } = countingDeed()
  done.isDoneOutside = true
  let isDown = true
  world.openProcess().declare('order.cancel', {
    ...deed,
    async find(data, signal) {
      if (isDown) throw new Error('down')
      return await deed.find(data, signal)
    },
  })
  await world.clock.advance(5_000)
  assert.equal((await world.intentRow('k'))?.state, 'open')
  isDown = false
  while (done.settled === 0) await world.clock.advance(1_000)
  assert.deepEqual([done.performed, done.settled], [0, 1])
  assert.equal((await world.intentRow('k'))?.state, 'done')
})

test('left open and not answered: it is tried again for ten minutes, then it has failed', async (t) => {
  for (const isBackAfter of [30_000, Number.POSITIVE_INFINITY]) {
    const world = await openWorld(t)
    const killed = countingDeed(() => new Promise(() => undefined))
    void world
      .openProcess()
      .declare('order.make', killed.deed)
      .carryOut({ key: 'k', data: { order: '7' } }, anyone)
    while (killed.done.performed === 0) await settled()

    await world.clock.advance(1)
    const from = world.clock.now()
    const { deed, done } = countingDeed(async () => {
      done.isDoneOutside = false
      if (world.clock.now() - from < isBackAfter)
        throw new CallbusError('DISPATCH_LATE', { request: 'createOrder', deadline: 1_500 })
      return 'cancelled'
    })
    world.openProcess().declare('order.make', deed)
    await world.clock.advance(20_000)
    assert.equal((await world.intentRow('k'))?.state, 'open')
    await world.clock.advance(11 * 60_000)
    const isDone = isBackAfter === 30_000
    assert.equal((await world.intentRow('k'))?.state, isDone ? 'done' : 'failed')
    assert.equal(done.settled, isDone ? 1 : 0)
  }
})

test('what a dead process left open is not done once more when somebody else has closed it meanwhile', async (t) => {
  const world = await openWorld(t)
  const never = countingDeed(() => new Promise(() => undefined))
  const dead = world.openProcess().declare('callback.report', never.deed)
  const intents = ['1', '2'].map((order) => ({ key: `callback.report:${order}`, data: { order } }))
  for (const intent of intents) void dead.carryOut(intent, anyone)
  await settled()
  await world.clock.advance(1)

  const first = Promise.withResolvers<'cancelled'>()
  const performed: string[] = []
  const deed: Deed<{ order: string }, 'cancelled'> = {
    find: async () => undefined,
    async perform({ order }) {
      performed.push(order)
      return order === '1' ? await first.promise : 'cancelled'
    },
  }
  const alive = world.openProcess().declare('callback.report', deed)
  await settled()
  const [, second] = intents
  assert.ok(second)
  await alive.carryOut(second, anyone)
  first.resolve('cancelled')
  await settled()
  await world.clock.advance(10_000)
  assert.deepEqual(performed, ['1', '2'])
})
