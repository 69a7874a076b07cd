import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHouse, passenger } from '../../test/support/test-call-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { nextTalk } from './talk-state.ts'

const colleague = { phone: '102', ringFor: 20, show: 'caller' } as const
const supervisor = { phone: '105', ringFor: 20, show: 'caller' } as const
const ledOn = 'led-on'

async function talking() {
  const visits: (string | undefined)[] = []
  const house = openHouse({
    async operators(caller, { because }) {
      visits.push(because)
      const partner = await caller.reach({ phones: ['101'], ringFor: 20, show: 'caller' })
      if (partner) await caller.talkTo(partner)
      else await caller.press('hang up')
    },
  })
  const { exchange } = house
  for (const phone of ['101', '102', '105']) exchange.phones.set(phone, 'answers')
  const client = exchange.ring({ from: passenger, to: '100' })
  await settled()
  const [call] = house.calls.live()
  assert.ok(call)
  const phone = (address: string) => exchange.alive().findLast((leg) => leg.to === address)
  const hands = () => {
    const talk = house.calls.talkOf(call.id)
    assert.ok(talk)
    return talk
  }
  const names = () =>
    house.facts.map(({ name }) => name).filter((name) => name.startsWith('call.') && name !== 'call.told')
  const named = <Name extends string>(name: Name) => house.facts.filter((fact) => fact.name === name)
  const operator = phone('101')
  assert.ok(operator)
  async function consulted() {
    await hands().consult(colleague, 'user:olena', ledOn)
    await settled()
    const other = phone('102')
    assert.ok(other)
    return other
  }
  return { ...house, call, client, operator, phone, hands, named, names, visits, consulted }
}

test('a held client hears music, comes back, and the hold is told with its length', async () => {
  const { client, clock, hands, named, operator } = await talking()
  const { talk } = client
  await hands().hold('user:olena', ledOn)
  assert.deepEqual([client.talk, client.hasMusic, operator.talk], [undefined, true, talk])
  await clock.advance(30_000)
  assert.equal(hands().view.state, 'held')
  await hands().unhold('user:olena')
  assert.deepEqual([client.talk, client.hasMusic], [talk, false])
  assert.equal(named('call.held').length, 1)
  assert.deepEqual(
    named('call.unheld').map(({ data }) => 'seconds' in data && data.seconds),
    [30],
  )
  await assert.rejects(hands().unhold('user:olena'), { code: 'TALK_REFUSED' })
})

test('a hold ends with the call, and is told before the end of the talk', async () => {
  const { client, clock, exchange, hands, names } = await talking()
  await hands().hold('user:olena', ledOn)
  await clock.advance(5_000)
  exchange.hangUp(client)
  await settled()
  assert.deepEqual(names().slice(-4), ['call.held', 'call.unheld', 'call.talk-ended', 'call.ended'])
  assert.deepEqual(exchange.alive(), [])
})

test('an operator who hangs up with a held client leaves him to a place, not to silence', async () => {
  const { client, exchange, hands, operator, visits } = await talking()
  await hands().hold('user:olena', 'no such place')
  exchange.phones.set('101', 'rings')
  exchange.hangUp(operator)
  await settled()
  assert.equal(client.ended, undefined)
  assert.deepEqual(visits, ['nothing else was decided', 'there is no place no such place'])
})

test('a warm transfer: the client is held, the two talk, and the operator is free', async () => {
  const { client, consulted, exchange, hands, named, operator, phone } = await talking()
  const main = client.talk
  const other = await consulted()
  assert.deepEqual([client.hasMusic, operator.talk], [true, other.talk])
  assert.notEqual(other.talk, main)
  await hands().complete('user:olena')
  await settled()
  assert.deepEqual([client.talk, other.talk, phone('101')], [main, main, undefined])
  assert.equal(hands().view.with, '102')
  assert.deepEqual(
    named('call.transferred').map(({ data }) => ({ ...data, call: '' })),
    [{ call: '', from: '101', to: '102', how: 'warm', by: 'user:olena' }],
  )
  exchange.hangUp(other)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.equal(exchange.talks.size, 0)
})

test('a consultation can be swapped, and cancelled: the client is with his operator again', async () => {
  const { client, consulted, hands, operator, phone } = await talking()
  const main = client.talk
  const other = await consulted()
  await hands().swap('user:olena')
  assert.deepEqual([client.talk, operator.talk, other.hasMusic], [main, main, true])
  await hands().swap('user:olena')
  assert.deepEqual([client.hasMusic, operator.talk === other.talk], [true, true])
  await hands().cancel('user:olena')
  await settled()
  assert.deepEqual([client.talk, operator.talk, phone('102')], [main, main, undefined])
})

