import type { Kysely } from 'kysely'
import type { CallId, Moment, OrderId } from '#core/schema.ts'
import type { OrderStatusTables } from './tables.ts'

/** What callers were told of an order so far. */
export interface Told {
  /** Calls before this one. */
  calls: number
  /** The earliest minute that was named; a later one does not take it back. */
  promisedAt?: Moment
}

export interface Telling {
  order: OrderId
  call: CallId
  at: Moment
  promisedAt: Moment | undefined
}

export interface Tellings {
  /** `by` is the call that asks now. */
  of(order: OrderId, by: CallId): Promise<Told>
  note(telling: Telling): Promise<void>
  forget(before: Moment): Promise<void>
}

/** Who was told what of which order, kept over a restart. */
export function openTellings(database: Kysely<OrderStatusTables>): Tellings {
  return {
    async of(order, by) {
      const rows = await database
        .selectFrom('order_status_tellings')
        .select(['call', 'promised_at'])
        .where('order_id', '=', order)
        .execute()
      const promises = rows.flatMap(({ promised_at }) => (promised_at === null ? [] : [promised_at]))
      return {
        calls: rows.filter(({ call }) => call !== by).length,
        ...(promises.length > 0 && { promisedAt: Math.min(...promises) }),
      }
    },

    /** Of what one call is told, the first minute named is the promise. */
    async note({ order, call, at, promisedAt }) {
      await database
        .insertInto('order_status_tellings')
        .values({ order_id: order, call, at, promised_at: promisedAt ?? null })
        .onConflict((conflict) =>
          conflict.columns(['order_id', 'call']).doUpdateSet(({ fn, ref }) => ({
            promised_at: fn.coalesce(ref('order_status_tellings.promised_at'), ref('excluded.promised_at')),
          })),
        )
        .execute()
    },

    async forget(before) {
      await database.deleteFrom('order_status_tellings').where('at', '<', before).execute()
    },
  }
}
