/**
 * The whole adapter contract on one screen. An adapter imports its port and its own folder; it has never
 * heard of our HTTP, our MQTT or our tables.
 */
import type { Logger } from 'pino'
import type { FactOfNoCall, Stamped } from './call-bus/events.ts'
import type { Clock } from './clock.ts'
import type { OwnCommand } from './own-command.ts'
import type { Dispatch, DispatchEvent, DispatchRequest } from './ports/dispatch.ts'
import type { MessageCarrier } from './ports/messages.ts'
import type { Speech, SpeechEvent } from './ports/speech.ts'
import type { Telephony, TelephonyEvent } from './ports/telephony.ts'
import type { Moment, Static, TObject } from './schema.ts'

export interface Ports {
  telephony: { port: Telephony; event: TelephonyEvent; request: never }
  dispatch: { port: Dispatch; event: DispatchEvent; request: DispatchRequest }
  speech: { port: Speech; event: SpeechEvent; request: never }
  /** One for each way people are told by. */
  messages: { port: MessageCarrier; event: never; request: never }
}
export type PortName = keyof Ports

/** Tells the house what happened. Core stamps, orders and publishes. */
export type Report<Port extends PortName> = ((event: Ports[Port]['event']) => void) &
  ([Ports[Port]['request']] extends [never] ? unknown : ReportOfRequests<Ports[Port]['request']>)

export interface ReportOfRequests<Request> {
  /**
   * For what somebody asks us to do: it may neither get lost nor be done twice. Resolves once it is on disk,
   * also when it was there already, and is published after that, by the next process if this one is killed.
   * Settles within a second; rejects with `DATABASE_UNAVAILABLE` when it could not be written, and then nothing
   * is done.
   */
  kept(request: Request, repeats: Repeats): Promise<'new' | 'repeat'>
}

/** What counts as the same request: the same key again within so many seconds, at most a day. */
export interface Repeats {
  key: string
  seconds: number
}

export interface AdapterServices<Port extends PortName, Settings extends TObject> {
  settings: Static<Settings>
  report: Report<Port>
  /** What the adapter opened itself; closed in reverse when the house closes. */
  cleanup: AsyncDisposableStack
  clock: Clock
  log: Logger
  /** What the whole site agrees on. */
  site: { name: string; country: string; dataFolder: string; timeZone?: string }
  facts: FactsOfSite
  /** Another house has this neighbour: only ask, open no door to it and report no news of it. */
  isLookingOnly?: boolean
}

/** What the site remembers of one name since a moment, the oldest first. */
export type FactsOfSite = <Name extends FactOfNoCall>(name: Name, since: Moment) => Promise<Stamped<Name>[]>

/** What `callbus sim <adapter>` opens. It stays open until `cleanup` is disposed. */
export interface SimCall {
  words: string[]
  cleanup: AsyncDisposableStack
  print(text: string): void
}

export interface Adapter<Port extends PortName = PortName, Settings extends TObject = TObject> {
  name: string
  about: string
  provides: Port
  settings: Settings
  /** Resolves once the port can be asked, even while its neighbour is still away: it keeps trying and reports. */
  connect(services: AdapterServices<Port, Settings>): Promise<Ports[Port]['port']>
  /** Commands for people, run as `callbus <adapter>-<command>`. */
  commands?: Record<string, OwnCommand<Settings>>
  /** Opens the neighbour's simulator by itself; answers with a sentence when the words are not understood. */
  sim?(call: SimCall): Promise<string | undefined>
  /** Starts the neighbour's simulator and answers with the settings that reach it; `npm start` uses it. */
  simulate?(
    services: Pick<AdapterServices<Port, Settings>, 'cleanup' | 'clock' | 'log' | 'site'>,
  ): Promise<unknown>
}

export function defineAdapter<Port extends PortName, Settings extends TObject>(
  adapter: Adapter<Port, Settings>,
): Adapter<Port, Settings> {
  return adapter
}
