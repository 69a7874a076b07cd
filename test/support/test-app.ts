/**
 * One plugin in a house of its own: the real bus, calls, reception, database and intents, a scripted
 * exchange, and a clock that the test moves. For the plugins of the house and for integrators'.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import pino from 'pino'
import { Registry } from 'prom-client'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import type { FactName, Stamped } from '#core/call-bus/events.ts'
import type { Line } from '#core/calls/call.ts'
import { openCallHouse } from '#core/calls/call-house.ts'
import { isPhoneEvent, openHousePhones } from '#core/calls/house-phones.ts'
import { openPlaces } from '#core/calls/places.ts'
import { openReception } from '#core/calls/reception.ts'
import { openRoutes } from '#core/calls/routes.ts'
import { openDatabase } from '#core/database/database.ts'
import { openJournal } from '#core/database/journal.ts'
import { openLinks } from '#core/http/links.ts'
import { openKeptRequests } from '#core/kept-requests.ts'
import type { Telling } from '#core/messages/messages.ts'
import { openCommandBook, openCommandDesk } from '#core/mqtt/commands.ts'
import { openPhones } from '#core/phones.ts'
import type { Plugin } from '#core/plugin.ts'
import { openPluginHost } from '#core/plugin-host.ts'
import type { Dispatch } from '#core/ports/dispatch.ts'
import { openScriptedExchange, type ScriptedExchange } from '#core/ports/scripted-exchange.ts'
import type { Speech } from '#core/ports/speech.ts'
import { withoutDispatch } from '#core/ports/without-dispatch.ts'
import type { Language } from '#core/schema.ts'
import { personAt } from './person.ts'
import { openTestClock, settled, type TestClock } from './test-clock.ts'

export interface TestAppOptions {
  plugin: Plugin
  settings?: unknown
  dispatch?: Partial<Dispatch>
  language?: Language
  speech?: Speech
  /** Phones that are in a talk may ring for one more. */
  secondLine?: boolean
  /** Calls of ours at once. */
  outgoingAtMost?: number
  /** Instead of one line for every number. */
  lines?: (Pick<Line, 'number' | 'name'> & Partial<Line>)[]
  /** Other plugins to run beside it. */
  beside?: Plugin[]
  /** A house of before that was closed, to be opened again; without it: a new one. */
  folder?: string
  /** Since then so many milliseconds have passed. */
  after?: number
  /** The exchange and the time of a house that died in the midst of calls. */
  exchange?: ScriptedExchange
  clock?: TestClock
}

/** The part of a test that can be cleaned up after; `node:test` gives it. */
interface Cleaner {
  after(cleanup: () => Promise<void>): void
}

const reached = 'call.waiting'

