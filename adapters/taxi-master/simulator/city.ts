/** Traffic of a city: orders come, cars drive, sometimes something goes wrong. */
import type { Clock } from '#core/clock.ts'
import { clients } from './cast.ts'
import type { OrderBook, SimulatedOrder } from './order-book.ts'
import { pickFrom, seededRandom } from './random.ts'

/** The usual way of an order, by state id. */
const way: readonly number[] = [1, 13, 14, 7, 10, 11, 4]
/** Who take the orders, by their phones. */
const operators = ['101', '102', '103']
/** Milliseconds between two things that happen to a dozen orders. */
const pace = { least: 1500, most: 4500, orders: 12 }
/** How many times slower each hour of a day is than the rush hours. */
const hours = [3, 4, 6, 8, 8, 5, 2, 1, 1, 1.5, 2, 2, 2, 2, 2, 2, 1.5, 1, 1, 1.2, 1.5, 1.5, 1.5, 2]

export interface Traffic {
  clock: Clock
  /** The same seed, the same day. */
  seed: number
  /** At most so many current orders. */
  orders?: number
  /** Quiet nights and rush hours, by the clock; otherwise it is always busy. */
  hasHours?: boolean
}

export async function liveInCity(
  book: OrderBook,
  { clock, seed, orders: mostOrders = pace.orders, hasHours = false }: Traffic,
  signal: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed)
  const pick = <Item>(items: readonly Item[]) => pickFrom(items, random)
  const detours = book.states.filter(({ id, kind }) => kind === 'driver_assigned' && !way.includes(id))

  for (let first = 0; first < mostOrders / 2; first += 1) placeOne(Math.floor(random() * 6))

  while (!signal.aborted) {
    const slowness = hasHours ? (hours[new Date(clock.now()).getUTCHours()] ?? 1) : 1
    const pause = (pace.least + random() * (pace.most - pace.least)) * (pace.orders / mostOrders) * slowness
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
    const step = stepOf(order)
    const chance = random()
    if (chance < 0.01) book.deleteOrder(order.id)
    else if (chance < 0.03 && step < 4) book.moveOrder(order.id, pick([5, 6]) ?? 5)
    else if (chance < 0.08 && order.stateId === 7) book.moveOrder(order.id, 1)
    else if (chance < 0.2 && order.stateId === 7) book.moveOrder(order.id, pick(detours)?.id ?? 10)
    else book.moveOrder(order.id, way[step + 1] ?? 1)
  }

  /** A state of the site's own stands where the last usual one of its kind does. */
  function stepOf({ stateId }: SimulatedOrder): number {
    const step = way.indexOf(stateId)
    const kind = book.stateOf(stateId)?.kind
    return step >= 0 ? step : way.findLastIndex((id) => book.stateOf(id)?.kind === kind)
  }
}
