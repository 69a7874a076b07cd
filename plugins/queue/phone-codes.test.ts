import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'

const operators = [
  { id: 'olena', number: '7', pin: '4711' },
  { id: 'taras', number: '8', pin: '0815' },
]

async function open(t: TestContext) {
  const app = await startTestApp(t, {
    plugin,
    settings: { operators, queues: [{ name: 'operators', announcements: [] }] },
  })
  const rights = new Set<string>()
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'olena' }, rights } })
  })
  const dial = async (to: string, extension = '101') => await app.ring({ to, extension })
  const signIn = async (number: string, pin: string, extension = '101') => {
    const phone = await dial('*11', extension)
    for (const typed of [number, pin]) for (const key of `${typed}#`) await phone.presses(key)
    return phone
  }
  const stateOf = async (id: string) => {
    const all = (await app.http.inject('/api/plugins/queue/operators')).json()
    const { state, extension, reason, phone } = all.find((each: { id: string }) => each.id === id)
    return [state, extension, reason, phone].filter((each) => each !== undefined).join(' ')
  }
  return { app, rights, dial, signIn, stateOf }
}

test('an operator signs in at any phone, pauses, comes back and leaves, and hears what was done', async (t) => {
  const { app, dial, signIn, stateOf } = await open(t)
  const phone = await signIn('7', '4711')
  assert.deepEqual(phone.hearing(), ['queue.signedIn'])
  assert.equal(await stateOf('olena'), 'signed_out')
  await phone.hears()
  assert.equal(await stateOf('olena'), 'ready 101')
  const said = async (to: string) => (await (await dial(to)).hears()).at(-1)
  assert.equal(await said('*132'), 'queue.notReady')
  assert.equal(await stateOf('olena'), 'not_ready 101 lunch')
  assert.equal(await said('*12'), 'queue.ready')
  assert.equal(await stateOf('olena'), 'ready 101')
  assert.equal(await said('*139'), 'queue.unknownCode')
  assert.equal(await said('*14'), 'queue.signedOut')
  assert.equal(await said('*12'), 'queue.nobodyHere')
  await (await signIn('7', '4711', '102')).hangsUp()
  assert.equal(await stateOf('olena'), 'ready 102')
  assert.deepEqual(app.factsNamed('queue.entered'), [])
})

test('a wrong PIN signs nobody in, and after three the phone is not listened to for a while', async (t) => {
  const { app, signIn, stateOf } = await open(t)
  for (const pin of ['1', '4712', '47110']) {
    const heard = await (await signIn('7', pin)).hears()
    assert.equal(heard.at(-1), 'queue.wrongPin')
  }
  assert.deepEqual(await (await signIn('7', '4711')).hears(), ['queue.tooOften'])
  await app.clock.advance(5 * 60_000)
  await (await signIn('7', '4711')).hears()
  assert.equal(await stateOf('olena'), 'ready 101')
  assert.equal((await (await signIn('8', '0815')).hears()).at(-1), 'queue.seatTaken')
})

test('a phone that is away or in another call makes its operator unavailable until it is free', async (t) => {
  const { app, signIn, stateOf } = await open(t)
  app.exchange.phones.set('101', 'rings')
  await (await signIn('7', '4711')).hears()
  app.exchange.phoneIs('101', 'busy')
  await app.clock.advance(1_000)
  assert.equal(await stateOf('olena'), 'not_ready 101 in another call busy')
  const caller = await app.ring()
  assert.deepEqual(app.factsNamed('queue.offered'), [])
  app.exchange.phoneIs('101', 'away')
  await app.clock.advance(1_000)
  assert.equal(await stateOf('olena'), 'not_ready 101 the phone is away away')
  app.exchange.phoneIs('101', 'free')
  await app.clock.advance(1_000)
  assert.equal(await stateOf('olena'), 'ringing 101 free')
  app.exchange.phoneIs('101', 'busy')
  app.exchange.pickUp('101')
  await settled()
  await app.clock.advance(5_000)
  assert.equal(await stateOf('olena'), 'talking 101 busy')
  await caller.hangsUp()
  app.exchange.phoneIs('101', 'free')
  await app.clock.advance(5_000)
  assert.equal(await stateOf('olena'), 'ready 101 free')
})

test('an operator moves himself and nobody else; who may move anybody does', async (t) => {
  const { app, rights, stateOf } = await open(t)
  const post = async (url: string, payload: object = {}) =>
    (await app.http.inject({ method: 'POST', url: `/api/plugins/queue/operators${url}`, payload })).json()
  assert.equal((await post('/olena/sign-in', { extension: '101' })).state, 'ready')
  assert.equal((await post('/taras/sign-in', { extension: '102' })).code, 'RIGHT_MISSING')
  assert.equal(await stateOf('taras'), 'signed_out')
  rights.add('operators.move-any')
  assert.equal((await post('/taras/sign-in', { extension: '102' })).state, 'ready')
})
