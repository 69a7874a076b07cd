/** Opens the house: container, bus, adapters, plugins; closes in the reverse of how it opened. */
import { join } from 'node:path'
import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { Adapter } from './adapter.ts'
import { openCallBus } from './call-bus/call-bus.ts'
import { openCallHouse } from './calls/call-house.ts'
import { isPhoneEvent, openHousePhones } from './calls/house-phones.ts'
import { toLines } from './calls/lines.ts'
import { openPlaces } from './calls/places.ts'
import { openReception } from './calls/reception.ts'
import { openRoutes } from './calls/routes.ts'
import { type Clock, realClock } from './clock.ts'
import { connectNeighbours } from './connect-neighbours.ts'
import { keepCheckpoints } from './database/checkpoints.ts'
import { openDatabase } from './database/database.ts'
import { openJournal } from './database/journal.ts'
import { toAddress } from './database/settings.ts'
import { keepFigures } from './figures.ts'
import { toAuthority } from './http/authority.ts'
import { partsOf } from './http/health.ts'
import { type Http, openHttp } from './http/http.ts'
import { openLinks } from './http/links.ts'
import { ensureFree } from './http/port-holder.ts'
import { promptRoutes } from './http/prompts.ts'
import { openKeptRequests } from './kept-requests.ts'
import { openLog } from './log.ts'
import { openMessages } from './messages/messages.ts'
import { houseCommands, openCommandBook } from './mqtt/commands.ts'
import { openMqtt } from './mqtt/mqtt.ts'
import { openNeighbours } from './neighbours.ts'
import { openPhones } from './phones.ts'
import type { Plugin } from './plugin.ts'
import { openPluginHost, tellFailed } from './plugin-host.ts'
import { withoutDispatch } from './ports/without-dispatch.ts'
import { findAdapter, findAll, findPlugin } from './registry.ts'
import type { Site } from './services.ts'
import { Settings } from './settings.ts'
import { unknownPlaces } from './unknown-places.ts'
import { openUsers } from './users/users.ts'
import { type OpenVoice, openVoice } from './voice/voice.ts'
import { constantsOf } from './voice/words.ts'

/** When prompts that nobody heard for long and old requests are removed: a quiet minute of each night. */
const pruneAt = '17 4 * * *'

export interface AppOptions {
  settings: Settings
  /** Absolute path of the site's folder. */
  folder: string
  /** Absolute path of what Callbus writes. Default: `data` in the site's folder. */
  dataFolder?: string
  clock?: Clock
  log?: Logger
  /** Found by name unless given; tests give their own. */
  adapters?: Adapter[]
  plugins?: Plugin[]
  /** Another voice than the settings say; where a call is only rehearsed. */
  voice?: OpenVoice
}

export interface App {
  /** `http://127.0.0.1:8080` */
  readonly address: string
  /** Signs an administrator in once. */
  signInLink(): Promise<string>
  /** Finish conversations, lead who is left to the exchange's own fallback, leave. Talks go on without us. */
  stop(hurry?: AbortSignal): Promise<void>
}

