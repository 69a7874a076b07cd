import type { Kysely } from 'kysely'
import { withDeadline } from '#core/asking/deadline.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Clock } from '#core/clock.ts'
import type { Tables } from '#core/database/tables.ts'
import { type Dispatch, type Order, stages } from '#core/ports/dispatch.ts'
import type { OrderId } from '#core/schema.ts'

type StageFact = FactData<'order.stage-changed'>

/** How orders stand now. */
export interface Orders {
  /** `undefined` when there is no such order; rejects when nobody can say. */
  read(id: OrderId, signal: AbortSignal): Promise<Order | undefined>
  /** What a program that cannot be asked tells by itself is all that is known. */
  hear(fact: StageFact): void
}

/** Nobody waits on the phone for it. */
const deadline = 5_000
const mostRemembered = 10_000

export function openOrders(parts: { clock: Clock; database: Kysely<Tables>; dispatch: Dispatch }): Orders {
  const { clock, database, dispatch } = parts
  const isAsked = dispatch.capabilities.has('findOrder')
  const told = new Map<OrderId, Order>()

  const ask = (id: OrderId, signal: AbortSignal) =>
    withDeadline(signal, { clock, milliseconds: deadline, request: 'an order' }, (until) =>
      dispatch.findOrder(id, until),
    )

  /** Told to an earlier life of ours. */
  async function fromJournal(id: OrderId): Promise<Order | undefined> {
    const row = await database
      .selectFrom('facts')
      .select('data')
      .where('call', 'is', null)
      .where('name', '=', 'order.stage-changed')
      .where('data', 'like', `%"order":${JSON.stringify(id).replace(/[%_\\]/g, '')}%`)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toOrder(JSON.parse(row.data) as StageFact)
  }

  return {
    read: async (id, signal) => (isAsked ? await ask(id, signal) : (told.get(id) ?? (await fromJournal(id)))),

    hear(fact) {
      if (isAsked) return
      const order = toOrder(fact)
      if (!order) return
      told.delete(order.id)
      told.set(order.id, order)
      const [oldest] = told.keys()
      if (told.size > mostRemembered && oldest !== undefined) told.delete(oldest)
    },
  }
}

function toOrder({ order: id, stateName, phone, minutes, car, ...fact }: StageFact): Order | undefined {
  const stage = stages.find((each) => each === fact.stage)
  return (
    stage && {
      id,
      stage,
      state: { id: stateName, name: stateName },
      ...(phone !== undefined && { phoneToDial: phone }),
      ...(minutes !== undefined && { minutes }),
      ...(car && { car }),
    }
  )
}
