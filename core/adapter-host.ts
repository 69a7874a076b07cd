/** Connects adapters to their neighbours, or to their neighbours' simulators. */
import type { Logger } from 'pino'
import type { Adapter, FactsOfSite, PortName, Ports, Report } from './adapter.ts'
import type { Clock } from './clock.ts'
import type { Site } from './services.ts'
import { checkSettings } from './settings.ts'

export interface AdapterHostOptions {
  cleanup: AsyncDisposableStack
  clock: Clock
  log: Logger
  site: Site
  facts: FactsOfSite
  isLookingOnly?: boolean
}

export async function connectAdapter<Port extends PortName>(
  adapter: Adapter<Port>,
  section: unknown,
  report: Report<Port>,
  { cleanup, log, ...shared }: AdapterHostOptions,
): Promise<Ports[Port]['port']> {
  const own = cleanup.use(new AsyncDisposableStack())
  const services = { ...shared, cleanup: own, log: log.child({ adapter: adapter.name }) }
  const { simulated, ...given } = (section ?? {}) as { simulated?: boolean }
  const reaching = simulated && adapter.simulate ? await adapter.simulate(services) : {}
  const settings = checkSettings(
    adapter.settings,
    { ...given, ...(reaching as object) },
    `adapters.${adapter.name}`,
  )
  return await adapter.connect({ ...services, settings, report })
}
