import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asBoss, client, driver, open, talking } from '../../test/support/talk-house.ts'
import { settled } from '../../test/support/test-clock.ts'

test('an operator holds his own talk and nobody else’s; a supervisor any', async (t) => {
  const house = await talking(t)
  assert.equal((await house.post('hold')).state, 'held')
  assert.equal((await house.ask('GET', '/talks'))[0].state, 'held')
  house.asked.by = 'taras'
  assert.equal((await house.post('unhold')).code, 'RIGHT_MISSING')
  assert.equal((await house.ask('GET', '/talks'))[0], undefined)
  asBoss(house)
  assert.equal((await house.post('unhold')).state, 'together')
  assert.equal((await house.post('unhold')).code, 'TALK_REFUSED')
  assert.equal((await house.ask('POST', '/talks/no-such/hold')).code, 'NOT_FOUND')
})

test('a blind transfer gives the client to another phone and frees the operator', async (t) => {
  const { caller, exchange, factsNamed, phone, post } = await talking(t)
  await post('transfer', { to: '102' })
  assert.equal(phone('101'), undefined)
  assert.equal(caller.leg.talk, phone('102')?.talk)
  assert.deepEqual(
    factsNamed('call.transferred').map(({ data }) => [data.from, data.to, data.how, data.by]),
    [['101', '102', 'blind', 'user:olena']],
  )
  const other = phone('102')
  assert.ok(other)
  exchange.hangUp(other)
  await settled()
  assert.deepEqual(exchange.alive(), [])
})

test('the transfer key of an operator’s phone does the same', async (t) => {
  const { caller, exchange, factsNamed, phone } = await talking(t)
  const operator = phone('101')
  assert.ok(operator)
  exchange.transfers(operator, '102')
  exchange.hangUp(operator)
  await settled()
  assert.equal(caller.leg.talk, phone('102')?.talk)
  assert.equal(factsNamed('call.transferred')[0]?.data.by, '101')
})

test('a client whom nobody took hears music, comes back to who gave him on, and then to the operators', async (t) => {
  const { caller, clock, exchange, phone, post } = await talking(t)
  exchange.phones.set('102', 'rings').set('101', 'rings')
  await post('transfer', { to: '102' })
  assert.equal(caller.leg.hasMusic, true)
  await clock.advance(20_000)
  assert.equal(phone('101')?.isUp, false)
  assert.equal(caller.leg.hasMusic, true)
  await clock.advance(10_000)
  assert.deepEqual(caller.hearing(), ['talk-control.nobodyTookIt'])
  assert.equal(await caller.reaches(), 'operators')
})

test('whoever gave the client on takes him back', async (t) => {
  const { caller, exchange, phone, post } = await talking(t)
  exchange.phones.set('102', 'busy')
  await post('transfer', { to: '102' })
  assert.equal(caller.leg.talk, phone('101')?.talk)
})

test('a client who hangs up while he is given on ends it', async (t) => {
  const { caller, exchange, post } = await talking(t)
  exchange.phones.set('102', 'rings')
  await post('transfer', { to: '102' })
  await caller.hangsUp()
  assert.deepEqual(exchange.alive(), [])
})

test('the operator who hangs up while the consulted phone rings has given the client on', async (t) => {
  const { caller, exchange, phone, post } = await talking(t)
  exchange.phones.set('102', 'rings')
  assert.equal((await post('consult', { to: '102' })).state, 'asking')
  const operator = phone('101')
  assert.ok(operator)
  exchange.hangUp(operator)
  await settled()
  exchange.pickUp('102')
  await settled()
  assert.equal(caller.leg.talk, phone('102')?.talk)
})

test('an operator who hangs up with a held client leaves him with a sentence to the operators', async (t) => {
  const { caller, exchange, phone, post } = await talking(t)
  await post('hold')
  const operator = phone('101')
  assert.ok(operator)
  exchange.hangUp(operator)
  await settled()
  assert.deepEqual(caller.hearing(), ['talk-control.goesOn'])
  assert.equal(await caller.reaches(), 'operators')
})

test('consult, swap, conference and complete by HTTP', async (t) => {
  const { caller, phone, post } = await talking(t)
  await post('consult', { to: '102' })
  assert.equal((await post('swap')).state, 'swapped')
  assert.equal((await post('swap')).state, 'consulting')
  await post('complete')
  assert.equal(caller.leg.talk, phone('102')?.talk)
  assert.equal(phone('101'), undefined)
})

test('a phone that is in a talk is busy unless it may have a second line', async (t) => {
  const house = await talking(t)
  const second = await house.ring({ from: '+380671110000' })
  await settled()
  assert.ok(second.leg.talk)
  assert.equal((await house.post('consult', { to: '101' })).code, 'TALK_REFUSED')
})

test('the client is given to the driver of his order, who sees the company’s number', async (t) => {
  const { caller, phone, post } = await talking(t)
  assert.equal((await post('transfer', { driver: true })).to, driver)
  assert.equal(caller.leg.talk, phone(driver)?.talk)
  assert.notEqual(phone(driver)?.callerId, client)
})

test('a parked client hears music and is picked up by another operator', async (t) => {
  const house = await talking(t)
  const { ask, caller, factsNamed, phone, post } = house
  const { slot } = await post('park')
  assert.deepEqual([slot, phone('101'), caller.leg.hasMusic], [701, undefined, true])
  assert.equal((await ask('GET', '/parked'))[0].slot, 701)
  asBoss(house)
  await ask('POST', '/parked/701/pick-up')
  assert.equal(caller.leg.talk, phone('105')?.talk)
  assert.equal(factsNamed('call.picked-up').length, 1)
  assert.equal((await ask('POST', '/parked/701/pick-up')).code, 'NOT_FOUND')
})

