import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import type { Tables } from '#core/database/tables.ts'
import { reasonOf } from '#core/errors.ts'
import type { Order } from '#core/ports/dispatch.ts'
import type { Moment, OrderId } from '#core/schema.ts'
import type { Orders } from './orders.ts'
import { isAwaited } from './rules.ts'
import type { Settings } from './settings.ts'
import type { CallbackTables, Promised } from './tables.ts'

/** Cars that were promised: whether each comes in time is looked at until it is there. */
export interface Delays {
  /** The order is at this stage now. */
  hear(order: OrderId, stage: string): Promise<void>
  /** Takes up what an earlier life of ours looked after. */
  resume(): Promise<void>
  isLate(order: Order): Promise<boolean>
}

const minute = 60_000
/** Nobody waits so long for a taxi that was promised. */
const watchedFor = 3 * 60 * minute

export function openDelays(parts: {
  clock: Clock
  database: Kysely<Tables & CallbackTables>
  log: Logger
  orders: Orders
  settings: Pick<Settings, 'lateBy' | 'lookEvery'>
  signal: AbortSignal
  /** The promise is broken. */
  late(order: OrderId): Promise<void>
}): Delays {
  const { clock, database, log, orders, settings, signal: closing } = parts
  const lateBy = settings.lateBy * minute
  const watched = new Map<OrderId, AbortController>()

  const find = (order: OrderId) =>
    database
      .selectFrom('status_callback_promises')
      .selectAll()
      .where('order_id', '=', order)
      .executeTakeFirst()

  async function forget(order: OrderId) {
    watched.get(order)?.abort(new Error('the car is there'))
    watched.delete(order)
    await database.deleteFrom('status_callback_promises').where('order_id', '=', order).execute()
  }

  function watch(promised: Promised) {
    const stop = new AbortController()
    watched.set(promised.order_id, stop)
    void follow(promised, AbortSignal.any([closing, stop.signal])).catch((thrown: unknown) => {
      if (closing.aborted || stop.signal.aborted) return
      log.error(
        { order: promised.order_id, reason: reasonOf(thrown) },
        'A promised car is not watched any more',
      )
    })
  }

  async function follow(promised: Promised, signal: AbortSignal) {
    const { order_id: id, gives_up_at: givesUpAt } = promised
    let { next_look_at: nextLook, promised_at: promisedAt } = promised
    while (nextLook < givesUpAt) {
      signal.throwIfAborted()
      if (nextLook > clock.now()) await clock.sleep(nextLook - clock.now(), signal)
      const order = await orders.read(id, signal).catch((thrown: unknown) => {
        if (signal.aborted) throw thrown
        return 'unknown' as const
      })
      if (order !== 'unknown') {
        if (!order || !isAwaited(order.stage)) return await forget(id)
        promisedAt ??= order.minutes === undefined ? null : clock.now() + order.minutes * minute
        if (isBroken(order, promisedAt)) {
          await parts.late(id)
          return await forget(id)
        }
      }
      nextLook = nextLookAfter(promisedAt)
      await database
        .updateTable('status_callback_promises')
        .set({ promised_at: promisedAt, next_look_at: nextLook })
        .where('order_id', '=', id)
        .execute()
    }
    await forget(id)
  }

  /** By what is told now, or because the promised minute has passed. */
  function isBroken({ minutes = 0 }: Order, promisedAt: Moment | null): boolean {
    return promisedAt !== null && clock.now() + minutes * minute > promisedAt + lateBy
  }

  function nextLookAfter(promisedAt: Moment | null): Moment {
    const soon = clock.now() + settings.lookEvery * 1_000
    const broken = promisedAt === null ? soon : promisedAt + lateBy + 1
    return broken > clock.now() ? Math.min(soon, broken) : soon
  }

  return {
    async hear(order, stage) {
      if (!isAwaited(stage)) return await forget(order)
      if (watched.has(order)) return
      const now = clock.now()
      const fresh: Promised = {
        order_id: order,
        promised_at: null,
        next_look_at: now,
        gives_up_at: now + watchedFor,
      }
      await database
        .insertInto('status_callback_promises')
        .values(fresh)
        .onConflict((conflict) => conflict.column('order_id').doNothing())
        .execute()
      if (!watched.has(order)) watch((await find(order)) ?? fresh)
    },

    async resume() {
      for (const promised of await database.selectFrom('status_callback_promises').selectAll().execute())
        if (!watched.has(promised.order_id)) watch(promised)
    },

    async isLate(order) {
      const promised = await find(order.id)
      return promised === undefined || isBroken(order, promised.promised_at)
    },
  }
}
