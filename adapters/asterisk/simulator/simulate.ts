import type { AdapterServices } from '#core/adapter.ts'
import type { Settings } from '../settings.ts'
import { startPassengers } from './passengers.ts'
import { startAriSimulator } from './simulator.ts'

type Services = Pick<AdapterServices<'telephony', typeof Settings>, 'cleanup' | 'clock' | 'log'>

/** The exchange of the living company: started, peopled, and the settings that reach it. */
export async function simulateExchange({ cleanup, clock, log }: Services): Promise<Partial<Settings>> {
  const exchange = cleanup.use(await startAriSimulator({ clock, log, guard: 60 }))
  cleanup.use(startPassengers({ exchange, clock, seed: clock.now() }))
  return { url: `${exchange.url}/ari`, username: exchange.user, password: exchange.password, app: 'callbus' }
}
