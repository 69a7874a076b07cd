/** The simulated company that `npm start` opens when no Taxi-Master is configured. */
import type { AdapterServices } from '#core/adapter.ts'
import { liveInCity } from './city.ts'
import type { TaxiMasterSimulator } from './simulator.ts'
import { startTaxiMasterSimulator } from './simulator.ts'

const seed = 20

/** As the simulated company writes numbers: `0670000001`. */
const nationalNumbers = {
  toDispatch: [{ startsWith: '+380', strip: '+38' }],
  fromDispatch: [{ startsWith: '0', length: 10, prepend: '+38' }],
}

export async function simulate({
  cleanup,
  clock,
  log,
}: Pick<AdapterServices<'dispatch', never>, 'cleanup' | 'clock' | 'log'>) {
  const simulator = await startTaxiMasterSimulator({ clock })
  cleanup.defer(() => simulator.stop())

  const closing = new AbortController()
  const city = liveInCity(simulator, clock, seed, closing.signal)
  cleanup.defer(() => {
    closing.abort()
    return city
  })
  log.info({ url: simulator.url }, 'A simulated Taxi-Master is open')
  return settingsFor(simulator)
}

/** Settings that reach a simulator. */
export function settingsFor({
  url,
  keys,
  fingerprint,
}: Pick<TaxiMasterSimulator, 'url' | 'keys' | 'fingerprint'>) {
  return {
    url,
    allowPlainHttp: url.startsWith('http:'),
    keys,
    tls: { fingerprint },
    phones: { orders: nationalNumbers, sms: nationalNumbers, tapi: nationalNumbers },
  }
}
