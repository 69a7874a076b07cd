import type { Logger } from 'pino'
import { withDeadline } from '#core/asking/deadline.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Dispatch, Order } from '#core/ports/dispatch.ts'
import type { Moment, OrderId, Phone } from '#core/schema.ts'
import type { QualityDatabase, Trip } from './tables.ts'

/** Whose trip it was, with which driver, taken by which dispatcher. */
export interface Trips {
  /** An order has come to a stage: while somebody rides, it is noted who. */
  note(fact: FactData<'order.stage-changed'>): Promise<void>
  find(order: OrderId): Promise<Trip | undefined>
  /** The order somebody complains of when he names none: his latest. */
  latestOf(phone: Phone): Promise<Trip | undefined>
  prune(before: Moment): Promise<void>
}

/** Nobody waits on the phone for it. */
const deadline = 5_000
const day = 24 * 60 * 60_000
/** A complaint is about a trip of so many days ago at most. */
const recent = 7 * day
/** So long before he rode, his talk with a dispatcher was about this order. */
const talkedBefore = 6 * 60 * 60_000

export function openTrips(parts: {
  clock: Clock
  database: QualityDatabase
  dispatch: Dispatch
  log: Logger
  signal: AbortSignal
}): Trips {
  const { clock, database, dispatch, log, signal } = parts

  async function read(id: OrderId): Promise<Order | undefined> {
    if (!dispatch.capabilities.has('findOrder')) return undefined
    const question = { clock, milliseconds: deadline, request: 'an order' }
    return await withDeadline(signal, question, (until) => dispatch.findOrder(id, until))
  }

  /** Who of ours talked with this number last. */
  async function talkedWith(phone: Phone | null): Promise<string | null> {
    if (phone === null) return null
    const row = await database
      .selectFrom('calls')
      .select('phase_with')
      .where('from_phone', '=', phone)
      .where('talking_at', 'is not', null)
      .where('errand', 'is', null)
      .where('at', '>', clock.now() - talkedBefore)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst()
    const partner = row?.phase_with ?? null
    return partner?.startsWith('+') ? null : partner
  }

  const find = (order: OrderId) =>
    database.selectFrom('quality_trips').selectAll().where('order_id', '=', order).executeTakeFirst()

  return {
    find,

    async note({ order: id, car: told, phone: heard }) {
      const known = await find(id)
      if (known?.driver) return
      const order = await read(id).catch((thrown: unknown) => {
        log.warn({ order: id, reason: reasonOf(thrown) }, 'Who drove could not be read')
        return undefined
      })
      const phone = order?.phoneToDial ?? order?.phone ?? heard ?? known?.phone ?? null
      const car = order?.car ?? told
      const trip: Trip = {
        order_id: id,
        phone,
        driver: order?.driverPhone ?? car?.plate ?? known?.driver ?? null,
        car: car ? [car.colour, car.make, car.plate].filter(Boolean).join(' ') : (known?.car ?? null),
        dispatcher: order?.takenBy?.[0] ?? known?.dispatcher ?? (await talkedWith(phone)),
        at: clock.now(),
      }
      const { order_id, ...rest } = trip
      await database
        .insertInto('quality_trips')
        .values(trip)
        .onConflict((conflict) => conflict.column('order_id').doUpdateSet(rest))
        .execute()
    },

    latestOf: (phone) =>
      database
        .selectFrom('quality_trips')
        .selectAll()
        .where('phone', '=', phone)
        .where('at', '>', clock.now() - recent)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst(),

    async prune(before) {
      await database.deleteFrom('quality_trips').where('at', '<', before).execute()
    },
  }
}
