/** Starts plugins, each in a scope of its own, and stops them in reverse. */
import { asFunction, asValue, createContainer, InjectionMode } from 'awilix'
import type { Logger } from 'pino'
import type { CallBus, HouseBus } from './call-bus/call-bus.ts'
import { openIntents } from './calls/intents.ts'
import type { PlaceBook } from './calls/places.ts'
import type { FrontDesk } from './calls/reception.ts'
import type { RouteBook } from './calls/routes.ts'
import type { Clock } from './clock.ts'
import type { Journal } from './database/journal.ts'
import { migrate } from './database/migrations.ts'
import { CallbusError, reasonOf } from './errors.ts'
import { inTime } from './in-time.ts'
import type { KeptRequests } from './kept-requests.ts'
import type { CommandBook } from './mqtt/commands.ts'
import type { Plugin } from './plugin.ts'
import { openPriceNotes } from './price-notes.ts'
import type { PluginHttp, Services } from './services.ts'
import { checkSettings } from './settings.ts'
import type { Section } from './unknown-places.ts'

/** How long a plugin may take to start, in milliseconds. */
const startDeadline = 10_000

export interface PluginHostOptions {
  /** What every plugin sees alike. */
  shared: Pick<
    Services,
    | 'calls'
    | 'clock'
    | 'database'
    | 'dispatch'
    | 'housePhones'
    | 'journal'
    | 'links'
    | 'messages'
    | 'metrics'
    | 'phones'
    | 'site'
    | 'speech'
    | 'voice'
  >
  bus: HouseBus
  journal: Journal
  clock: Clock
  commands: CommandBook
  requests: Pick<KeptRequests, 'keeperFor'>
  log: Logger
  places: PlaceBook
  routes: RouteBook
  reception: FrontDesk
  /** The plugin's own place on HTTP. */
  http(plugin: string, log: Logger): PluginHttp & { close(): void }
}

export interface PluginHost extends AsyncDisposable {
  /** A plugin that fails is shown as failed while the rest of the house opens. */
  start(plugin: Plugin, section: unknown): Promise<void>
  readonly running: readonly string[]
  /** What each of them was started with. */
  readonly sections: readonly Section[]
}

export function openPluginHost(options: PluginHostOptions): PluginHost {
  const { shared, bus, clock, commands, log, places, reception, requests, routes } = options
  const container = createContainer({ injectionMode: InjectionMode.PROXY, strict: true })
  for (const [name, service] of Object.entries(shared)) container.register(name, asValue(service))
  const priceNotes = openPriceNotes()
  const running: { name: string; cleanup: AsyncDisposableStack; section: Section }[] = []

  async function startOne(plugin: Plugin, section: unknown) {
    const at = `plugins.${plugin.name}`
    const settings = checkSettings(plugin.settings, section, at)
    const mistakes = plugin.mistakes?.(settings, { lines: shared.calls.lines() }) ?? []
    if (mistakes.length > 0)
      throw new CallbusError('PLUGIN_START_FAILED', { plugin: plugin.name, reason: mistakes.join('; ') })
    const cleanup = new AsyncDisposableStack()
    const ownLog = log.child({ plugin: plugin.name })
    const scope = container.createScope()
    scope.register({
      cleanup: asValue(cleanup),
      log: asValue(ownLog),
      settings: asValue(settings),
      bus: asFunction(() => bus.ownedBy(plugin.name, cleanup)).scoped(),
      reception: asFunction(() => reception.ownedBy(plugin.name, cleanup)).scoped(),
      keepRequest: asValue(requests.keeperFor(plugin.name)),
      commands: asFunction(() => commands.ownedBy(plugin.name, cleanup)).scoped(),
      routes: asFunction(() => routes.ownedBy(cleanup)).scoped(),
      places: asFunction(() => places.ownedBy(plugin.name, cleanup)).scoped(),
      priceNotes: asFunction(() => priceNotes.ownedBy(cleanup)).scoped(),
      http: asFunction(() => cleanup.adopt(options.http(plugin.name, ownLog), (own) => own.close())).scoped(),
      intents: asFunction(() =>
        openIntents({ database: shared.database, journal: options.journal, clock, log: ownLog, cleanup }),
      ).scoped(),
    })
    try {
      if (plugin.migrations) await migrate(shared.database, plugin.name, plugin.migrations)
      const starting = plugin.start(scope.cradle as never)
      if (starting)
        await inTime(starting, { clock, milliseconds: startDeadline, late: () => lateFor(plugin) })
      running.push({ name: plugin.name, cleanup, section: { at, schema: plugin.settings, settings } })
    } catch (thrown) {
      await cleanup.disposeAsync().catch(() => undefined)
      throw thrown
    }
  }

  return {
    get running() {
      return running.map(({ name }) => name)
    },

    get sections() {
      return running.map(({ section }) => section)
    },

    async start(plugin, section) {
      try {
        await startOne(plugin, section)
      } catch (thrown) {
        tellFailed(plugin.name, thrown, { bus, log })
      }
    },

    async [Symbol.asyncDispose]() {
      for (const { name, cleanup } of running.toReversed()) {
        await cleanup.disposeAsync().catch((thrown: unknown) => {
          log.error({ plugin: name, reason: reasonOf(thrown) }, 'A plugin did not stop cleanly')
        })
      }
      await container.dispose()
    },
  }
}

/** Of a plugin that did not start, or that could not even be read. */
export function tellFailed(plugin: string, thrown: unknown, { bus, log }: { bus: CallBus; log: Logger }) {
  const failed =
    thrown instanceof CallbusError
      ? thrown
      : new CallbusError('PLUGIN_START_FAILED', { plugin, reason: reasonOf(thrown) }, { cause: thrown })
  log.error({ plugin, code: failed.code, err: thrown }, failed.message)
  bus.publish('plugin.failed', { plugin, code: failed.code, because: failed.message.slice(0, 500) })
}

function lateFor({ name }: Plugin): CallbusError {
  return new CallbusError('PLUGIN_START_FAILED', {
    plugin: name,
    reason: `it took longer than ${startDeadline} ms`,
  })
}
