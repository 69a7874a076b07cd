import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectGarbage } from '../../test/support/garbage.ts'
import { goodbye, hello, openHouse, passenger, toOperator } from '../../test/support/test-call-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { CallbusError } from '../errors.ts'
import type { CallerCard, Dispatch } from '../ports/dispatch.ts'
import type { Verdict } from './reception.ts'

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

test('whoever hears of a call finds it kept already', async () => {
  const house = openHouse()
  const wasKept: boolean[] = []
  house.bus.on('call.offered', ({ call }) => void wasKept.push(house.kept.has(call)))
  house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.deepEqual(wasKept, [true])
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

test('music that a conversation ends twice hides no silence after it', async () => {
  let reached = false
  const house = openHouse({
    judge: () => ({
      because: 'stuck after music',
      async talk(caller) {
        {
          using music = caller.playOnHold()
          music[Symbol.dispose]()
        }
        await caller.say(hello)
        await new Promise<void>(() => undefined)
      },
    }),
    async operators(caller) {
      reached = true
      await caller.say(hello)
    },
  })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  leg.playing?.finish()
  await house.clock.advance(5_000)
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

test('a rung phone is told to have missed the call before the call is told to have ended', async () => {
  const { exchange, facts } = openHouse({ operators: toOperator })
  exchange.phones.set('101', 'rings').set('102', 'rings')
  const leg = exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.hangUp(leg)
  await settled()
  assert.deepEqual(
    facts.slice(-3).map(({ name }) => name),
    ['call.operator-missed', 'call.operator-missed', 'call.ended'],
  )
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

test('a closing house takes nobody in and keeps no timer', async () => {
  const house = openHouse({ operators: toOperator })
  house.exchange.phones.set('101', 'rings').set('102', 'rings')
  house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  const leaving = house.calls.leave()
  const late = house.exchange.ring({ from: '+380500000002', to: '100' })
  await leaving
  await settled()
  assert.ok(house.exchange.released.includes(late.leg))
  assert.deepEqual(house.calls.live(), [])
  assert.equal(house.clock.pending, 0)
})

test('the next key is heard whichever it is, and a sentence that is said until something happens stops then', async () => {
  let heard = ''
  const enough = new AbortController()
  const house = openHouse({
    judge: () => ({
      because: 'a wait',
      async talk(caller) {
        const said = caller.sayUntil(enough.signal, hello)
        for (let keys = 0; keys < 2; keys += 1) heard += await caller.nextKey()
        enough.abort()
        await said
        await caller.press('1')
      },
    }),
  })
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  house.exchange.press(leg, '4')
  await settled()
  assert.ok(leg.playing)
  house.exchange.press(leg, '#')
  await settled()
  assert.equal(heard, '4#')
  assert.equal(leg.playing, undefined)
  assert.equal(leg.ended, undefined)
})

test('a flow learns why each phone did not take the call, and lets go of a partner who came too late', async () => {
  const missed: string[] = []
  const house = openHouse({
    operators: async (caller) => {
      const onMissed = (phone: string, outcome: string) => void missed.push(`${phone} ${outcome}`)
      const partner = await caller.reach({
        phones: ['101', '102', '103'],
        ringFor: 20,
        show: 'caller',
        onMissed,
      })
      if (partner) await caller.dismiss(partner)
    },
  })
  house.exchange.phones.set('101', 'busy').set('102', 'unreachable').set('103', 'answers')
  house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  assert.deepEqual(missed, ['101 busy', '102 unreachable'])
  assert.deepEqual(house.exchange.alive(), [])
})
