import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { openCallBus } from '../call-bus/call-bus.ts'
import type { FactData } from '../call-bus/events.ts'
import { openMovedClock } from '../moved-clock.ts'
import { openScriptedExchange } from '../ports/scripted-exchange.ts'
import { openRoutes, type Try } from './routes.ts'

const phone = '+380671234567'

function open() {
  const exchange = openScriptedExchange()
  const bus = openCallBus({ clock: openMovedClock(), log: pino({ level: 'silent' }) })
  const told: FactData<'call.routed'>[] = []
  bus.on('call.routed', (data) => void told.push(data))
  const { telephony, ownedBy } = openRoutes({ telephony: exchange.port, bus })
  const cleanup = new AsyncDisposableStack()
  const routes = ownedBy(cleanup)
  const tries: Try[][] = []
  routes.onTried((each) => tries.push([...each]))
  routes.choose(() => ['first', 'second'].map((trunk) => ({ trunk, because: 'a test' })))
  const dial = (more: { to?: string; trunk?: string } = {}, signal = AbortSignal.timeout(5_000)) =>
    telephony.dial({ leg: 'leg', call: 'call', to: phone, callerId: {}, ringFor: 5, ...more }, signal)
  return { exchange, telephony, cleanup, told, tries, dial }
}

test('the next line is tried only when the one before had no way', async () => {
  for (const [first, outcome, used] of [
    ['unreachable', 'busy', ['first', 'second']],
    ['failed', 'busy', ['first', 'second']],
    ['no-answer', 'no-answer', ['first']],
    ['rejected', 'rejected', ['first']],
    ['invalid', 'invalid', ['first']],
  ] as const) {
    const house = open()
    house.exchange.trunks
      .set('first', { state: 'up', way: first })
      .set('second', { state: 'up', way: 'busy' })
    assert.equal(await house.dial(), outcome)
    assert.deepEqual(
      house.told.map(({ trunk }) => trunk),
      used,
    )
    assert.equal(house.tries.length, 1)
  }
})

test('extensions, and calls that must leave by one line, are not routed', async () => {
  const house = open()
  house.exchange.trunks.set('third', { state: 'up', way: 'busy' })
  assert.equal(await house.dial({ to: '101' }), 'unreachable')
  assert.equal(await house.dial({ trunk: 'third' }), 'busy')
  assert.deepEqual(house.told, [])
  assert.deepEqual(house.tries, [[{ trunk: 'third', outcome: 'busy' }]])
})

test('a call that is cancelled tells nothing of a line, and tries no other', async () => {
  const house = open()
  const stop = new AbortController()
  house.exchange.trunks.set('first', { state: 'up', way: 'rings' })
  const dialling = house.dial({}, stop.signal)
  stop.abort()
  assert.equal(await dialling, 'cancelled')
  assert.deepEqual(house.tries, [])
})

test('without a chooser the exchange finds its own way, and the rest of the port is untouched', async () => {
  const house = open()
  await house.cleanup.disposeAsync()
  house.exchange.phones.set(phone, 'busy')
  assert.equal(await house.dial(), 'busy')
  assert.deepEqual(house.told, [])
  assert.equal(house.telephony.capabilities.recordsBothSides, true)
})
