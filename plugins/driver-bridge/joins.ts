import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import type { CallId, Moment, OrderId, Phone } from '#core/schema.ts'
import type { Role, Settings } from './settings.ts'
import type { BridgeTables, JoinsTable } from './tables.ts'

/** A client and his driver. */
export interface Two {
  order?: OrderId
  client: Phone
  driver: Phone
}

export interface NewJoin extends Two {
  /** Who is on the line first. */
  first: Role
  /** The company's number that both see. */
  line?: string
  /** A plugin, a neighbour, or `user:<name>`. */
  by: string
  /** Names it for ever: the same is carried out once. */
  request: string
  /** The call of somebody who has rung us; without it we ring the first. */
  call?: CallId
}

export interface Join extends Two {
  id: CallId
  first: Role
  line?: string
  by: string
  at: Moment
  isRung: boolean
  /** `undefined` while it is under way. */
  outcome?: string
}

export type Begun = { is: 'new' | 'known' | 'too-often'; join: Join }

/** Every join there ever was: written before anybody is rung, counted, and closed with what came of it. */
export interface Joins {
  begin(wish: NewJoin): Promise<Begun>
  /** One that is under way. */
  find(id: CallId): Join | undefined
  readonly underWay: Iterable<Join>
  close(id: CallId, outcome: string): Promise<void>
  of(order: OrderId): Promise<Join[]>
  since(moment: Moment): Promise<Join[]>
}

const minute = 60_000
const refused = 'too often'

export async function openJoins(parts: {
  clock: Clock
  database: Kysely<BridgeTables>
  limits: Settings['limits']
}): Promise<Joins> {
  const { clock, database, limits } = parts
  const rows = () => database.selectFrom('driver_bridge_joins').selectAll()
  const open = new Map<CallId, Join>()
  for (const row of await rows().where('state', '=', 'open').execute()) open.set(row.id, toJoin(row))
  /** One after the other: two at once would both find room below the limit. */
  let turn: Promise<unknown> = Promise.resolve()

  async function begin(wish: NewJoin): Promise<Begun> {
    const known = await rows().where('request', '=', wish.request).executeTakeFirst()
    if (known) return { is: known.outcome === refused ? 'too-often' : 'known', join: toJoin(known) }

    const same = wish.call === undefined ? beingRung(wish) : undefined
    if (same) return { is: 'known', join: same }
    const isTooOften = await hasReachedLimit(wish)
    const row = toRow(wish, clock.now(), isTooOften)
    await database.insertInto('driver_bridge_joins').values(row).execute()
    const join = toJoin(row)
    if (isTooOften) return { is: 'too-often', join }
    open.set(join.id, join)
    return { is: 'new', join }
  }

  /** Who asks again while the two are being joined wants the same. */
  function beingRung({ order, client, driver }: Two): Join | undefined {
    return [...open.values()].find(
      (join) => join.isRung && join.order === order && join.client === client && join.driver === driver,
    )
  }

  async function hasReachedLimit({ order, client, driver }: Two): Promise<boolean> {
    const counted = rows().where((where) =>
      where.or([where('outcome', 'is', null), where('outcome', '!=', refused)]),
    )
    const ofThese =
      order === undefined
        ? counted.where('client', '=', client).where('driver', '=', driver)
        : counted.where('order_id', '=', order)
    const all = await ofThese.execute()
    const since = clock.now() - limits.within * minute
    return all.length >= limits.perOrder || all.filter(({ at }) => at > since).length >= limits.joins
  }

  return {
    begin(wish) {
      const begun = turn.then(() => begin(wish))
      turn = begun.catch(() => undefined)
      return begun
    },

    find: (id) => open.get(id),
    get underWay() {
      return [...open.values()]
    },

    async close(id, outcome) {
      if (!open.delete(id)) return
      await database
        .updateTable('driver_bridge_joins')
        .set({ state: 'closed', outcome, closed_at: clock.now() })
        .where('id', '=', id)
        .execute()
    },

    of: async (order) => (await rows().where('order_id', '=', order).orderBy('at').execute()).map(toJoin),
    since: async (moment) => (await rows().where('at', '>', moment).orderBy('at').execute()).map(toJoin),
  }
}

function toRow(wish: NewJoin, at: Moment, isTooOften: boolean): JoinsTable {
  return {
    id: wish.call ?? randomUUID(),
    request: wish.request,
    order_id: wish.order ?? null,
    client: wish.client,
    driver: wish.driver,
    first: wish.first,
    is_rung: wish.call === undefined ? 1 : 0,
    line: wish.line ?? null,
    by: wish.by,
    at,
    state: isTooOften ? 'closed' : 'open',
    outcome: isTooOften ? refused : null,
    closed_at: isTooOften ? at : null,
  }
}

function toJoin(row: JoinsTable): Join {
  return {
    id: row.id,
    client: row.client,
    driver: row.driver,
    first: row.first,
    by: row.by,
    at: row.at,
    isRung: row.is_rung === 1,
    ...(row.order_id === null ? {} : { order: row.order_id }),
    ...(row.line === null ? {} : { line: row.line }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
  }
}
