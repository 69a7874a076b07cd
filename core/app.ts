/** Opens the house: container, bus, adapters, plugins; closes in the reverse of how it opened. */
import { join } from 'node:path'
import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { Adapter, Ports } from './adapter.ts'
import { connectAdapter } from './adapter-host.ts'
import { openCallBus } from './call-bus/call-bus.ts'
import type { Line } from './calls/call.ts'
import { openCallHouse } from './calls/call-house.ts'
import { isPhoneEvent, openHousePhones } from './calls/house-phones.ts'
import { inOrderOfVerdicts } from './calls/order-of-verdicts.ts'
import { openPlaces } from './calls/places.ts'
import { openReception } from './calls/reception.ts'
import { openRoutes } from './calls/routes.ts'
import { type Clock, realClock } from './clock.ts'
import { keepCheckpoints } from './database/checkpoints.ts'
import { openDatabase } from './database/database.ts'
import { openJournal } from './database/journal.ts'
import { toAddress } from './database/settings.ts'
import { CallbusError, reasonOf } from './errors.ts'
import { keepFigures } from './figures.ts'
import type { Part } from './http/health.ts'
import { type Http, openHttp } from './http/http.ts'
import { openLinks } from './http/links.ts'
import { ensureFree } from './http/port-holder.ts'
import { promptRoutes } from './http/prompts.ts'
import { openKeptRequests } from './kept-requests.ts'
import { openLog } from './log.ts'
import { connectCarriers } from './messages/carriers.ts'
import { openMessages } from './messages/messages.ts'
import { houseCommands, openCommandBook } from './mqtt/commands.ts'
import { openMqtt } from './mqtt/mqtt.ts'
import { type Neighbours, openNeighbours } from './neighbours.ts'
import { moreThanOne, type OnlyPort } from './only-ports.ts'
import { openPhones } from './phones.ts'
import type { Plugin } from './plugin.ts'
import { openPluginHost } from './plugin-host.ts'
import type { TelephonyEvent } from './ports/telephony.ts'
import { withoutDispatch } from './ports/without-dispatch.ts'
import { findAdapter, findPlugin } from './registry.ts'
import type { Language } from './schema.ts'
import type { Site } from './services.ts'
import { Settings, SettingsInvalid } from './settings.ts'
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
          log.error({ err: pruned.reason }, 'What is old could not be removed')
    })
    house.defer(() => pruning.destroy())

    const adapters = options.adapters ?? (await found(settings.adapters, folder, findAdapter))
    const sectionOf = (adapter: Adapter) => settings.adapters[adapter.name]
    const own = { cleanup: house, clock, log, site, facts: journal.factsNamed }

    const dispatchReports = heldReports<Ports['dispatch']['event']>()
    const dispatchAdapter = providing(adapters, 'dispatch')
    const dispatch = dispatchAdapter
      ? await connectAdapter(
          dispatchAdapter,
          sectionOf(dispatchAdapter),
          Object.assign(dispatchReports.report, { kept: requests.keeperFor(dispatchAdapter.name) }),
          own,
        )
      : undefined

    const speechReports = heldReports<Ports['speech']['event']>()
    const speechAdapter = providing(adapters, 'speech')
    const speech = speechAdapter
      ? await connectAdapter(speechAdapter, sectionOf(speechAdapter), speechReports.report, own)
      : undefined

    const telephonyAdapter = providing(adapters, 'telephony')
    if (!telephonyAdapter) {
      throw new CallbusError('SETTINGS_INVALID', {
        mistakes: '`adapters` names no exchange, such as `asterisk`',
      })
    }
    const reports = heldReports<TelephonyEvent>()
    const telephony = await connectAdapter(telephonyAdapter, sectionOf(telephonyAdapter), reports.report, own)

    const messages = house.use(
      await openMessages({
        database: database.kysely,
        carriers: await connectCarriers(adapters, settings, own),
        settings: settings.messages,
        bus,
        clock,
        log,
        timeZone: site.timeZone,
      }),
    )

    const housePhones = openHousePhones({ bus, log })
    const places = openPlaces()
    const routes = openRoutes({ telephony: telephony, bus })
    const reception = openReception({ bus, clock, log })
    const plugins = options.plugins ?? (await found(settings.plugins, folder, findPlugin, skipUnknown))
    const calls = openCallHouse({
      bus,
      clock,
      dispatch,
      journal,
      lines: toLines(settings, plugins),
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
        health: () => toParts(neighbours, host.running),
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

    for (const plugin of plugins) void voice.prewarm(constantsOf(plugin.words ?? {}), languagesOf(settings))

    const { url: address } = await http.listen()
    dispatchReports.open(hearDispatch)
    speechReports.open((event) => bus.publish(event.name, { neighbour: 'speech', ...withoutName(event) }))
    reports.open((event) => (isPhoneEvent(event) ? housePhones.hear(event) : calls.handle(event)))
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

    function hearDispatch(event: Ports['dispatch']['event']) {
      switch (event.name) {
        case 'connection.changed':
          return bus.publish(event.name, { neighbour: 'dispatch', ...withoutName(event) })
        case 'order.stage-changed':
          return bus.publish(event.name, withoutName(event))
      }
    }

    function skipUnknown(name: string, thrown: unknown) {
      const code = thrown instanceof CallbusError ? thrown.code : 'PLUGIN_START_FAILED'
      log.error({ plugin: name, code, err: thrown }, reasonOf(thrown))
      bus.publish('plugin.failed', { plugin: name, code, because: reasonOf(thrown).slice(0, 500) })
    }
  } catch (thrown) {
    await house.disposeAsync().catch(() => undefined)
    throw thrown
  }
}

