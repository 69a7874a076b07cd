/** Traffic for the demonstration: orders come, cars drive, sometimes something goes wrong. */
import type { Clock } from '#core/clock.ts'
import { clients } from './cast.ts'
import type { OrderBook, SimulatedOrder } from './order-book.ts'

/** The usual way of an order, by state id. */
const way: readonly number[] = [1, 13, 14, 7, 10, 11, 4]
const mostOrders = 12
/** Who take the orders, by their phones. */
const operators = ['101', '102', '103']
/** Milliseconds between two things that happen. */
const pace = { least: 1500, most: 4500 }

export async function liveInCity(
  book: OrderBook,
  clock: Clock,
  seed: number,
  signal: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed)
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]

  for (let first = 0; first < mostOrders / 2; first += 1) placeOne(Math.floor(random() * 6))

  while (!signal.aborted) {
    const pause = pace.least + random() * (pace.most - pace.least)
    await clock.sleep(pause, signal).catch(() => undefined)
    if (signal.aborted) return
    const current = book.currentOrders()
    if (current.length < mostOrders && random() < 0.4) placeOne(0)
    else moveOne(pick(current))
  }

  function placeOne(step: number) {
    const client = pick(
      clients.filter(
        ({ phone, category }) => category !== 'black' && book.currentOfPhone(phone).length === 0,
      ),
    )
    if (client)
      book.placeOrder({
        phone: client.phone,
        stateId: way[step] ?? 1,
        minutes: 2 + Math.floor(random() * 10),
        takenBy: pick(operators) ?? '',
      })
  }

  function moveOne(order: SimulatedOrder | undefined) {
    if (!order) return
    const step = way.indexOf(order.stateId)
    const chance = random()
    if (chance < 0.03 && step < 4) book.moveOrder(order.id, pick([5, 6]) ?? 5)
    else if (chance < 0.08 && order.stateId === 7) book.moveOrder(order.id, 1)
    else book.moveOrder(order.id, way[step + 1] ?? 1)
  }
}

/** The same seed, the same day. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
