import type { Call } from '#core/calls/call.ts'
import type { CallerKind, Order } from '#core/ports/dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'
import type { Two } from './joins.ts'
import type { Lately } from './lately.ts'
import { hasDriver, type Orders } from './orders.ts'
import type { Pairs } from './pairs.ts'
import type { Role } from './settings.ts'

/** Somebody on the line, and the order about which he can be joined with his partner. */
export interface Meeting extends Two {
  /** What the one on the line is in it. */
  as: Role
  pickup?: string
  /** From an earlier moment: looked at once more before anybody is rung. */
  isRemembered?: true
}

export function remembered({ order, client, driver }: Two, phone: Phone): Meeting {
  const two = order === undefined ? { client, driver } : { order, client, driver }
  return { ...two, as: phone === driver ? 'driver' : 'client', isRemembered: true }
}

/** Client and driver of an order a driver has; `undefined` while one of the two is not known. */
export function twoOf(order: Order): (Two & { order: string }) | undefined {
  const { driverPhone: driver, phoneToDial: client } = order
  if (!hasDriver(order.stage) || !driver || !client || client === driver) return undefined
  return { order: order.id, client, driver }
}

interface Known {
  /** The order that somebody has found out with the caller. */
  about: OrderId | undefined
  lately: Lately
  orders: Orders
  pairs: Pairs
}

/** What the one on the line may be joined about, the newest order first: as it is now, or as it is remembered. */
export async function meetingsOf(call: Call, { about, lately, orders, pairs }: Known): Promise<Meeting[]> {
  const { errand, from } = call
  if (from === undefined) return []
  const order = about ?? errand?.about.order
  const named = order === undefined ? 'none' : await orders.find(order, call.signal)
  const known = await call.identity
  const kind = known.lookedUp ? known.card.kind : undefined
  const [own] = named === 'none' || named === 'unknown' ? [] : [meetingAbout(named, from, kind)]
  if (own) return [own]

  const now = await meetingsByDispatch(call, orders)
  if (now.length > 0) return now
  const alive = pairs.alive(from)
  const two = lately.of(from)
  return [...alive, ...(alive.length === 0 && two ? [two] : [])].map((each) => remembered(each, from))
}

/** What the dispatch program knows of the one on the line, the newest order first. */
export async function meetingsByDispatch(call: Call, orders: Orders): Promise<Meeting[]> {
  const { from, identity } = call
  const known = await identity
  if (from === undefined || !known.lookedUp) return []
  const { kind, order, orders: count } = known.card
  const several = count > 1 ? (await orders.of(from, call.signal)).toReversed() : []
  const all = several.length > 0 ? several : order ? [order] : []
  return all.flatMap((each) => meetingAbout(each, from, kind) ?? [])
}

/** Both may call from another phone than the one that is written in the order. */
function meetingAbout(order: Order, from: Phone, kind?: CallerKind): Meeting | undefined {
  const as = kind === 'driver' || from === order.driverPhone ? 'driver' : 'client'
  const two = twoOf({ ...order, [as === 'driver' ? 'driverPhone' : 'phoneToDial']: from })
  return two && { ...two, as, ...(order.pickup ? { pickup: order.pickup } : {}) }
}
