import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import type { Moment, OrderId, Phone } from '#core/schema.ts'
import type { Two } from './joins.ts'
import type { BridgeTables } from './tables.ts'

/** Client and driver of an order, hidden from each other behind one number of the company. */
export interface Pair extends Two {
  order: OrderId
  line: string
  since: Moment
  endedAt?: Moment
}

/** Who reaches whom by dialling a number of the company; kept over a restart, answered from memory. */
export interface Pairs {
  /** The order lives and has these two; a number on which neither has another order is chosen once. */
  keep(two: Two & { order: OrderId }): Promise<Pair>
  /** The order is over; the two reach each other until its grace has passed. */
  end(order: OrderId): Promise<void>
  /** The driver has given the order back. */
  forget(order: OrderId): Promise<void>
  find(order: OrderId): Pair | undefined
  /** Of this phone on this number, the newest first; also those whose grace is over, for a day. */
  of(phone: Phone, line: string): Pair[]
  /** Of this phone on any number: those who reach each other now, the newest first. */
  alive(phone: Phone): Pair[]
  isAlive(pair: Pair): boolean
}

const minute = 60_000
const day = 24 * 60 * minute
/** An order nobody has heard of for so long is over, whatever was not told. */
const longestOrder = 3 * day

export async function openPairs(parts: {
  clock: Clock
  database: Kysely<BridgeTables>
  /** Minutes. */
  grace: number
  lines: readonly string[]
}): Promise<Pairs> {
  const { clock, database, lines } = parts
  const grace = parts.grace * minute
  const pairs = new Map<OrderId, Pair>()
  const byPhone = new Map<Phone, Set<OrderId>>()
  for (const row of await database.selectFrom('driver_bridge_pairs').selectAll().execute()) {
    const { order_id: order, client, driver, line, since, ended_at } = row
    remember({ order, client, driver, line, since, ...(ended_at === null ? {} : { endedAt: ended_at }) })
  }
  await forgetOld()

  function remember(pair: Pair) {
    drop(pair.order)
    pairs.set(pair.order, pair)
    for (const phone of [pair.client, pair.driver])
      byPhone.set(phone, (byPhone.get(phone) ?? new Set()).add(pair.order))
  }

  function drop(order: OrderId) {
    const pair = pairs.get(order)
    if (!pair) return
    pairs.delete(order)
    for (const phone of [pair.client, pair.driver]) {
      const orders = byPhone.get(phone)
      orders?.delete(order)
      if (orders?.size === 0) byPhone.delete(phone)
    }
  }

  async function write({ order, client, driver, line, since, endedAt }: Pair) {
    const values = { client, driver, line, since, ended_at: endedAt ?? null }
    await database
      .insertInto('driver_bridge_pairs')
      .values({ order_id: order, ...values })
      .onConflict((conflict) => conflict.column('order_id').doUpdateSet(values))
      .execute()
  }

  async function forgetOld() {
    const now = clock.now()
    const isOld = ({ since, endedAt }: Pair) =>
      endedAt === undefined ? since < now - longestOrder : endedAt < now - grace - day
    const old = [...pairs.values()].filter(isOld).map(({ order }) => order)
    for (const order of old) drop(order)
    if (old.length > 0)
      await database.deleteFrom('driver_bridge_pairs').where('order_id', 'in', old).execute()
  }

  const isAlive = ({ endedAt }: Pair) => endedAt === undefined || clock.now() < endedAt + grace
  const ofPhone = (phone: Phone) =>
    [...(byPhone.get(phone) ?? [])]
      .flatMap((order) => pairs.get(order) ?? [])
      .sort((one, other) => other.since - one.since)

  /** The first number on which neither of the two has another order; else the first: he is asked which. */
  function lineFor({ order, client, driver }: Two): string {
    const others = [...ofPhone(client), ...ofPhone(driver)].filter(
      (pair) => pair.order !== order && isAlive(pair),
    )
    const taken = new Set(others.map(({ line }) => line))
    return lines.find((line) => !taken.has(line)) ?? lines[0] ?? ''
  }

  return {
    isAlive,
    find: (order) => pairs.get(order),

    of: (phone, line) => ofPhone(phone).filter((pair) => pair.line === line),
    alive: (phone) => ofPhone(phone).filter(isAlive),

    async keep(two) {
      const known = pairs.get(two.order)
      const isSame = known?.client === two.client && known.driver === two.driver
      if (known && isSame && known.endedAt === undefined) return known
      const line = known && lines.includes(known.line) ? known.line : lineFor(two)
      const { order, client, driver } = two
      const pair = { order, client, driver, line, since: known?.since ?? clock.now() }
      remember(pair)
      await write(pair)
      return pair
    },

    async end(order) {
      const pair = pairs.get(order)
      if (!pair || pair.endedAt !== undefined) return
      const ended = { ...pair, endedAt: clock.now() }
      remember(ended)
      await write(ended)
      await forgetOld()
    },

    async forget(order) {
      if (!pairs.has(order)) return
      drop(order)
      await database.deleteFrom('driver_bridge_pairs').where('order_id', '=', order).execute()
    },
  }
}
