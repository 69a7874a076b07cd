import type { PatientAsking } from '#core/asking/ask-patiently.ts'
import type { Caller, Saying } from '#core/plugin.ts'
import type { Dispatch, Order } from '#core/ports/dispatch.ts'
import type { Settings } from './settings.ts'

/** Places of other plugins that keys lead to, where the company has them. */
export const balancePlace = 'balance-ivr'
export const bridgePlace = 'driver-bridge'

/** What the conversation needs. */
export interface Desk {
  ask: PatientAsking['ask']
  dispatch: Pick<Dispatch, 'capabilities' | 'crews' | 'findOrder'>
  settings: Settings
  hasPlace(name: string): boolean
  /** Gives the caller to the place that joins the two of an order. */
  bridge(order: Order, caller: Caller): Promise<void>
  /** Each once, however often it is asked and whatever is killed in between. */
  sayAtPlace(order: Order, caller: Caller): Promise<AtPlace>
  takeOffLine(driverId: string, caller: Caller): Promise<OffLine>
}

export type AtPlace = 'moved' | 'already-there' | 'refused'
export type OffLine = 'taken' | 'already-off' | 'refused' | 'too-late'

/** A driver on the line, as far as the dispatch program knows him. */
export interface Driver {
  id?: string
  order?: Order
}

/** The drivers' own people, sooner than others. */
export async function toOperator(
  caller: Caller,
  { hasPlace, settings }: Pick<Desk, 'hasPlace' | 'settings'>,
  because: string,
  says?: Saying,
): Promise<void> {
  caller.prefer(settings.priority)
  if (says) await caller.say(says)
  const { place, operatorsPlace } = settings
  await caller.transferTo(hasPlace(place) ? place : operatorsPlace, because)
}
