import type { AdapterServices } from '#core/adapter.ts'
import type { Settings } from '../settings.ts'
import { startPassengers } from './passengers.ts'
import { startAriSimulator } from './simulator.ts'

/** The exchange of the living company with its people, and the settings that reach it. */
export async function simulate({
  cleanup,
  clock,
  log,
}: Pick<AdapterServices<'telephony', typeof Settings>, 'cleanup' | 'clock' | 'log'>) {
  const exchange = cleanup.use(await startAriSimulator({ clock, log }))
  cleanup.use(startPassengers({ exchange, clock }))
  log.info({ url: exchange.url }, 'A simulated Asterisk is open')
  return { url: `${exchange.url}/ari`, username: exchange.user, password: exchange.password }
}
