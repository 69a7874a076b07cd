/**
 * The whole adapter contract on one screen. An adapter imports its port and its own folder; it has never
 * heard of our HTTP, our MQTT or our tables.
 */
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Dispatch, DispatchEvent } from './ports/dispatch.ts'
import type { Telephony, TelephonyEvent } from './ports/telephony.ts'
import type { Static, TObject } from './schema.ts'

export interface Ports {
  telephony: { port: Telephony; event: TelephonyEvent }
  dispatch: { port: Dispatch; event: DispatchEvent }
}
export type PortName = keyof Ports

export interface AdapterServices<Port extends PortName, Settings extends TObject> {
  settings: Static<Settings>
  /** Tells the house what happened. Core stamps, orders and publishes. */
  report(event: Ports[Port]['event']): void
  /** What the adapter opened itself; closed in reverse when the house closes. */
  cleanup: AsyncDisposableStack
  clock: Clock
  log: Logger
  /** What the whole site agrees on. */
  site: { name: string; country: string; dataFolder: string; timeZone?: string }
}

export interface AdapterCommand<Settings extends TObject = TObject> {
  about: string
  /** Answers with the exit code of the process. */
  run(given: { settings: Static<Settings>; words: string[]; print(text: string): void }): Promise<number>
}

export interface Adapter<Port extends PortName = PortName, Settings extends TObject = TObject> {
  name: string
  about: string
  provides: Port
  settings: Settings
  /** Resolves once the port can be asked, even while its neighbour is still away: it keeps trying and reports. */
  connect(services: AdapterServices<Port, Settings>): Promise<Ports[Port]['port']>
  /** Commands for people, run as `callbus <adapter>-<command>`. */
  commands?: Record<string, AdapterCommand<Settings>>
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
