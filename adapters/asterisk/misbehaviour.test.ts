/** The adapter against an exchange that misbehaves. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { pino } from 'pino'
import { type Clock, realClock } from '#core/clock.ts'
import { openAsteriskHouse } from '../../test/contract/asterisk-house.ts'
import type { World } from '../../test/contract/telephony-world.ts'
import { until } from '../../test/support/until.ts'
import { startAriSimulator } from './simulator/simulator.ts'

const never = new AbortController().signal
const line = '+380441234567'
/** The people are reached through the simulator itself here. */
const nobody: World = {
  ring: () => Promise.reject(new Error('not used')),
  phone: () => Promise.reject(new Error('not used')),
  alive: () => Promise.reject(new Error('not used')),
}

/** Time that runs fifty times as fast, for what is waited for long. */
const hurried: Clock = {
  now: realClock.now,
  sleep: (milliseconds, signal) => realClock.sleep(milliseconds / 50, signal),
  after: (milliseconds, callback) => realClock.after(milliseconds / 50, callback),
}

async function open(t: TestContext, { deadline = 2000, clock = realClock } = {}) {
  const exchange = await startAriSimulator({ clock: realClock, log: pino({ level: 'silent' }), guard: 60 })
  const { user: username, password } = exchange
  const house = await openAsteriskHouse(
    { url: `${exchange.url}/ari`, username, password, deadline },
    nobody,
    clock,
  )
  t.after(async () => {
    await house.close()
    await exchange.stop()
  })
  const { port, events } = house

  async function answered() {
    const caller = exchange.ring({ from: '+380671112233', to: line })
    const { leg } = await events.next('leg.offered', (event) => event.leg === caller.leg)
    await port.answer(leg, never)
    return { caller, leg }
  }
  return { exchange, port, events, answered }
}

test('the connection comes back by itself, and the calls are still there', async (t) => {
  const { exchange, port, events, answered } = await open(t)
  const { caller, leg } = await answered()
  const before = events.all.length
  exchange.dropSockets()
  const isBack = () =>
    events.all
      .slice(before)
      .some((event) => event.name === 'connection.changed' && event.state === 'connected')
  await until(isBack, { what: 'the connection to be back' })
  assert.deepEqual(
    (await port.survey(never)).legs.map((one) => one.leg),
    [leg],
  )
  caller.press('7')
  assert.equal((await events.next('key.pressed')).key, '7')
})

test('a caller who hung up unheard is told of once the connection is back', async (t) => {
  const { exchange, events, answered } = await open(t)
  const { caller, leg } = await answered()
  exchange.dropSockets()
  caller.hangUp()
  await events.next('leg.ended', (event) => event.leg === leg)
})

test('a lost end of a playback does not hold its caller for ever', async (t) => {
  const { exchange, port, answered } = await open(t, { clock: hurried, deadline: 20_000 })
  const { leg } = await answered()
  exchange.faults.loseEvents({ type: 'PlaybackFinished', times: 1 })
  const file = '/nonexistent/sound.wav'
  const played = port.play(leg, [{ file, url: 'http://127.0.0.1/sound.wav', seconds: 0.1 }], never)
  await Promise.allSettled([played])
})

test('an answer that never comes is an error with a code, in time', async (t) => {
  const { exchange, port, events } = await open(t, { deadline: 200 })
  const caller = exchange.ring({ to: line })
  const { leg } = await events.next('leg.offered')
  exchange.faults.swallowAnswer({ path: /answer$/ })
  await assert.rejects(port.answer(leg, never), { code: 'EXCHANGE_LATE' })
  caller.hangUp()
})

test('a refusal is an error with a code', async (t) => {
  const { exchange, port, events } = await open(t)
  exchange.ring({ to: line })
  const { leg } = await events.next('leg.offered')
  exchange.faults.refuse({ path: /answer$/, status: 500, times: 1 })
  await assert.rejects(port.answer(leg, never), { code: 'EXCHANGE_REFUSED' })
  await port.answer(leg, never)
})

test('a restart of the exchange ends every leg', async (t) => {
  const { exchange, port, events, answered } = await open(t)
  const { leg } = await answered()
  await exchange.restart()
  await events.next('leg.ended', (event) => event.leg === leg)
  assert.deepEqual(exchange.alive().channels, [])
  await until(async () => (await port.survey(never).catch(() => undefined))?.legs.length === 0, {
    what: 'an empty survey',
  })
})

test('a slow exchange is waited for', async (t) => {
  const { exchange, port, events } = await open(t)
  const caller = exchange.ring({ to: line })
  const { leg } = await events.next('leg.offered')
  exchange.faults.delay({ path: /answer$/, milliseconds: 100, times: 1 })
  await port.answer(leg, never)
  assert.equal(caller.stage, 'answered')
})