test('a consulted phone that is busy brings the client back', async () => {
  const { client, exchange, hands, operator } = await talking()
  const main = client.talk
  exchange.phones.set('102', 'busy')
  await hands().consult(colleague, 'user:olena', ledOn)
  await settled()
  assert.deepEqual([client.talk, operator.talk, hands().view.state], [main, main, 'together'])
})

test('whoever is consulted and hangs up leaves client and operator together', async () => {
  const { client, consulted, exchange, operator } = await talking()
  const main = client.talk
  exchange.hangUp(await consulted())
  await settled()
  assert.deepEqual([client.talk, operator.talk], [main, main])
})

test('an operator who hangs up in a consultation has transferred the client', async () => {
  const { client, consulted, exchange, hands, operator } = await talking()
  const main = client.talk
  const other = await consulted()
  exchange.hangUp(operator)
  await settled()
  assert.deepEqual([client.talk, other.talk, hands().view.with], [main, main, '102'])
})

test('a client who hangs up in a consultation ends it for both', async () => {
  const { client, consulted, exchange, names } = await talking()
  await consulted()
  exchange.hangUp(client)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.ok(names().includes('call.ended'))
})

test('a client who hangs up while the other phone rings stops the ringing', async () => {
  const { client, exchange, hands } = await talking()
  exchange.phones.set('102', 'rings')
  await hands().consult(colleague, 'user:olena', ledOn)
  exchange.hangUp(client)
  await settled()
  assert.deepEqual(exchange.alive(), [])
})

test('three talk, and two go on when the operator leaves', async () => {
  const { client, consulted, exchange, hands, operator } = await talking()
  const main = client.talk
  const other = await consulted()
  await hands().conference('user:olena')
  assert.deepEqual([client.talk, operator.talk], [main, main])
  assert.deepEqual(other.listensTo, { leg: operator.leg, way: 'barge' })
  exchange.hangUp(operator)
  await settled()
  assert.deepEqual([client.talk, other.talk, other.listensTo], [main, main, undefined])
  assert.equal(hands().view.with, '102')
})

test('a supervisor listens, whispers, barges in and takes over', async () => {
  const { client, hands, named, operator, phone } = await talking()
  for (const way of ['listen', 'whisper', 'barge'] as const) {
    await hands().attend(supervisor, way, 'user:boss')
    await settled()
    assert.deepEqual(phone('105')?.listensTo, { leg: operator.leg, way })
  }
  assert.equal(named('call.joined').length, 3)
  await hands().attend(supervisor, 'take-over', 'user:boss')
  await settled()
  assert.deepEqual([phone('105')?.talk, phone('101')], [client.talk, undefined])
  assert.equal(hands().view.with, '105')
})

test('a supervisor who listens is let go with the talk and hears whoever it is transferred to', async () => {
  const { consulted, exchange, hands, phone } = await talking()
  await hands().attend(supervisor, 'listen', 'user:boss')
  await settled()
  const other = await consulted()
  await hands().complete('user:olena')
  await settled()
  assert.equal(phone('105')?.listensTo?.leg, other.leg)
  exchange.hangUp(other)
  await settled()
  assert.deepEqual(exchange.alive(), [])
})

test('a talk sent to a place frees the operator and keeps the client', async () => {
  const { client, hands, phone, visits, exchange } = await talking()
  exchange.phones.set('101', 'rings')
  await hands().sendTo('operators', 'moved by a supervisor')
  await settled()
  assert.equal(client.ended, undefined)
  assert.deepEqual(visits, ['nothing else was decided', 'moved by a supervisor'])
  assert.equal(phone('101')?.isUp, false)
})

test('a phone that joins two of its calls has given the client on, and nothing of it is left', async () => {
  const { client, exchange, hands, named, operator, phone } = await talking()
  const main = client.talk
  const other = exchange.joinsCalls(operator, '102')
  exchange.hangUp(operator)
  await settled()
  assert.deepEqual([client.talk, other.talk, phone('101')], [main, main, undefined])
  assert.equal(hands().view.with, '102')
  assert.deepEqual(
    named('call.transferred').map(({ data }) => ({ ...data, call: '' })),
    [{ call: '', from: '101', to: '102', how: 'warm', by: '101' }],
  )
  assert.equal(named('call.talk-ended').length, 1)
  exchange.hangUp(other)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.equal(exchange.talks.size, 0)
})

test('who listened to a phone that joins two of its calls listens to whoever has its place', async () => {
  const { exchange, hands, operator, phone } = await talking()
  await hands().attend(supervisor, 'listen', 'user:boss')
  await settled()
  const other = exchange.joinsCalls(operator, '102')
  exchange.hangUp(operator)
  await settled()
  assert.equal(phone('105')?.listensTo?.leg, other.leg)
})