test('nobody picks a parked client up, and he comes back to whoever parked him', async (t) => {
  const { caller, clock, phone, post } = await talking(t)
  await post('park')
  await clock.advance(120_000)
  assert.equal(caller.leg.talk, phone('101')?.talk)
})

test('whoever serves a client sees who he is and why he calls, and writes it down, also after the talk', async (t) => {
  const house = await talking(t)
  const { id } = house.call
  assert.deepEqual(await house.ask('GET', `/calls/${id}/card`), {
    code: 200,
    call: id,
    kind: 'client',
    isVip: false,
    answersItself: true,
    orders: 1,
    order: { id: '77', stage: 'driver_on_way', stateName: 'Водитель принял', hasDriver: true },
  })
  assert.equal((await house.ask('POST', `/calls/${id}/notes`, { text: ' ' })).statusCode, 400)
  await house.ask('POST', `/calls/${id}/notes`, { text: 'lost a bag ' })

  house.asked.by = 'taras'
  assert.equal((await house.post('hang-up')).code, 'RIGHT_MISSING')
  house.asked.by = 'olena'
  assert.equal((await house.post('hang-up')).code, 204)
  assert.deepEqual(house.exchange.alive(), [])
  assert.equal((await house.ask('GET', `/calls/${id}/card`)).code, 'NOT_FOUND')
  assert.equal((await house.ask('POST', `/calls/${id}/notes`, { text: 'call her back' })).by, 'user:olena')
  assert.deepEqual(
    house.factsNamed('call.noted').map(({ data }) => data.text),
    ['lost a bag', 'call her back'],
  )
  assert.equal((await house.ask('POST', '/calls/none/notes', { text: 'x' })).code, 'NOT_FOUND')
})

test('a supervisor attends at his own phone, changes the way and takes over', async (t) => {
  const house = await talking(t)
  asBoss(house)
  await house.post('attend', { way: 'listen' })
  await house.post('attend', { way: 'whisper' })
  assert.equal(house.phone('105')?.listensTo?.way, 'whisper')
  await house.post('attend', { way: 'take-over' })
  assert.equal(house.caller.leg.talk, house.phone('105')?.talk)
})

test('who signed in at a queue’s phone sits there, also after a restart; who takes his seat drives him out', async (t) => {
  const first = await talking(t, { settings: {} })
  assert.equal((await first.post('hold')).code, 'RIGHT_MISSING')
  first.bus.publish('operator.changed', { operator: 'olena', state: 'ready', extension: '101' })
  assert.equal((await first.post('hold')).state, 'held')
  await first.die()

  const next = await open(t, { settings: {}, folder: first.folder, exchange: first.exchange })
  next.exchange.connect()
  await settled()
  const hold = () => next.ask('POST', `/talks/${first.call.id}/unhold`)
  assert.equal((await hold()).state, 'together')
  next.bus.publish('operator.changed', { operator: 'op-1', user: 'taras', state: 'ready', extension: '101' })
  assert.equal((await hold()).code, 'RIGHT_MISSING')
})

test('a ringing phone is made to answer by whose it is, or by a supervisor; where it cannot be he is told so', async (t) => {
  const house = await open(t)
  house.exchange.phones.set('101', 'rings')
  const caller = await house.ring({ from: client })
  const [call] = house.calls.live()
  assert.ok(call)
  const answer = (body?: object) => house.ask('POST', `/calls/${call.id}/answer`, body)
  assert.equal((await house.ask('GET', `/calls/${call.id}/card`)).answersItself, true)
  assert.equal((await house.ask('POST', '/calls/no-such/answer')).code, 'NOT_FOUND')
  house.asked.by = 'taras'
  assert.equal((await answer()).code, 'REQUEST_INVALID')
  assert.equal((await answer({ phone: '101' })).code, 'RIGHT_MISSING')
  asBoss(house)
  assert.equal((await answer()).code, 'TALK_REFUSED', 'his own does not ring')
  assert.deepEqual(await answer({ phone: '101' }), { code: 202, call: call.id, phone: '101' })
  assert.equal(caller.leg.talk, house.phone('101')?.talk)

  const without = await open(t, { settings: { phones: { olena: '101' }, answersItself: false } })
  without.exchange.phones.set('101', 'rings')
  await without.ring({ from: client })
  const [other] = without.calls.live()
  assert.equal((await without.ask('GET', `/calls/${other?.id}/card`)).answersItself, false)
  const refused = await without.ask('POST', `/calls/${other?.id}/answer`)
  assert.match(refused.message, /lift the handset/)
})

test('a phone that was told to answer outlives a restart like any other that rings', async (t) => {
  const first = await open(t)
  first.exchange.phones.set('101', { answersAfter: 60 })
  const caller = await first.ring({ from: client })
  const [call] = first.calls.live()
  await first.ask('POST', `/calls/${call?.id}/answer`)
  const told = first.phone('101')
  assert.ok(told?.answersItself && !told.isUp)
  await first.die()
  const next = await open(t, { folder: first.folder, exchange: first.exchange })
  next.exchange.connect()
  await settled()
  next.exchange.pickUp('101')
  await settled()
  assert.ok(caller.leg.talk)
  assert.equal(told.talk, caller.leg.talk)
})

test('a restart does not lose who was parked or given on: he goes to the operators', async (t) => {
  const first = await talking(t)
  await first.post('park')
  await first.die()
  const next = await open(t, { folder: first.folder, exchange: first.exchange })
  next.exchange.connect()
  await settled()
  const { leg } = first.caller
  assert.deepEqual(leg.playing?.media, ['talk-control.goesOn'])
  leg.playing?.finish()
  await settled()
  const waiting = next.factsNamed('call.waiting').at(-1)
  assert.equal(waiting?.data.place, 'operators')
})
