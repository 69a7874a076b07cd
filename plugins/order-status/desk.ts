import type { Caller } from '#core/plugin.ts'
import type { Cancellation, Order } from '#core/ports/dispatch.ts'
import type { Moment } from '#core/schema.ts'
import type { Reading, Sighting } from './reading.ts'
import type { Settings } from './settings.ts'
import type { Reason } from './urgency.ts'

/** What the conversations about orders need. */
export interface OrderDesk extends Reading {
  settings: Settings
  timeZone: string
  now(): Moment
  /** Cancels once, however often it is asked. */
  cancel(order: Order, caller: Caller): Promise<Cancellation>
  /** `undefined`: the voice may answer. */
  whyAPerson(order: Order, caller: Caller): Promise<Reason | undefined>
  /** The caller is being told this: it counts as a call about the order, its minute as a promise. */
  remember(seen: Sighting, caller: Caller): Promise<void>
  /** Gives the caller to the place that joins the two of an order; `false` where the company has none. */
  bridge(order: Order, caller: Caller): Promise<boolean>
  showCard(order: Order, reason: Reason, caller: Caller): void
}

export async function toOperator(caller: Caller, desk: OrderDesk, because: string): Promise<void> {
  await caller.transferTo(desk.settings.operatorsPlace, because)
}

/** Joins the caller with the other one of the order; `false` when that one could not be reached. */
export async function joinWith(caller: Caller, phone: string, desk: OrderDesk): Promise<boolean> {
  const other = await reach(caller, phone, desk.settings.driverRingFor)
  if (other) await caller.talkTo(other)
  return other !== undefined
}

async function reach(caller: Caller, phone: string, ringFor: number) {
  using _music = caller.playOnHold()
  return await caller.reach({ phones: [phone], ringFor, show: 'company' })
}