export async function startTestApp(t: Cleaner, options: TestAppOptions) {
  const { plugin, language = 'en' } = options
  const house = new AsyncDisposableStack()
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'callbus-test-')))

  const clock = options.clock ?? openTestClock()
  await clock.advance(options.after ?? 0)
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
  const database = house.use(
    await openDatabase({ kind: 'sqlite', file: join(folder, 'test.sqlite') }, { log }),
  )
  const journal = house.use(await openJournal({ database: database.kysely, clock, log }))
  const bus = openCallBus({ clock, log, lastFactId: journal.lastFactId })
  const facts: Stamped[] = []
  bus.onAny((fact) => {
    facts.push(fact)
    journal.append(fact)
  })
  const site = {
    name: 'test',
    title: 'Test',
    country: 'UA',
    language,
    timeZone: 'Europe/Kyiv',
    secondLine: options.secondLine ?? false,
    folder,
    dataFolder: folder,
  }
  const exchange = options.exchange ?? openScriptedExchange({ clock })
  const phones = openPhones({ country: site.country })
  const places = openPlaces()
  const routes = openRoutes({ telephony: exchange.port, bus })
  const reception = openReception({ bus, clock, log })
  const dispatch = options.dispatch ? { ...withoutDispatch, ...options.dispatch } : undefined
  const screens = [plugin, ...(options.beside ?? [])].map((each) => each.name)
  const calls = openCallHouse({
    bus,
    clock,
    dispatch,
    journal,
    lines: (options.lines ?? [{ number: '*', name: 'main' }]).map((line) => ({
      language,
      screens,
      fallback: 'operators',
      ...line,
    })),
    log,
    phones,
    places,
    reception,
    site,
    telephony: routes.telephony,
    voice: { speak: async (saying) => ({ file: saying.name, url: '', seconds: 1 }) },
    deadlines: { dispatch: 1_500, silence: 4_000 },
    outgoingAtMost: options.outgoingAtMost ?? 10,
    defaultMusic: 'default',
  })
  const housePhones = openHousePhones({ bus, log })
  exchange.listen((event) => (isPhoneEvent(event) ? housePhones.hear(event) : calls.handle(event)))

  const http = Fastify({ ajv: { customOptions: { removeAdditional: false } } })
  house.defer(() => http.close())
  const requests = await openKeptRequests({ database: database.kysely, journal, bus, clock, log })
  const commands = openCommandBook([])
  const desk = openCommandDesk({ commands, mayWith: undefined, clock })
  const voice = { speak: async () => ({ file: '', url: '', seconds: 1 }) }
  const told: Telling[] = []
  const host = house.use(
    openPluginHost({
      shared: {
        calls,
        clock,
        database: database.kysely,
        dispatch: dispatch ?? withoutDispatch,
        housePhones,
        journal,
        links: await openLinks({ dataFolder: folder, clock }),
        messages: {
          async tell(telling) {
            told.push(telling)
            return ['ann']
          },
        },
        metrics: new Registry(),
        phones,
        site,
        speech: options.speech,
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
      http: (name) => ({
        register: (routes) => void http.register(routes, { prefix: `/api/plugins/${name}` }),
        registerAtRoot: (routes) => void http.register(routes),
        close: () => undefined,
      }),
    }),
  )
  for (const each of options.beside ?? []) await host.start(each, {})
  await host.start(plugin, options.settings ?? {})
  house.use(requests.startTelling())
  const failed = facts.find((fact) => fact.name === 'plugin.failed')
  if (failed) throw new Error(failed.data.because)
  if (!places.find('operators')) {
    places.ownedBy('test', house).offer('operators', async (caller, { because }) => {
      caller.waitsAt('operators', because)
      using _music = caller.playOnHold()
      await caller.press('hang up')
    })
  }
  t.after(() => house.disposeAsync())
  if (!options.folder) t.after(() => rm(folder, { recursive: true, force: true }))

  return {
    /** The house is gone in the midst of everything; the exchange and the folder stay. */
    async die() {
      exchange.listen(() => undefined)
      await house.disposeAsync()
    },
    bus,
    calls,
    clock,
    folder,
    /** Closes the house as a stop does; what it wrote is still there. */
    close: () => house.disposeAsync(),
    database: database.kysely,
    exchange,
    facts,
    http,
    journal,
    log,
    logged,
    /** What responsible people were told. */
    told,
    /** What plugins render with; a test may make it slow. */
    voice,
    factsNamed: <Name extends FactName>(name: Name) =>
      facts.filter((fact): fact is Extract<Stamped, { name: Name }> => fact.name === name),

    /** A program sends a command over MQTT; its answer. */
    command: (name: string, message: object) =>
      desk.answer(name, new TextEncoder().encode(JSON.stringify(message))),

    /** A caller rings; what he hears is let to its end unless he presses a key. */
    async ring(call: { from?: string; to?: string; extension?: string } = {}) {
      const leg = exchange.ring({ to: '100', ...call })
      await settled()
      return {
        ...personAt(leg, exchange),
        /** The place where he ends up waiting. */
        async reaches(): Promise<string | undefined> {
          await this.hears()
          return facts.filter((fact) => fact.name === reached).at(-1)?.data.place
        },
      }
    },
  }
}
