import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCalledTown } from '../../test/support/called-town.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client } from '../../test/support/town.ts'

const minute = 60_000
const callBacks = '/api/plugins/status-callback/call-backs'

test('a script of the dispatch program and the stage it belongs to are one call', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  await house.asks({ request: 'a' })
  const him = await house.answers()
  await him.hears()
  await house.asks({ request: 'a' })
  await house.asks({ request: 'b' })
  await house.tells('arrived')
  await house.app.clock.advance(4 * minute)
  assert.equal(house.rung(), 1)
})

test('a script alone calls the phone it names, however it is spelt, and hears how far it is', async (t) => {
  const house = await openCalledTown(t, { settings: { rules: { was_called: { on: 'request' } } } })
  house.town.stands('7', 'arrived', { phoneToDial: '+380500000000' })
  await house.asks({ action: 'Was-Called' })
  assert.deepEqual(house.progress(), ['accepted', 'started'])
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'arrived')
  await him.hears()
  assert.deepEqual(house.progress(), ['accepted', 'started', 'delivered'])
})

test('a script that no rule describes calls nobody and is logged', async (t) => {
  const house = await openCalledTown(t)
  await house.asks({ action: 'sing', request: 'a' })
  assert.equal(house.rung(), 0)
  assert.ok(house.app.logged.some(({ msg }) => /no rule describes/.test(String(msg))))
})

test('a new wish long after the news was told is another call', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  await (await house.answers()).hears()
  await house.app.clock.advance(10 * minute)
  await house.asks({ request: 'b' })
  await house.asks({ request: 'b' })
  await (await house.answers()).hears()
  await house.asks({ request: 'b' })
  assert.equal(house.rung(), 2)
})

test('a call without an order says the sentence of its rule', async (t) => {
  const house = await openCalledTown(t)
  house.app.bus.publish('callback.requested', {
    request: 'one',
    phone: client,
    script: 'arrived',
    parameters: [],
  })
  await settled()
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'arrived')
  await him.hears()
  assert.deepEqual(house.progress(), [])
  assert.equal(house.told()[0]?.order, undefined)
})

test('a wish about an order that has moved on is told to have failed', async (t) => {
  const house = await openCalledTown(t)
  house.town.stands('7', 'arrived')
  await house.asks()
  await house.moves('client_in_car')
  assert.deepEqual(house.results(), ['cancelled'])
  assert.deepEqual(house.progress(), ['accepted', 'started', 'failed'])
})

test('a script may be ahead of what can be read: the order that follows does not stop it', async (t) => {
  const house = await openCalledTown(t)
  house.town.stands('7', 'driver_on_way', { minutes: 1 })
  await house.asks()
  await house.moves('arrived')
  assert.equal(house.rung(), 1)
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'arrived')
})

test('an operator has a client called in the middle of the night, once per request', async (t) => {
  const house = await openCalledTown(t, {
    settings: { perDay: 1, quietHours: { from: '00:00', to: '23:59', meanwhile: 'drop' } },
  })
  house.town.stands('7', 'driver_on_way', { minutes: 3 })
  const ask = () =>
    house.app.http.inject({ method: 'POST', url: callBacks, payload: { order: '7', request: 'x' } })
  const [first, second] = [await ask(), await ask()]
  assert.deepEqual([first.statusCode, second.statusCode], [202, 202])
  assert.equal(first.json().id, second.json().id)
  await settled()
  assert.equal(house.rung(), 1)
  const him = await house.answers()
  assert.equal(him.hearing()?.[1], 'coming')
  await him.hears()
  assert.equal(house.told()[0]?.by, 'user:ann')
  const [seen] = (await house.app.http.inject({ url: `${callBacks}?order=7` })).json()
  assert.equal(seen.result, 'reached_heard')
  assert.deepEqual(
    seen.tries.map(({ attempt, result }: { attempt: number; result: string }) => [attempt, result]),
    [[1, 'reached_heard']],
  )
})

test('a program has a client called over MQTT, once per command, and hears what is known of it', async (t) => {
  const house = await openCalledTown(t)
  house.town.stands('7', 'arrived')
  const ask = (id: string, more: object = {}) => house.app.command('client.call', { id, order: '7', ...more })
  const [first, again] = [await ask('one'), await ask('one')]
  assert.deepEqual(first, again)
  const { id, state } = first.answer as { id: string; state: string }
  assert.equal(state, 'open')
  await settled()
  assert.equal(house.rung(), 1)
  await (await house.answers()).hears()
  assert.deepEqual(
    house.told().map(({ order, by, result }) => [order, by, result]),
    [['7', 'a program', 'reached_heard']],
  )
  // The command's id names the request for ever, also to whoever remembers no answers of before.
  const payload = { order: '7', request: 'one' }
  const known = await house.app.http.inject({ method: 'POST', url: callBacks, payload })
  assert.deepEqual(known.json().id, id)
  await settled()
  assert.equal(house.rung(), 1)

  assert.equal((await ask('two', { rule: 'sing' })).error?.code, 'NOT_FOUND')
  assert.equal((await ask('three', { order: 7 })).error?.code, 'COMMAND_INVALID')
  assert.ok((await ask('four', { rule: 'no_show' })).answer)
  await settled()
  assert.equal(house.rung(), 2)
})

test('an operator stops what is planned or rings', async (t) => {
  const house = await openCalledTown(t)
  await house.moves('arrived')
  const [open] = (await house.app.http.inject({ url: `${callBacks}?order=7` })).json()
  const stop = () => house.app.http.inject({ method: 'DELETE', url: `${callBacks}/${open.id}` })
  assert.equal((await stop()).statusCode, 204)
  await settled()
  assert.ok(!house.isRinging())
  assert.deepEqual(house.results(), ['cancelled'])
  assert.equal((await stop()).statusCode, 404)
})

test('a rule that does not exist is said so', async (t) => {
  const house = await openCalledTown(t)
  const payload = { order: '7', rule: 'sing' }
  const answer = await house.app.http.inject({ method: 'POST', url: callBacks, payload })
  assert.equal(answer.statusCode, 404)
})
