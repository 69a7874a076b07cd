import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodbye, hello, openHouse, passenger, toOperator } from '../../test/support/test-call-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { openScriptedExchange } from '../ports/scripted-exchange.ts'
import type { OutgoingCall } from './calls.ts'
import type { PlaceFlow } from './places.ts'

const errand: OutgoingCall = {
  id: '0b0a1c9e-5a43-4c0f-8d5e-2f1f6c0a9a11',
  to: passenger,
  place: 'operators',
  about: { order: '7' },
  because: 'the car has arrived',
  ringFor: 30,
}
const forever = new AbortController().signal

const tells: PlaceFlow = async (caller) => {
  await caller.say(hello)
  caller.served('he knows')
}

test('whom we ring is received at the place of the errand once he answers', async () => {
  const house = openHouse({
    async operators(caller, { because }) {
      assert.equal(because, 'the car has arrived')
      assert.deepEqual(caller.call.errand?.about, { order: '7' })
      await tells(caller, {})
    },
  })
  house.exchange.phones.set(passenger, 'rings')
  const ringing = house.calls.ring(errand, forever)
  await settled()
  const [row] = house.kept.values()
  assert.deepEqual([row?.state, row?.from_phone, row?.ended_at], ['ringing', passenger, null])
  const leg = house.exchange.pickUp(passenger)
  assert.equal(await ringing, 'answered')
  await settled()
  assert.deepEqual(leg?.playing?.media, ['test.hello'])
  leg?.playing?.finish()
  await settled()
  assert.deepEqual(house.result(), ['self_served'])
  assert.deepEqual(house.exchange.alive(), [])
  assert.equal(house.clock.pending, 0)
})

test('it is written down before the exchange hears of it, and not rung when that cannot be', async () => {
  const house = openHouse({ operators: tells })
  house.exchange.phones.set(passenger, 'answers')
  house.journal.flush = async () => {
    assert.equal(house.kept.size, 1)
    throw new Error('the disk is full')
  }
  await assert.rejects(house.calls.ring(errand, forever), /the disk is full/)
  assert.equal(house.exchange.verbs(), 0)
  assert.deepEqual(house.result(), ['not_reached'])
})

for (const outcome of ['busy', 'no-answer', 'rejected', 'unreachable', 'invalid', 'failed'] as const) {
  test(`a phone that is ${outcome} ends the call with that, and asking again rings nobody`, async () => {
    const house = openHouse({ operators: tells })
    house.exchange.phones.set(passenger, outcome)
    assert.equal(await house.calls.ring(errand, forever), outcome)
    const verbs = house.exchange.verbs()
    assert.equal(await house.calls.ring(errand, forever), outcome)
    assert.equal(await house.calls.outcomeOf(errand.id), outcome)
    assert.equal(house.exchange.verbs(), verbs)
    assert.deepEqual(house.result(), ['not_reached'])
    assert.deepEqual(house.calls.live(), [])
  })
}

test('the signal stops the ringing', async () => {
  const house = openHouse({ operators: tells })
  house.exchange.phones.set(passenger, 'rings')
  const stop = new AbortController()
  const ringing = house.calls.ring(errand, stop.signal)
  await settled()
  stop.abort()
  assert.equal(await ringing, 'cancelled')
  assert.deepEqual(house.exchange.alive(), [])
})

test('an exchange that cannot be asked is a failure of ours', async () => {
  const house = openHouse({ operators: tells })
  house.exchange.breakDown(new Error('gone'))
  assert.equal(await house.calls.ring(errand, forever), 'failed')
})

test('what was never rung has no outcome', async () => {
  assert.equal(await openHouse().calls.outcomeOf(errand.id), undefined)
})

test('one id asked for twice at once rings once', async () => {
  const house = openHouse({ operators: tells })
  house.exchange.phones.set(passenger, 'rings')
  const both = [house.calls.ring(errand, forever), house.calls.ring(errand, forever)]
  await settled()
  assert.equal(house.exchange.alive().length, 1)
  house.exchange.pickUp(passenger)
  assert.deepEqual(await Promise.all(both), ['answered', 'answered'])
})

test('a flow that breaks hands whom we rang to the line, like any caller', async () => {
  const house = openHouse({ operators: (caller) => caller.say(goodbye) })
  house.exchange.phones.set(passenger, 'answers')
  await house.calls.ring({ ...errand, place: 'nowhere' }, forever)
  await settled()
  assert.deepEqual(house.exchange.alive()[0]?.playing?.media, ['test.goodbye'])
})