export async function startApp(options: AppOptions): Promise<App> {
  const { settings, folder, clock = realClock } = options
  const dataFolder = options.dataFolder ?? join(folder, 'data')
  const site: Site = { ...settings.site, folder, dataFolder }
  const log = options.log ?? openLog()
  const house = new AsyncDisposableStack()

  try {
    await ensureFree(settings.http)
    if (!settings.mqtt.url) await ensureFree(settings.mqtt)
    const store = toAddress(settings.database, dataFolder)
    const database = house.use(await openDatabase(store, { log }))
    if (store.kind === 'sqlite')
      house.use(await keepCheckpoints({ database: database.kysely, file: store.file, log }))
    const journal = house.use(await openJournal({ database: database.kysely, clock, log }))
    const bus = openCallBus({ clock, log, lastFactId: journal.lastFactId })
    bus.onAny((fact) => journal.append(fact))
    const requests = await openKeptRequests({ database: database.kysely, journal, bus, clock, log })

    const metrics = new Registry()
    const phones = openPhones({ country: site.country })
    const neighbours = openNeighbours(bus)
    const users = openUsers({ database: database.kysely, clock })
    const links = await openLinks({ dataFolder, clock })
    const voice = house.use(
      options.voice ??
        (await openVoice({ settings: settings.voice, site, clock, log, baseUrl: baseUrl(settings) })),
    )

    const pruning = schedule(pruneAt, async () => {
      for (const pruned of await Promise.allSettled([voice.prune(), requests.prune()]))
        if (pruned.status === 'rejected')
          log.error(
            { err: pruned.reason },
            'Old prompts or requests could not be removed; the next night tries again',
          )
    })
    house.defer(() => pruning.destroy())

    const adapters = options.adapters ?? (await findAll(settings.adapters, folder, findAdapter))
    const own = { cleanup: house, clock, log, site, facts: journal.factsNamed }
    const connected = await connectNeighbours({ adapters, settings, bus, requests, own })
    const { dispatch, speech } = connected

    const messages = house.use(
      await openMessages({
        database: database.kysely,
        carriers: connected.carriers,
        settings: settings.messages,
        bus,
        clock,
        log,
        timeZone: site.timeZone,
      }),
    )

    const housePhones = openHousePhones({ bus, log })
    const places = openPlaces()
    const routes = openRoutes({ telephony: connected.telephony, bus })
    const reception = openReception({ bus, clock, log })
    const plugins =
      options.plugins ??
      (await findAll(settings.plugins, folder, findPlugin, (name, thrown) =>
        tellFailed(name, thrown, { bus, log }),
      ))
    const lines = toLines(settings, plugins)
    const calls = openCallHouse({
      bus,
      clock,
      dispatch,
      journal,
      lines,
      log,
      phones,
      places,
      reception,
      site,
      telephony: routes.telephony,
      voice,
      deadlines: { dispatch: settings.calls.dispatchDeadline, silence: settings.calls.silenceDeadline },
      outgoingAtMost: settings.calls.outgoingAtMost,
      defaultMusic: settings.calls.music,
    })

    keepFigures({ bus, calls, neighbours, metrics })

    const http: Http = house.use(
      await openHttp({
        settings: settings.http,
        site: { ...site, name: settings.site.title },
        users,
        links,
        log,
        clock,
        bus,
        journal,
        calls,
        phones,
        metrics,
        neighbours,
        health: () => partsOf(neighbours, host.running),
      }),
    )
    http.register(promptRoutes(voice))

    const commands = openCommandBook(houseCommands({ calls }))
    house.use(
      await openMqtt({
        settings: settings.mqtt,
        site,
        bus,
        commands,
        users,
        clock,
        log,
      }),
    )

    const host = house.use(
      openPluginHost({
        shared: {
          calls,
          clock,
          database: database.kysely,
          dispatch: dispatch ?? withoutDispatch,
          housePhones,
          journal,
          links,
          messages,
          metrics,
          phones,
          site,
          speech,
          voice,
        },
        bus,
        journal,
        clock,
        commands,
        requests,
        log,
        places,
        reception,
        routes,
        http: (name, ownLog) => http.pluginScope(name, { log: ownLog }),
      }),
    )
    for (const plugin of plugins) await host.start(plugin, settings.plugins[plugin.name])
    tellOfUnknownPlaces()
    house.use(requests.startTelling())

    const languages = new Set(lines.map(({ language }) => language))
    for (const plugin of plugins) void voice.prewarm(constantsOf(plugin.words ?? {}), languages)

    const { url: address } = await http.listen()
    connected.listen((event) => (isPhoneEvent(event) ? housePhones.hear(event) : calls.handle(event)))
    log.info({ address, plugins: host.running }, 'Callbus is open')

    return {
      address,
      async signInLink() {
        const administrator = await users.ensureAdministrator()
        return `${address}/sign-in/${await users.makeSignInLink(administrator.id)}`
      },
      async stop(hurry = new AbortController().signal) {
        const patience = AbortSignal.any([hurry, AbortSignal.timeout(settings.calls.stopPatience * 1_000)])
        log.info('Finishing conversations')
        await calls.drained(patience)
        log.info('Leading who is left to the fallback of the exchange')
        await calls.leave()
        log.info('Closing the house')
        await house.disposeAsync()
        log.info('Callbus is closed')
      },
    }

    function tellOfUnknownPlaces() {
      const lines = { at: 'lines', schema: Settings.properties.lines, settings: settings.lines }
      for (const mistake of unknownPlaces([lines, ...host.sections], places.names()))
        log.error({ code: 'PLACE_NOT_OFFERED' }, mistake)
    }
  } catch (thrown) {
    await house.disposeAsync().catch(() => undefined)
    throw thrown
  }
}

function baseUrl({ http }: Settings): string {
  return `http://${toAuthority(http.host, http.port)}`
}
