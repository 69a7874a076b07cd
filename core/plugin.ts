/**
 * The whole plugin contract on one screen. The parameter list of `start` is the dependency list: awilix
 * resolves each name from a scope made for this plugin, so `bus`, `http`, `log` and `settings` are already
 * its own. When the plugin stops, its subscriptions, routes and timers stop with it; only what it opened
 * itself goes to `cleanup.defer(…)`.
 */
import type { Migration } from 'kysely/migration'
import type { OwnCommand } from './own-command.ts'
import type { Static, TObject } from './schema.ts'
import type { Services } from './services.ts'
import type { WordList } from './voice/words.ts'

export interface Plugin<Settings extends TObject = TObject> {
  /** kebab-case; the name of its folder, its settings section, its routes and its log lines. */
  name: string
  /** One sentence for people. */
  about: string
  settings: Settings
  /** Plugins whose verdicts count after its own wherever a line does not say otherwise by its `screens`. */
  before?: readonly string[]
  /** What it says to callers: listed for recording, and rendered before the first call. */
  words?: WordList
  /** Run in the order of their names before `start`; tables are prefixed with the plugin's name. */
  migrations?: Record<string, Migration>
  /** Commands for people by their whole word, run as `callbus <word>`. */
  commands?: Record<string, OwnCommand<Settings>>
  /** What is wrong with the settings that their schema cannot see, one sentence each; it does not start then. */
  mistakes?(
    settings: Static<Settings>,
    house: { lines: readonly { name: string; number: string }[] },
  ): string[]
  start(services: Services & { settings: Static<Settings> }): void | Promise<void>
}

export function definePlugin<Settings extends TObject>(plugin: Plugin<Settings>): Plugin<Settings> {
  return plugin
}

export type { Call } from './calls/call.ts'
export type { Caller, Partner } from './calls/caller.ts'
export type { Verdict } from './calls/reception.ts'
export { CallbusError, CallEnded } from './errors.ts'
export { firstOf } from './first-of.ts'
export { Type } from './schema.ts'
export type { Services } from './services.ts'
export type { Saying } from './voice/words.ts'
export { defineWords, secret } from './voice/words.ts'
