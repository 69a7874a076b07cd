import type { Caller, Saying } from '#core/plugin.ts'
import { toDayTime } from '#core/voice/grammar/times.ts'
import { type OrderDesk, toOperator } from './desk.ts'
import { isChased, tellOrder } from './flow.ts'
import type { Sighting } from './reading.ts'
import { words } from './words.ts'

/** More than these nobody remembers while he listens. */
const keys = ['1', '2', '3', '4', '5'] as const

/** Of several orders of one number the caller says which he means, by its pickup or its time. */
export async function tellOneOfSeveral(
  caller: Caller,
  known: Sighting | undefined,
  desk: OrderDesk,
): Promise<void> {
  await caller.answer()
  const { from } = caller.call
  const all = from === undefined ? undefined : await desk.ordersOf(from, caller.signal)
  const orders = (all ?? (known ? [known] : [])).filter(({ order }) => isChased(order)).slice(-keys.length)
  const [only, ...others] = orders
  if (!only) return await toOperator(caller, desk, 'none of the orders can be told about')
  if (others.length === 0) return await tellOrder(caller, only, desk)

  const choices = Object.fromEntries(orders.map((_, index) => [keys[index], keys[index]]))
  const key = await caller.choose(
    [words.severalOrders, ...orders.map(toChoice(desk)), words.orStay],
    choices,
    {
      attempts: 2,
      patience: desk.settings.patience,
    },
  )
  const chosen = orders.find((_, index) => keys[index] === key)
  if (!chosen) return await toOperator(caller, desk, 'chose none of the orders')
  await tellOrder(caller, chosen, desk)
}

function toChoice({ now, timeZone }: Pick<OrderDesk, 'now' | 'timeZone'>) {
  return ({ order: { at, pickup } }: Sighting, index: number): Saying =>
    words.orderByKey({
      key: index + 1,
      pickup,
      when: at === undefined ? undefined : toDayTime(at, { now: now(), timeZone }),
    })
}
