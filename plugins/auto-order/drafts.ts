/**
 * Every order that was begun: written before it is made, under a key of its own. A number that asks for the
 * same address again within some minutes is asked whether it means another car.
 */
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import { openTurns } from '#core/in-turn.ts'
import type { CallId, OrderId, Phone } from '#core/schema.ts'
import type { AutoOrderTables, DraftsTable } from './tables.ts'

export interface Wish {
  call: CallId
  phone: Phone
  address: string
  /** He knows of the first and wants one more. */
  isAnother?: boolean
}

export interface Begun {
  /** Whose draft it is: of this call, or of another call of the same number. */
  is: 'his' | 'of another call'
  key: string
  order?: OrderId
}

export type Drafts = ReturnType<typeof openDrafts>

const minute = 60_000

export function openDrafts(parts: { clock: Clock; database: Kysely<AutoOrderTables>; sameWithin: number }) {
  const { clock, database, sameWithin } = parts
  const rows = () => database.selectFrom('auto_order_drafts').selectAll()
  /** One after the other for each number: two at once would both find nothing. */
  const turns = openTurns()

  async function begin({ call, phone, address, isAnother = false }: Wish): Promise<Begun> {
    const own = await rows().where('call', '=', call).executeTakeFirst()
    if (own) return toBegun('his', own)
    const same = await rows()
      .where('phone', '=', phone)
      .where('address', '=', address)
      .where('state', '!=', 'refused')
      .where('at', '>', clock.now() - sameWithin * minute)
      .orderBy('at', 'desc')
      .executeTakeFirst()
    if (same && !isAnother) return toBegun('of another call', same)
    const key = call.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(-40)
    const row: DraftsTable = { key, call, phone, address, at: clock.now(), state: 'open', order_id: null }
    await database.insertInto('auto_order_drafts').values(row).execute()
    return toBegun('his', row)
  }

  return {
    begin: (wish: Wish) => turns.take(wish.phone, () => begin(wish)),

    /** What this call had begun before a restart. */
    async of(call: CallId): Promise<{ address: string } | undefined> {
      return await rows().where('call', '=', call).executeTakeFirst()
    },

    async close(key: string, order: OrderId | undefined) {
      const state = order === undefined ? 'refused' : 'ordered'
      await database
        .updateTable('auto_order_drafts')
        .set({ state, order_id: order ?? null })
        .where('key', '=', key)
        .execute()
    },

    async forget(before: number) {
      await database.deleteFrom('auto_order_drafts').where('at', '<', before).execute()
    },
  }
}

function toBegun(is: Begun['is'], { key, order_id: order }: DraftsTable): Begun {
  return { is, key, ...(order !== null && { order }) }
}
