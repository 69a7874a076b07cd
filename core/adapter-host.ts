/** Connects adapters to their neighbours, or to their neighbours' simulators. */
import type { Logger } from 'pino'
import type { Adapter, FactsOfSite, PortName, Ports, Report } from './adapter.ts'
import type { Clock } from './clock.ts'
import type { Site } from './services.ts'
import { checkSettings } from './settings.ts'
import { unlessAborted } from './unless-aborted.ts'

export interface AdapterHostOptions {
  cleanup: AsyncDisposableStack
  clock: Clock
  log: Logger
  site: Site
  facts: FactsOfSite
}

export async function connectAdapter<Port extends PortName>(
  adapter: Adapter<Port>,
  section: unknown,
  report: Report<Port>,
  host: AdapterHostOptions,
): Promise<Ports[Port]['port']> {
  return await adapter.connect({ ...(await servicesOf(adapter, section, host)), report })
}

/** How the neighbour is, in a few words; rejects with what is wrong, also when `signal` says that it took too long. */
export async function examineAdapter(
  adapter: Adapter,
  section: unknown,
  { signal, ...host }: AdapterHostOptions & { signal: AbortSignal },
): Promise<string> {
  const services = await servicesOf(adapter, section, host)
  if (adapter.examine) return await unlessAborted(adapter.examine({ ...services, signal }), signal)
  const found = Promise.withResolvers<string>()
  let standing = 'it gave no sign of life'
  const hear = (event: Ports[PortName]['event']) => {
    if (event.name !== 'connection.changed') return
    standing = event.because ?? event.state
    if (event.state === 'connected') found.resolve('connected')
  }
  const kept = () => Promise.reject(new Error('who only looks takes no requests'))
  await adapter.connect({ ...services, report: Object.assign(hear, { kept }), isLookingOnly: true })
  if (adapter.provides === 'messages') return 'its settings are in order; nothing was sent'
  return await unlessAborted(found.promise, signal).catch(() => {
    throw new Error(standing)
  })
}

async function servicesOf(
  adapter: Adapter,
  section: unknown,
  { cleanup, clock, log, site, facts }: AdapterHostOptions,
) {
  const own = cleanup.use(new AsyncDisposableStack())
  const services = { cleanup: own, clock, log: log.child({ adapter: adapter.name }), site, facts }
  const { simulated, ...given } = (section ?? {}) as { simulated?: boolean }
  const reaching = simulated && adapter.simulate ? await adapter.simulate(services) : {}
  const settings = checkSettings(
    adapter.settings,
    { ...given, ...(reaching as object) },
    `adapters.${adapter.name}`,
  )
  return { ...services, settings }
}
