/** The simulated company that `npm start` opens when no Taxi-Master is configured. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { AdapterServices } from '#core/adapter.ts'
import { liveInCity } from './city.ts'
import type { TaxiMasterSimulator } from './simulator.ts'
import { startTaxiMasterSimulator } from './simulator.ts'
import { assigns, takesOffLine } from './system-events.ts'

const seed = 20

/** As the simulated company writes numbers: `0670000001`. */
const nationalNumbers = {
  toDispatch: [{ startsWith: '+380', strip: '+38' }],
  fromDispatch: [{ startsWith: '0', length: 10, prepend: '+38' }],
}

/** The scripts it starts as orders enter states, and what they stand for here. */
export const scriptsOfStates = { 6: 'no_cars', 7: 'car_assigned', 10: 'car_arrived', 51: 'car_delayed' }
const actionsOfScripts = {
  no_cars: 'no-car',
  car_assigned: 'assigned',
  car_arrived: 'arrived',
  car_delayed: 'delayed',
}

export async function simulate({
  cleanup,
  clock,
  log,
}: Pick<AdapterServices<'dispatch', never>, 'cleanup' | 'clock' | 'log'>) {
  const simulator = await startTaxiMasterSimulator({ clock })
  cleanup.defer(() => simulator.stop())

  const closing = new AbortController()
  const city = liveInCity(simulator, { clock, seed }, closing.signal)
  cleanup.defer(() => {
    closing.abort()
    return city
  })
  const port = await freePort()
  simulator.outgoing.callThrough({ url: `http://127.0.0.1:${port}`, scripts: scriptsOfStates })
  log.info({ url: simulator.url }, 'A simulated Taxi-Master is open')
  return { ...settingsFor(simulator), door: { host: '127.0.0.1', port, scripts: actionsOfScripts } }
}

/** It takes us for its Oktell before we are there, so the door's port is found beforehand. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
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
    timeZone: 'UTC',
    offLineEvent: takesOffLine.code,
    newOrders: { assignEvent: assigns.code },
    phones: { orders: nationalNumbers, sms: nationalNumbers, tapi: nationalNumbers },
  }
}
