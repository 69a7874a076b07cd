import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import type { Stamped } from '#core/call-bus/events.ts'
import { collectGarbage } from '../../test/support/garbage.ts'
import { openScriptedExchange, type ScriptedExchange } from '../../test/support/scripted-exchange.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import type { Journal } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import { CallbusError } from '../errors.ts'
import type { CallerCard, Dispatch } from '../ports/dispatch.ts'
import type { Saying } from '../voice/words.ts'
import type { Call } from './call.ts'
import { openCalls } from './calls.ts'
import { openPlaces, type PlaceFlow } from './places.ts'
import { openReception, type Verdict } from './reception.ts'

const hello: Saying = { name: 'test.hello', in: () => 'hello' }
const goodbye: Saying = { name: 'test.goodbye', in: () => 'goodbye' }
const passenger = '+380671234567'

interface HouseParts {
  exchange?: ScriptedExchange
  judge?: (call: Call) => Verdict | Promise<Verdict>
  operators?: PlaceFlow
  dispatch?: Dispatch
  rows?: CallRow[]
}

function openHouse({
  exchange = openScriptedExchange(),
  judge,
  operators,
  dispatch,
  rows = [],
}: HouseParts = {}) {
  const clock = openTestClock()
  const log = pino({ level: 'silent' })
  const bus = openCallBus({ clock, log })
  const facts: Stamped[] = []
  bus.onAny((fact) => void facts.push(fact))
  const kept = new Map(rows.map((row) => [row.id, row]))
  const journal = {
    keepCall: (row: CallRow) => void kept.set(row.id, row),
    openCalls: async () => [...kept.values()].filter((row) => row.ended_at === null),
  } as unknown as Journal
  const cleanup = new AsyncDisposableStack()
  const reception = openReception({ bus, clock, log })
  if (judge) reception.ownedBy('judge', cleanup).screen(judge)
  const places = openPlaces()
  if (operators) places.ownedBy('operators', cleanup).offer('operators', operators)
  const calls = openCalls({
    bus,
    clock,
    dispatch,
    journal,
    lines: [{ number: '*', name: 'main', language: 'en', screens: ['judge'], fallback: 'operators' }],
    log,
    phones: { toE164: (raw) => (raw.startsWith('+') ? raw : undefined), toNational: (phone) => phone },
    places,
    reception,
    site: { name: 'test' },
    telephony: exchange.port,
    voice: { speak: async (saying) => ({ file: saying.name, url: '', seconds: 1 }) },
    deadlines: { dispatch: 1_500, silence: 4_000 },
    defaultMusic: 'default',
  })
  exchange.listen(calls.handle)
  const told = () => facts.filter((fact) => fact.name === 'call.told').map((fact) => fact.data.saying)
  const names = () => facts.map((fact) => fact.name)
  const result = () => facts.filter((fact) => fact.name === 'call.ended').map((fact) => fact.data.result)
  return { calls, clock, exchange, facts, kept, names, result, told }
}

test('a refused caller hears why and is hung up, and nobody else is bothered', async () => {
  const house = openHouse({ judge: () => ({ refuse: goodbye, because: 'on the black list' }) })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.deepEqual(leg.playing?.media, ['test.goodbye'])
  leg.playing?.finish()
  await settled()
  assert.equal(leg.ended, 'normal')
  assert.deepEqual(house.result(), ['refused'])
  assert.deepEqual(house.exchange.alive(), [])
  assert.equal(house.clock.pending, 0)
})

test('a key cuts the text short and chooses', async () => {
  let chosen: string | undefined
  const house = openHouse({
    judge: () => ({
      because: 'a menu',
      async talk(caller) {
        chosen = await caller.choose(hello, { 1: 'one', 2: 'two' })
      },
    }),
  })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  house.exchange.press(leg, '7')
  await settled()
  assert.ok(leg.playing, 'a key without meaning changes nothing')
  house.exchange.press(leg, '2')
  await settled()
  assert.equal(chosen, 'two')
  assert.equal(leg.playing, undefined)
  assert.equal(leg.ended, 'normal')
})

