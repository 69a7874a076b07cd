/** The dispatch program of a living company: orders come, move and end by themselves. */
import type { AdapterServices } from '#core/adapter.ts'
import { keepDoing } from '#core/asking/keep-doing.ts'
import type { Stage } from '#core/ports/dispatch.ts'
import { type DispatchSimulator, startDispatchSimulator } from './simulator.ts'

const life: readonly Stage[] = [
  'new',
  'searching',
  'assigned',
  'driver_on_way',
  'arrived',
  'client_in_car',
  'done',
]
const clients = 30
const everySeconds = 4

export async function simulate({
  cleanup,
  clock,
  log,
}: Pick<AdapterServices<'dispatch', never>, 'cleanup' | 'clock' | 'log'>) {
  const simulator = await startDispatchSimulator({ clock })
  cleanup.defer(() => simulator.stop())
  const closing = new AbortController()
  let hours = 0
  const living = keepDoing(
    async () => {
      hours += 1
      liveOn(simulator, hours)
    },
    {
      clock,
      signal: closing.signal,
      pause: () => everySeconds * 1_000,
      failed: (thrown) => log.error({ err: thrown }, 'The simulated dispatch program broke'),
    },
  )
  cleanup.defer(() => {
    closing.abort()
    return living
  })
  for (let hour = 0; hour < clients; hour += 1) liveOn(simulator, hour)
  log.info({ url: simulator.url }, 'A simulated dispatch program is open')
  return settingsFor(simulator)
}

/** One client orders, and one order in three comes further. */
function liveOn(simulator: DispatchSimulator, hour: number) {
  const phone = `+38067${String((hour % clients) + 1).padStart(7, '0')}`
  if (simulator.currentOf(phone).length === 0) simulator.place(phone)
  for (const order of simulator.orders.values()) {
    const next = life[life.indexOf(order.stage) + 1]
    if (next && (Number(order.id) + hour) % 3 === 0) simulator.move(order, next)
  }
}

/** Settings that reach a simulator. */
export function settingsFor({ url, token }: Pick<DispatchSimulator, 'url' | 'token'>) {
  return { url, token, allowPlainHttp: true }
}