test('a client on hold is with whoever his operator’s phone gave him to', async () => {
  const { client, exchange, hands, operator } = await talking()
  await hands().hold('user:olena', ledOn)
  const other = exchange.joinsCalls(operator, '102')
  exchange.hangUp(operator)
  await settled()
  assert.deepEqual([client.hasMusic, client.talk], [false, other.talk])
})

test('a phone that does not hang up after it has joined its calls is hung up with the call', async () => {
  const { client, exchange, operator } = await talking()
  exchange.joinsCalls(operator, '102')
  await settled()
  exchange.hangUp(client)
  await settled()
  assert.deepEqual(exchange.alive(), [])
})

test('who is put in the place of somebody who does not talk is let go', async () => {
  const { client, consulted, exchange, operator } = await talking()
  const other = await consulted()
  assert.equal(exchange.joinsCalls(other, '103').ended, 'normal')
  exchange.hangUp(other)
  await settled()
  assert.equal(client.talk, operator.talk)
})

test('after a restart the client is with whoever the phone of his operator gave him to', async () => {
  const { client, exchange, kept, operator } = await talking()
  exchange.listen(() => undefined)
  const other = exchange.joinsCalls(operator, '102')
  exchange.hangUp(operator)
  const after = openHouse({ exchange, rows: [...kept.values()] })
  exchange.connect()
  await settled()
  const [call] = after.calls.live()
  assert.equal(after.calls.talkOf(call?.id ?? '')?.view.with, '102')
  assert.equal(client.talk, other.talk)
  exchange.hangUp(client)
  await settled()
  assert.deepEqual(exchange.alive(), [])
})

for (const state of ['held', 'consulting', 'swapped'] as const) {
  test(`after a restart a client whose talk was ${state} is where he was`, async () => {
    const before = await talking()
    const { client, consulted, exchange, hands, operator, kept } = before
    if (state === 'held') await hands().hold('user:olena', ledOn)
    else await consulted()
    if (state === 'swapped') await hands().swap('user:olena')
    await settled()
    exchange.listen(() => undefined)
    const after = openHouse({ exchange, rows: [...kept.values()] })
    exchange.connect()
    await settled()
    const [call] = after.calls.live()
    const talk = after.calls.talkOf(call?.id ?? '')
    assert.equal(talk?.view.state, state)
    if (state === 'held') await talk?.unhold('user:olena')
    else await talk?.cancel('user:olena')
    await settled()
    assert.deepEqual([client.talk === undefined, client.talk], [false, operator.talk])
    exchange.hangUp(client)
    await settled()
    assert.deepEqual(exchange.alive(), [])
  })
}

test('a hold that outlived a restart is told since its true beginning', async () => {
  const { call, client, exchange, hands, kept } = await talking()
  await hands().hold('user:olena', ledOn)
  await settled()
  exchange.listen(() => undefined)
  const after = openHouse({ exchange, rows: [...kept.values()] })
  await after.clock.advance(90_000)
  exchange.connect()
  await settled()
  await after.clock.advance(10_000)
  await after.calls.talkOf(call.id)?.unhold('user:olena')
  await settled()
  const told = after.facts.flatMap(({ name, data }) =>
    name === 'call.held' ? [data.since] : name === 'call.unheld' ? [data.seconds] : [],
  )
  assert.deepEqual(told, [after.clock.now() - 100_000, 100])
  exchange.hangUp(client)
  await settled()
})

test('a client on hold whose operator left while we were away is led on', async () => {
  const { client, exchange, hands, kept, operator } = await talking()
  await hands().hold('user:olena', ledOn)
  await settled()
  exchange.listen(() => undefined)
  exchange.hangUp(operator)
  const visits: (string | undefined)[] = []
  openHouse({
    exchange,
    rows: [...kept.values()],
    async operators(caller, { because }) {
      visits.push(because)
      await caller.press('*')
    },
  })
  exchange.connect()
  await settled()
  assert.equal(client.ended, undefined)
  assert.deepEqual(visits, ['whoever put him on hold left while Callbus was away'])
})

test('an exchange that refuses leaves the talk as it was', async () => {
  const { client, exchange, hands } = await talking()
  const { talk } = client
  const hold = exchange.port.hold
  exchange.port.hold = () => Promise.reject(new Error('refused'))
  await assert.rejects(hands().hold('user:olena', ledOn), /refused/)
  exchange.port.hold = hold
  assert.deepEqual([client.talk, hands().view.state], [talk, 'together'])
})

test('what makes no sense is refused', () => {
  assert.equal(nextTalk('together', 'unhold'), undefined)
  assert.equal(nextTalk('held', 'conference'), undefined)
  assert.equal(nextTalk('asking', 'hold'), undefined)
})