test('silence after the text is an answer too, after the patience given', async () => {
  let chosen: string | undefined = 'nothing yet'
  const house = openHouse({
    judge: () => ({
      because: 'a menu',
      async talk(caller) {
        chosen = await caller.choose(hello, { 1: 'one' }, { patience: 5 })
      },
    }),
  })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  leg.playing?.finish()
  await house.clock.advance(4_999)
  assert.equal(chosen, 'nothing yet')
  await house.clock.advance(1)
  assert.equal(chosen, undefined)
})

test('a conversation that throws loses its caller to the operators', async () => {
  let reached = false
  const house = openHouse({
    judge: () => ({
      because: 'broken',
      async talk() {
        throw new Error('a bug')
      },
    }),
    async operators(caller) {
      reached = true
      await caller.say(hello)
    },
  })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.ok(reached)
  assert.deepEqual(leg.playing?.media, ['test.hello'])
  const failure = house.facts.find((fact) => fact.name === 'call.failed')
  assert.equal(failure?.data.code, 'CONVERSATION_FAILED')
})

test('a conversation that never does anything loses its caller to the operators in time', async () => {
  let reached = false
  const house = openHouse({
    judge: () => ({ because: 'stuck', talk: () => new Promise<void>(() => undefined) }),
    async operators(caller) {
      reached = true
      await caller.say(hello)
    },
  })
  house.exchange.ring({ from: passenger, to: '100' })
  await house.clock.advance(3_900)
  assert.equal(reached, false)
  await house.clock.advance(1_100)
  assert.equal(reached, true)
})

test('a screen that throws or never answers is passed over', async () => {
  for (const judge of [
    () => {
      throw new Error('a bug')
    },
    () => new Promise<Verdict>(() => undefined),
  ]) {
    let reached = false
    const house = openHouse({
      judge,
      async operators(caller) {
        reached = true
        await caller.say(hello)
      },
    })
    house.exchange.ring({ to: '100' })
    await house.clock.advance(2_000)
    assert.ok(reached)
    assert.ok(house.names().includes('call.failed'))
  }
})

test('a caller sent to a place that does not exist goes to the fallback of the line', async () => {
  const reached: (string | undefined)[] = []
  const { exchange, facts } = openHouse({
    judge: () => ({ sendTo: 'nowhere', because: 'a typing mistake' }),
    operators: async (_caller, { because }) => void reached.push(because),
  })
  exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.deepEqual(reached, ['there is no place nowhere'])
  const codes = facts.filter((fact) => fact.name === 'call.failed').map((fact) => fact.data.code)
  assert.deepEqual(codes, ['PLACE_UNKNOWN'])
  assert.deepEqual(exchange.released, [])
})

test('a broken fallback gives the caller back to the exchange', async () => {
  const house = openHouse({
    async operators() {
      throw new Error('a bug')
    },
  })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.deepEqual(house.exchange.released, [leg.leg])
  assert.deepEqual(house.result(), ['system'])
  assert.deepEqual(house.calls.live(), [])
})

test('a slow dispatch program costs its deadline and no more', async () => {
  let identity: unknown
  const dispatch = { identify: () => new Promise<CallerCard>(() => undefined) } as unknown as Dispatch
  const house = openHouse({
    dispatch,
    async judge(call): Promise<Verdict> {
      identity = await call.identity
      return 'welcome'
    },
    operators: (caller) => caller.say(hello),
  })
  house.exchange.ring({ from: passenger, to: '100' })
  await house.clock.advance(1_500)
  assert.deepEqual(identity, { lookedUp: false, because: 'late' })
})

test('a broken dispatch program is an identity not looked up, never an error', async () => {
  let identity: unknown
  const dispatch = {
    identify: () => Promise.reject(new CallbusError('DISPATCH_UNREACHABLE', { reason: 'down' })),
  } as unknown as Dispatch
  const house = openHouse({
    dispatch,
    async judge(call): Promise<Verdict> {
      identity = await call.identity
      return 'welcome'
    },
    operators: (caller) => caller.say(hello),
  })
  house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.deepEqual(identity, { lookedUp: false, because: 'failed' })
})

const toOperator: PlaceFlow = async (caller) => {
  caller.waitsAt('operators')
  using _music = caller.playOnHold()
  const operator = await caller.reach({ phones: ['101', '102'], ringFor: 20, show: 'caller' })
  if (operator) return await caller.talkTo(operator)
  await caller.say(goodbye)
}

