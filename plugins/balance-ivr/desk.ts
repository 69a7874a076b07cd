import type { PatientAsking } from '#core/asking/ask-patiently.ts'
import type { Attempts } from '#core/attempts.ts'
import type { Caller, Saying } from '#core/plugin.ts'
import type { Account, Dispatch } from '#core/ports/dispatch.ts'
import type { Moment } from '#core/schema.ts'
import type { Settings } from './settings.ts'

/** What the conversation needs. */
export interface Desk {
  ask: PatientAsking['ask']
  attempts: Attempts
  dispatch: Pick<Dispatch, 'findAccount' | 'accountDetails' | 'checkClaim' | 'capabilities'>
  settings: Settings
  timeZone: string
  now(): Moment
  /** It is written down what he is told; if that fails he is told it nevertheless. */
  note(known: Known, caller: Caller): Promise<void>
}

/** Whose account it is, and how that is known. */
export interface Known {
  account: Account
  by: 'number' | 'code'
}

export async function toOperator(
  caller: Caller,
  { settings }: Desk,
  because: string,
  { says, isDriver }: { says?: Saying | undefined; isDriver?: boolean | undefined } = {},
): Promise<void> {
  if (says) await caller.say(says)
  await caller.transferTo((isDriver ? settings.driversPlace : undefined) ?? settings.operatorsPlace, because)
}
