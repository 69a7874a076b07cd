import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
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

test('what came of a phone that stopped ringing while we were dead is believed where the exchange kept it', async () => {
  const { asked, result } = await killedWhileRinging((each) => {
    const [leg] = each.alive()
    const { connect } = each
    each.connect = () => {
      connect()
      if (leg) each.tellEnd(leg, 'busy')
    }
    if (leg) each.hangUp(leg)
  })
  assert.equal(await asked, 'busy')
  assert.deepEqual(result(), ['not_reached'])
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

/** Calls to so many people, each of whose phones rings. */
function ringMany(house: ReturnType<typeof openHouse>, many: number, more: Partial<OutgoingCall> = {}) {
  return Array.from({ length: many }, (_, index) => {
    const to = `+38050000000${index}`
    house.exchange.phones.set(to, 'rings')
    const stop = new AbortController()
    const outcome = house.calls.ring({ ...errand, id: randomUUID(), to, ...more }, stop.signal)
    outcome.catch(() => undefined)
    return { to, stop, outcome }
  })
}

const ringingNow = ({ exchange }: ReturnType<typeof openHouse>) => exchange.alive().map(({ to }) => to)

test('no more than so many calls of ours are under way; the others wait in turn and none is lost', async () => {
  const house = openHouse({ operators: tells, outgoingAtMost: 2 })
  const people = ringMany(house, 4)
  await settled()
  const [first, second, third, fourth] = people.map(({ to }) => to)
  assert.deepEqual(ringingNow(house), [first, second])
  assert.equal(house.kept.size, 2, 'who waits is not written down as being rung')

  house.exchange.refuse(first ?? '', 'busy')
  await settled()
  assert.deepEqual(ringingNow(house), [second, third])

  const leg = house.exchange.pickUp(second ?? '')
  await settled()
  assert.deepEqual(ringingNow(house), [second, third], 'a talk needs its line, too')
  leg?.playing?.finish()
  await settled()
  assert.deepEqual(ringingNow(house), [third, fourth])
  const callers = [passenger, '+380501112233'].map((from) => house.exchange.ring({ from, to: '100' }))
  await settled()
  assert.ok(
    callers.every(({ playing }) => playing),
    'callers wait for nobody',
  )
})

test('who is urgent goes before those who are not, and who is not wanted any more is never rung', async () => {
  const house = openHouse({ operators: tells, outgoingAtMost: 1 })
  const [now, , unwanted] = ringMany(house, 3)
  house.exchange.phones.set(passenger, 'rings')
  const urgent = house.calls.ring({ ...errand, isUrgent: true }, forever)
  await settled()
  unwanted?.stop.abort(new Error('the order has moved on'))
  await assert.rejects(unwanted?.outcome ?? urgent, /moved on/)
  house.exchange.refuse(now?.to ?? '', 'busy')
  await settled()
  assert.deepEqual(ringingNow(house), [passenger])
  house.exchange.refuse(passenger, 'busy')
  await settled()
  assert.deepEqual(ringingNow(house), ['+380500000001'])
  house.exchange.refuse('+380500000001', 'busy')
  await settled()
  assert.deepEqual(ringingNow(house), [])
})

test('a turn that was not used is the next one’s', async () => {
  const house = openHouse({ operators: tells, outgoingAtMost: 1 })
  const turn = await house.calls.turnToRing(forever)
  const [waiting] = ringMany(house, 1)
  await settled()
  assert.deepEqual(ringingNow(house), [])
  turn[Symbol.dispose]()
  turn[Symbol.dispose]()
  await settled()
  assert.deepEqual(ringingNow(house), [waiting?.to])
})

test('calls that outlived us count, and a closing house makes no more', async () => {
  const exchange = openScriptedExchange()
  const before = openHouse({ exchange, operators: tells, outgoingAtMost: 1 })
  const [first] = ringMany(before, 1)
  await settled()
  exchange.listen(() => undefined)
  const house = openHouse({
    exchange,
    operators: tells,
    outgoingAtMost: 1,
    rows: [...before.kept.values()],
  })
  exchange.connect()
  await settled()
  ringMany(house, 2)
  await settled()
  assert.deepEqual(ringingNow(house), [first?.to])
  await house.calls.leave()
  await settled()
  assert.deepEqual(ringingNow(house), [])
})
