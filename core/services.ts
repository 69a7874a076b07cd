/** The list of everything a plugin may ask for. */
import type { FastifyPluginAsync } from 'fastify'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { ReportOfRequests } from './adapter.ts'
import type { CallBus } from './call-bus/call-bus.ts'
import type { Calls } from './calls/calls.ts'
import type { HousePhones } from './calls/house-phones.ts'
import type { Intents } from './calls/intents.ts'
import type { Places } from './calls/places.ts'
import type { Reception } from './calls/reception.ts'
import type { Routes } from './calls/routes.ts'
import type { Clock } from './clock.ts'
import type { JournalReader } from './database/journal.ts'
import type { Tables } from './database/tables.ts'
import type { Links } from './http/links.ts'
import type { Messages } from './messages/messages.ts'
import type { Commands } from './mqtt/commands.ts'
import type { Phones } from './phones.ts'
import type { Dispatch, DispatchRequest } from './ports/dispatch.ts'
import type { Speech } from './ports/speech.ts'
import type { PriceNotes } from './price-notes.ts'
import type { Voice } from './voice/voice.ts'

/** What the whole site agrees on. */
export interface Site {
  name: string
  /** ISO 3166 code, which decides how national numbers are read. */
  country: string
  language: string
  timeZone: string
  /** The phone of whoever talks may ring for one more call. */
  secondLine: boolean
  /** Absolute path of the site's folder. */
  folder: string
  /** Absolute path of what Callbus writes: database, rendered prompts, recordings. */
  dataFolder: string
}

/** Adds routes to the plugin's own encapsulated child, under `/api/plugins/<name>`. */
export interface PluginHttp {
  register(routes: FastifyPluginAsync): void
  /** The same outside that prefix, for pages that a browser opens at `/`. */
  registerAtRoot(routes: FastifyPluginAsync): void
}

export interface Services {
  /** Publish facts and listen to them. */
  bus: CallBus
  /** The calls of this moment. */
  calls: Calls
  /** What the phones of the house are doing, with us or without. */
  housePhones: HousePhones
  /** Give a verdict on each call before anybody is bothered. */
  reception: Reception
  /** By which of the outside lines phones are rung. */
  routes: Routes
  /** Where callers can be sent: offer a place, or look whether there is one. */
  places: Places
  /** What is said whenever a price is told. */
  priceNotes: PriceNotes
  /** Effects that happen exactly once, whatever is killed in between. */
  intents: Intents
  dispatch: Dispatch
  /** Tell responsible people something, by e-mail or to their program. */
  messages: Pick<Messages, 'tell'>
  voice: Voice
  /** Turns speech into text, where the site has something that can. */
  speech: Speech | undefined
  phones: Phones
  /** Kysely on SQLite or PostgreSQL; a plugin types its own tables with `database.withTables<…>()`. */
  database: Kysely<Tables>
  /** What was written down of calls, and whether it is. */
  journal: JournalReader
  http: PluginHttp
  /**
   * For what a program asks us to do: on disk before it is answered, then told as a fact until everybody who
   * listens has finished, by the next process if need be.
   */
  keepRequest: ReportOfRequests<DispatchRequest>['kept']
  /** What programs may ask for over MQTT. */
  commands: Commands
  /** Addresses that people of other programs may open without signing in. */
  links: Links
  /** Prometheus registry of the house. */
  metrics: Registry
  clock: Clock
  log: Logger
  site: Site
  /** What the plugin opened itself; closed in reverse when it stops. */
  cleanup: AsyncDisposableStack
}