test('every phone rings, the first to answer talks and the others stop', async () => {
  const house = openHouse({ operators: toOperator })
  house.exchange.phones.set('101', 'rings').set('102', 'rings')
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.equal(house.exchange.alive().length, 3)
  const operator = house.exchange.pickUp('102')
  await settled()
  assert.equal(operator?.callerId, passenger)
  assert.equal(operator?.talk, leg.talk)
  assert.equal(house.exchange.alive().length, 2)
  assert.equal(house.calls.live()[0]?.state.is, 'talking')

  if (operator) house.exchange.hangUp(operator)
  await settled()
  assert.equal(leg.ended, 'normal')
  assert.deepEqual(house.result(), ['answered'])
  assert.equal(house.exchange.talks.size, 0)
  assert.equal(house.clock.pending, 0)
})

test('whoever leaves first, the end of the talk is told before the end of the call', async () => {
  for (const leaver of ['caller', 'operator']) {
    const house = openHouse({ operators: toOperator })
    house.exchange.phones.set('101', 'answers').set('102', 'busy')
    const leg = house.exchange.ring({ from: passenger, to: '100' })
    await settled()
    const operator = house.exchange.alive().find((each) => each.to === '101')
    house.exchange.hangUp(leaver === 'caller' || !operator ? leg : operator)
    await settled()
    assert.deepEqual(house.names().slice(-2), ['call.talk-ended', 'call.ended'], leaver)
  }
})

test('a hang-up at any moment leaves no leg, talk or timer behind', async () => {
  const moments: ((house: ReturnType<typeof openHouse>) => void)[] = [
    () => undefined,
    (house) => {
      for (const leg of house.exchange.legs.values()) leg.playing?.finish()
    },
    (house) => void house.exchange.pickUp('101'),
  ]
  for (let reachedSteps = 0; reachedSteps <= moments.length; reachedSteps += 1) {
    const house = openHouse({
      judge: () => ({
        because: 'a menu',
        async talk(caller) {
          await caller.choose(hello, { 1: 'one' }, { patience: 1 })
          await caller.transferTo('operators')
        },
      }),
      operators: toOperator,
    })
    house.exchange.phones.set('101', 'rings').set('102', 'rings')
    const leg = house.exchange.ring({ from: passenger, to: '100' })
    for (const moment of moments.slice(0, reachedSteps)) {
      await house.clock.advance(1_000)
      moment(house)
      await house.clock.advance(1_000)
    }
    house.exchange.hangUp(leg)
    await settled()
    assert.deepEqual(house.exchange.alive(), [], `after ${reachedSteps} steps`)
    assert.equal(house.exchange.talks.size, 0)
    assert.equal(house.clock.pending, 0)
    assert.equal(house.result().length, 1)
  }
})

test('a call is not remembered once it is over, whoever did not answer it', async () => {
  const { exchange, calls } = openHouse({ operators: toOperator })
  exchange.phones.set('101', 'busy').set('102', 'rings')
  const leg = exchange.ring({ from: passenger, to: '100' })
  await settled()
  const remembered = calls.live().map((call) => new WeakRef(call))
  exchange.hangUp(leg)
  await settled()
  collectGarbage()
  assert.deepEqual(
    remembered.map((call) => call.deref()),
    [undefined],
  )
})

test('after a restart a talk goes on, a waiting caller waits on, a lost one is closed and orphans go', async () => {
  const exchange = openScriptedExchange()
  exchange.phones.set('101', 'answers').set('102', 'rings')
  const before = openHouse({ exchange, operators: toOperator })
  const talking = exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.phones.set('101', 'busy')
  const waiting = exchange.ring({ from: '+380500000002', to: '100' })
  await settled()
  const gone = exchange.ring({ from: '+380500000003', to: '100' })
  await settled()
  assert.equal(talking.talk !== undefined, true)
  exchange.listen(() => undefined)
  exchange.hangUp(gone)

  const visits: (number | undefined)[] = []
  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    async operators(caller, { since }) {
      visits.push(since)
      using _music = caller.playOnHold()
      await caller.press('*')
    },
  })
  exchange.connect()
  await settled()
  assert.equal(after.calls.live().length, 2)
  assert.equal(after.calls.live().find((call) => call.leg === talking.leg)?.state.is, 'talking')
  assert.deepEqual(visits, [before.clock.now()])
  assert.deepEqual(after.result(), ['lost'])
  assert.deepEqual(
    exchange
      .alive()
      .map((leg) => leg.to)
      .sort(),
    ['100', '100', '101'],
    'the phone that was ringing for nobody stopped',
  )
  exchange.hangUp(talking)
  exchange.hangUp(waiting)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.deepEqual(after.result(), ['lost', 'answered', 'lost'])
})