test('whom we rang can be led to an operator', async () => {
  const house = openHouse({ operators: toOperator })
  house.exchange.phones.set(passenger, 'answers').set('101', 'answers').set('102', 'busy')
  await house.calls.ring(errand, forever)
  await settled()
  const [person, operator] = house.exchange.alive()
  assert.equal(person?.talk !== undefined && person.talk === operator?.talk, true)
  assert.equal(operator?.callerId, passenger)
  if (person) house.exchange.hangUp(person)
  await settled()
  assert.deepEqual(house.result(), ['answered'])
  assert.deepEqual(house.exchange.alive(), [])
})

test('a closing house stops its rings', async () => {
  const house = openHouse({ operators: tells })
  house.exchange.phones.set(passenger, 'rings')
  const ringing = house.calls.ring(errand, forever)
  await settled()
  await house.calls.leave()
  assert.equal(await ringing, 'cancelled')
  assert.deepEqual(house.exchange.alive(), [])
  assert.deepEqual(house.exchange.released, [])
})

/** A house that died while it rang somebody, and the next one. */
async function killedWhileRinging(meanwhile: (exchange: ReturnType<typeof openScriptedExchange>) => void) {
  const exchange = openScriptedExchange()
  exchange.phones.set(passenger, 'rings')
  const before = openHouse({ exchange, operators: tells })
  void before.calls.ring(errand, forever)
  await settled()
  exchange.listen(() => undefined)
  const rows = [...before.kept.values()]
  meanwhile(exchange)
  const after = openHouse({ exchange, operators: tells, rows })
  const asked = after.calls.ring(errand, forever)
  exchange.connect()
  await settled()
  return { ...after, asked }
}

test('a phone that still rings after a restart is not rung again, and its answer is heard', async () => {
  const { exchange, asked, facts } = await killedWhileRinging(() => undefined)
  assert.equal(exchange.alive().length, 1)
  const leg = exchange.pickUp(passenger)
  assert.equal(await asked, 'answered')
  await settled()
  assert.deepEqual(leg?.playing?.media, ['test.hello'])
  const placed = facts.find((fact) => fact.name === 'call.placed')
  assert.equal(placed?.data.again, true)
})

test('a phone that rings on since before a restart can be stopped, whenever that is wanted', async () => {
  for (const isEarly of [true, false]) {
    const exchange = openScriptedExchange()
    exchange.phones.set(passenger, 'rings')
    const before = openHouse({ exchange, operators: tells })
    void before.calls.ring(errand, forever)
    await settled()
    exchange.listen(() => undefined)
    const after = openHouse({ exchange, operators: tells, rows: [...before.kept.values()] })
    const stop = new AbortController()
    const asked = after.calls.outcomeOf(errand.id, stop.signal)
    if (isEarly) stop.abort()
    exchange.connect()
    await settled()
    stop.abort()
    assert.equal(await asked, 'cancelled')
    assert.deepEqual(exchange.alive(), [])
    assert.equal(exchange.legs.size, 1, 'it was not rung again')
  }
})

test('who answered while we were dead is received', async () => {
  const { exchange, asked } = await killedWhileRinging((each) => {
    for (const leg of each.alive()) leg.isUp = true
  })
  assert.equal(await asked, 'answered')
  await settled()
  assert.deepEqual(exchange.alive()[0]?.playing?.media, ['test.hello'])
})

test('a phone that stopped ringing while we were dead was not reached, by no fault of its owner', async () => {
  const { exchange, asked, result } = await killedWhileRinging((each) => {
    for (const leg of each.alive()) each.hangUp(leg)
  })
  assert.equal(await asked, 'failed')
  assert.deepEqual(result(), ['not_reached'])
  assert.deepEqual(exchange.alive(), [])
})

test('a connection that comes back disturbs no ringing phone', async () => {
  const house = openHouse({ operators: tells })
  house.exchange.phones.set(passenger, 'rings')
  const ringing = house.calls.ring(errand, forever)
  await settled()
  house.exchange.connect()
  await settled()
  assert.equal(house.exchange.alive().length, 1)
  house.exchange.pickUp(passenger)
  assert.equal(await ringing, 'answered')
})
