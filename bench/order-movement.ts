/**
 * `node bench/order-movement.ts`: ten thousand current orders, some of which move. Prints how long it takes
 * from the move in Taxi-Master until the adapter tells of it, by looks alone and by the door, and what share
 * of a core the adapter took meanwhile.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import type { DispatchEvent } from '#core/ports/dispatch.ts'
import { adapter } from '../adapters/taxi-master/adapter.ts'
import { completed } from '../adapters/taxi-master/simulator/connected.ts'
import { freePort } from '../test/support/ports.ts'
import type { Plan, Told } from './subjects/moving-orders.ts'

const orders = 10_000
const moves = 80
const every = 120
const eventSecret = 'only for this bench'

const subject = fork(new URL('./subjects/moving-orders.ts', import.meta.url), [String(orders)])
const [{ settings: reaching }] = (await once(subject, 'message')) as [{ settings: object }]

async function measure(how: string, run: number, settings: object, door?: Plan['door']) {
  await using cleanup = new AsyncDisposableStack()
  const toldAt = new Map<string, number>()
  const hear = (event: DispatchEvent) => {
    if (event.name === 'order.stage-changed') toldAt.set(event.order, Date.now())
  }
  await adapter.connect({
    settings: completed({ ...reaching, ...settings }),
    report: Object.assign(hear, { kept: async () => 'new' as const }),
    cleanup,
    clock: realClock,
    log: pino({ level: 'silent' }),
    facts: async () => [],
    site: { name: 'bench', country: 'UA', dataFolder: '/nowhere' },
  })
  await pause(3000)

  const movedAt = new Map<string, number>()
  const [cpu, startedAt] = [process.cpuUsage(), Date.now()]
  const plan: Plan = { orders, moves, every, run, ...(door && { door }) }
  subject.send(plan)
  for (let told = await next(); told !== 'done'; told = await next()) {
    if ('order' in told) movedAt.set(told.order, told.at)
  }
  const { user, system } = process.cpuUsage(cpu)
  const share = (user + system) / 1000 / (Date.now() - startedAt)
  await pause(3000)

  const lags = [...movedAt].map(([order, at]) => (toldAt.get(order) ?? Number.POSITIVE_INFINITY) - at)
  lags.sort((one, other) => one - other)
  const [half, most] = [lags[Math.floor(moves * 0.5)], lags[Math.floor(moves * 0.95)]]
  console.log(`${how}: p50 ${half} ms, p95 ${most} ms, ${(share * 100).toFixed(1)} % of a core`)
}

async function next(): Promise<Told> {
  const [told] = (await once(subject, 'message')) as [Told]
  return told
}

const port = await freePort()
await measure('by looks', 0, { watchSeconds: 1, watchFastestSeconds: 0.5 })
await measure(
  'by the door',
  1,
  { watchSeconds: 300, door: { host: '127.0.0.1', port, eventSecret } },
  { url: `http://127.0.0.1:${port}`, eventSecret },
)
subject.kill()