test('a talk that outlived us is told again as such, since its own beginning, and no phone of it is rung', async () => {
  const exchange = openScriptedExchange()
  exchange.phones.set('101', 'answers').set('102', 'busy')
  const before = openHouse({ exchange, operators: toOperator })
  exchange.ring({ from: passenger, to: '100' })
  await settled()
  const [row] = before.kept.values()
  exchange.listen(() => undefined)

  const after = openHouse({ exchange, rows: [...before.kept.values()], operators: toOperator })
  await after.clock.advance(60_000)
  exchange.connect()
  assert.equal(after.facts.length, 1, 'nothing is told before the exchange was asked')
  await settled()
  const [call] = after.calls.live()
  assert.equal(call?.state.is === 'talking' && call.state.since, row?.state_since)
  const talking = after.facts.find((fact) => fact.name === 'call.talking')
  assert.equal(talking?.data.again, true)
  assert.equal(after.kept.get(row?.id ?? '')?.answered_at, row?.answered_at)
})

test('who was left alone in a talk while we were away is let go, and the call was answered', async () => {
  const exchange = openScriptedExchange()
  exchange.phones.set('101', 'answers').set('102', 'busy')
  const before = openHouse({ exchange, operators: toOperator })
  const leg = exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.listen(() => undefined)
  const operator = exchange.alive().find(({ to }) => to === '101')
  if (operator) exchange.hangUp(operator)

  const after = openHouse({ exchange, rows: [...before.kept.values()], operators: toOperator })
  exchange.connect()
  await settled()
  assert.equal(leg.ended, 'normal')
  assert.deepEqual(after.result(), ['answered'])
  assert.ok(after.names().includes('call.talk-ended'))
  assert.equal(exchange.talks.size, 0)
})

test('those who waited are served again in the order in which they came', async () => {
  const exchange = openScriptedExchange()
  const before = openHouse({ exchange, operators: (caller) => waitForEver(caller) })
  const first = exchange.ring({ from: passenger, to: '100' })
  await before.clock.advance(1_000)
  const second = exchange.ring({ from: '+380500000002', to: '100' })
  await settled()
  exchange.listen(() => undefined)
  // An exchange lists its legs in any order.
  exchange.legs.delete(first.leg)
  exchange.legs.set(first.leg, first)

  const served: string[] = []
  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    operators(caller) {
      served.push(caller.call.leg)
      return waitForEver(caller)
    },
  })
  exchange.connect()
  await settled()
  assert.deepEqual(served, [first.leg, second.leg])
  assert.deepEqual(
    after.calls.live().map(({ state }) => state.is === 'waiting' && state.since),
    [...before.kept.values()].map(({ state_since }) => state_since),
  )
})

test('a survey that fails is tried again by itself, and new callers are served meanwhile', async () => {
  const exchange = openScriptedExchange()
  const before = openHouse({ exchange, operators: (caller) => waitForEver(caller) })
  exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.listen(() => undefined)

  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    operators: (caller) => waitForEver(caller),
  })
  let recovered = 0
  after.calls.onRecovered(() => {
    recovered += 1
  })
  exchange.breakDown(new Error('no answer'))
  exchange.connect()
  await settled()
  exchange.repair()
  exchange.ring({ from: '+380500000002', to: '100' })
  await settled()
  assert.equal(after.calls.live().length, 1)
  assert.equal(recovered, 0)
  await after.clock.advance(1_000)
  assert.equal(after.calls.live().length, 2)
  assert.equal(recovered, 1)
  assert.deepEqual(after.result(), [])
})

async function waitForEver(caller: Parameters<PlaceFlow>[0]) {
  caller.waitsAt('operators')
  using _music = caller.playOnHold()
  await caller.press('*')
}
