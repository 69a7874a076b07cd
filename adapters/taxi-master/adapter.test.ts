import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import type { DispatchEvent, DispatchRequest } from '#core/ports/dispatch.ts'
import { adapter } from './adapter.ts'
import { settingsFor } from './simulator/company.ts'
import { completed, connectToSimulator } from './simulator/connected.ts'
import { openReports } from './simulator/reports.ts'
import { startTaxiMasterSimulator } from './simulator/simulator.ts'

const log = pino({ level: 'silent' })
const site = { name: 'test', country: 'UA', dataFolder: '/nowhere' }
const facts = async () => []
const unhurried = () => AbortSignal.timeout(20_000)

test('the simulated company is reached with the settings it gives', async () => {
  await using cleanup = new AsyncDisposableStack()
  const given = await adapter.simulate?.({ cleanup, clock: realClock, log, site })
  assert.ok(given && typeof given === 'object')
  const { reported, report, connectionTold } = openReports()
  const settings = completed(given)
  const dispatch = await adapter.connect({ settings, report, cleanup, clock: realClock, log, site, facts })
  await connectionTold
  assert.deepEqual(reported.map(nameOrState), ['connecting', 'connected'])
  const card = await dispatch.identify('+380500000001', unhurried())
  assert.equal(card.kind, 'driver')
})

test('the adapter opens while Taxi-Master is away', async () => {
  await using cleanup = new AsyncDisposableStack()
  const { reported, report, connectionTold } = openReports()
  const keys = { commonApi: 'a', tapi: 'b' }
  // Nobody may listen on port 1 of this machine.
  const settings = completed({ url: 'https://127.0.0.1:1', keys })
  const dispatch = await adapter.connect({ settings, report, cleanup, clock: realClock, log, site, facts })
  await connectionTold
  assert.deepEqual(reported.map(nameOrState), ['connecting', 'lost'])
  await assert.rejects(dispatch.identify('+380500000001', unhurried()), { code: 'DISPATCH_UNREACHABLE' })
})

test('a Taxi-Master that keeps silent delays nobody: the adapter is open before it has an answer', async () => {
  await using cleanup = new AsyncDisposableStack()
  const simulator = await startTaxiMasterSimulator()
  cleanup.defer(() => simulator.stop())
  simulator.misbehave({ delay: Number.POSITIVE_INFINITY })
  const { reported, report } = openReports()
  const settings = completed({ ...settingsFor(simulator), deadlineMs: 30_000 })
  await adapter.connect({ settings, report, cleanup, clock: realClock, log, site, facts })
  assert.deepEqual(reported.map(nameOrState), ['connecting'])
})

test('the adapter says which orders move, and when Taxi-Master goes and comes back', async () => {
  const clock = clockByHand()
  await using world = await connectToSimulator({ simulator: { clock }, settings: { watchSeconds: 5 } })
  const { simulator, reported } = world
  const { id } = simulator.placeOrder({ phone: '+380670000001', stateId: 1 })
  await clock.allAsleep(2)
  await clock.wakeAll()
  simulator.moveOrder(id, 3)
  await clock.wakeAll()
  await simulator.goDown()
  await clock.wakeAll()
  await clock.wakeAll()
  await simulator.comeBack()
  await clock.wakeAll()

  assert.deepEqual(
    reported.map((event) =>
      event.name === 'order.stage-changed' ? [event.from, event.stage] : nameOrState(event),
    ),
    ['connecting', 'connected', ['new', 'searching'], 'lost', 'connected'],
  )
})

function nameOrState(event: DispatchEvent | DispatchRequest): string {
  return event.name === 'connection.changed' ? event.state : event.name
}

/** Sleepers wake when the test says so. */
function clockByHand() {
  let sleepers: (() => void)[] = []
  let noticed = () => {}

  async function allAsleep(count: number) {
    while (sleepers.length < count) {
      await new Promise<void>((resolve) => {
        noticed = resolve
      })
    }
  }
  return {
    ...realClock,
    allAsleep,
    sleep: (_milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        sleepers.push(resolve)
        noticed()
      }),
    /** Lets both loops go round once. */
    async wakeAll() {
      const woken = sleepers
      sleepers = []
      for (const wake of woken) wake()
      await allAsleep(woken.length)
    },
  }
}