/** What the sections name, in their order; one that cannot be found stops the start unless `skip` takes it. */
async function found<Thing>(
  sections: Record<string, unknown>,
  folder: string,
  find: (name: string, folder: string) => Promise<Thing>,
  skip?: (name: string, thrown: unknown) => void,
): Promise<Thing[]> {
  const things: Thing[] = []
  for (const [name, section] of Object.entries(sections)) {
    if (section === false) continue
    try {
      things.push(await find(name, folder))
    } catch (thrown) {
      if (!skip) throw thrown
      skip(name, thrown)
    }
  }
  return things
}

function withoutName<Event extends { name: string }>({ name: _, ...data }: Event): Omit<Event, 'name'> {
  return data
}

/** What `/ready` tells: the exchange is vital, everything else may be away. */
function toParts(neighbours: Neighbours, plugins: readonly string[]): Part[] {
  const states = { connected: 'ready', connecting: 'starting', lost: 'lost' } as const
  const parts = neighbours.list().map(
    ({ name, state }): Part => ({
      name,
      state: states[state],
      isVital: name === 'exchange',
    }),
  )
  if (!parts.some(({ name }) => name === 'exchange')) {
    parts.push({ name: 'exchange', state: 'starting', isVital: true })
  }
  return [...parts, ...plugins.map((name): Part => ({ name, state: 'ready', isVital: false }))]
}

function providing<Port extends OnlyPort>(
  adapters: readonly Adapter[],
  port: Port,
): Adapter<Port> | undefined {
  const mistakes = moreThanOne(port, adapters)
  if (mistakes.length > 0) throw new SettingsInvalid(mistakes)
  return adapters.find((adapter): adapter is Adapter<Port> => adapter.provides === port)
}

/** Neighbours may speak before the house is open: what they say waits. */
function heldReports<Event>() {
  const waiting: Event[] = []
  let hear: (event: Event) => void = (event) => waiting.push(event)
  return {
    report: (event: Event) => hear(event),
    open(handle: (event: Event) => void) {
      hear = handle
      for (const event of waiting.splice(0)) handle(event)
    },
  }
}

function toLines(settings: Settings, plugins: readonly Plugin[]): Line[] {
  const all = inOrderOfVerdicts(plugins)
  return settings.lines.map((line) => ({
    number: line.number,
    name: line.name,
    language: line.language ?? settings.site.language,
    screens: line.screens ?? all,
    fallback: line.fallback,
    ...aboutLine(line),
  }))
}

function aboutLine({ city, brand, crewGroup, tariff, venue }: Settings['lines'][number]): Partial<Line> {
  const known = Object.entries({ city, brand, crewGroup, tariff, venue })
  return Object.fromEntries(known.filter(([, value]) => value !== undefined))
}

function languagesOf(settings: Settings): Set<Language> {
  return new Set(settings.lines.map((line) => line.language ?? settings.site.language))
}

function baseUrl({ http }: Settings): string {
  return `http://${http.host}:${http.port}`
}
