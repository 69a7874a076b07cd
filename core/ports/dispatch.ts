/**
 * What we need from a dispatch program. Every question takes the signal of whoever asks; an expected "no"
 * is a return value, a broken dispatch program is a `CallbusError` with a `DISPATCH_…` code.
 * `test/contract/dispatch.ts` is the promise in full.
 */
import type { OrderId, Phone } from '../schema.ts'
import type { ConnectionEvent } from './telephony.ts'

/** Order stages as telephony sees them, whatever the dispatch program calls its states. */
export const stages = [
  'new',
  'searching',
  'assigned',
  'driver_on_way',
  'arrived',
  'client_in_car',
  'done',
  'cancelled_client',
  'cancelled_company',
  'no_show',
] as const
export type Stage = (typeof stages)[number]

export interface Car {
  colour?: string
  make?: string
  plate?: string
}

export interface Order {
  id: OrderId
  stage: Stage
  /** The dispatch program's own id and name of the state. */
  state: { id: string; name: string }
  car?: Car
  /** Minutes until the car is at the pickup, when the dispatch program knows. */
  minutes?: number
  driverPhone?: Phone
  /** Where the client can be reached for this order. */
  phoneToDial?: Phone
  pickup?: string
  /** Phone accounts of the operator who took the order. */
  takenBy?: string[]
}

export type CallerKind = 'client' | 'corporate' | 'driver' | 'directory' | 'unknown'

/** Who a number belongs to. */
export interface CallerCard {
  kind: CallerKind
  category: 'normal' | 'black' | 'white' | 'grey'
  clientId?: string
  driverId?: string
  /** Barred by the dispatch program itself. */
  isLocked?: boolean
  isVip?: boolean
  /** Current orders, prior ones included. */
  orders: number
  /** The current order of this number, if there is one. */
  order?: Order
}

/** One state of the site's directory and the stage it counts as. */
export interface StateOfOrders {
  id: string
  name: string
  stage: Stage
}

export type DispatchEvent =
  | ConnectionEvent
  | { name: 'order.stage-changed'; order: OrderId; stage: Stage; stateName: string; from?: Stage }

export type Cancellation = 'cancelled' | 'already-cancelled' | 'refused'

export interface Dispatch {
  /** Who calls, with the current order: one question, because the caller is waiting. */
  identify(phone: Phone, signal: AbortSignal): Promise<CallerCard>

  /** `undefined` when there is no such order. */
  findOrder(id: OrderId, signal: AbortSignal): Promise<Order | undefined>

  /** Cancels for the client. `refused` when the order has gone too far. */
  cancelOrder(id: OrderId, signal: AbortSignal): Promise<Cancellation>

  /** The site's states with the stages they count as. */
  states(signal: AbortSignal): Promise<StateOfOrders[]>
}
