/** An order that does not exist yet, a change to one that does, and what may come of either. */
import type { Moment, OrderId, Phone } from '../../schema.ts'
import type { Place } from './place.ts'

export interface OrderDraft {
  /**
   * Ours, the same in every try: however often a draft with this key is handed over, by however many
   * processes, there is one order. Letters, digits and dashes, at most 40.
   */
  key: string
  /** When the first try was made, if this is a later one: orders that ended since are then looked through too. */
  firstTriedAt?: Moment
  phone: Phone
  /** Where the client wants to be called, if not on `phone`. */
  phoneToDial?: Phone
  clientId?: string
  /** The pickup first, the destination last. */
  stops: [pickup: Place, ...Place[]]
  /** When the car is wanted; without it: now. */
  at?: Moment
  passenger?: string
  comment?: string
  tariffId?: string
  carGroupId?: string
  /** A price agreed with the client; without it the tariff decides. */
  price?: number
}

/** Why a dispatch program does not do what it understood. */
export type Refusal =
  | 'unknown-order'
  | 'unknown-detail'
  | 'not-from-this-state'
  | 'client-barred'
  | 'money'
  | 'its-own-rules'

export type Creation =
  | { outcome: 'created'; order: OrderId }
  /** The order of an earlier try, or one the dispatch program takes for the same. */
  | { outcome: 'already-there'; order: OrderId }
  | { outcome: 'refused'; because: Refusal }

/** What changes; everything unsaid stays. */
export interface OrderChange {
  phone?: Phone
  stops?: [pickup: Place, ...Place[]]
  at?: Moment
  passenger?: string
  comment?: string
  tariffId?: string
  carGroupId?: string
  discountId?: string
  attributes?: { id: string; value: boolean | number | string }[]
  price?: number
  /** Counts the price anew after the change. */
  recalculate?: boolean
}

export type Change = { outcome: 'changed' } | { outcome: 'refused'; because: Refusal }

export type Move =
  | { outcome: 'moved' }
  /** The order was in that state before. */
  | { outcome: 'already-there' }
  | { outcome: 'refused'; because: Refusal }
