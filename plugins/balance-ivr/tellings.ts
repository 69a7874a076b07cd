import type { Kysely } from 'kysely'
import type { Account } from '#core/ports/dispatch.ts'
import type { CallId, Moment, Phone } from '#core/schema.ts'
import type { BalanceTables } from './tables.ts'

/** Who was told which balance, for whoever disputes it. */
export interface Telling {
  call: CallId
  at: Moment
  phone?: Phone
  of: Account['of']
  id: string
  knownBy: 'number' | 'code'
  balance: number
}

export interface Tellings {
  note(telling: Telling): Promise<void>
  /** The newest first. */
  list(asked: { before?: Moment; limit: number }): Promise<Telling[]>
  forget(before: Moment): Promise<void>
}

export function openTellings(database: Kysely<BalanceTables>): Tellings {
  return {
    async note({ call, at, phone, of, id, knownBy, balance }) {
      await database
        .insertInto('balance_ivr_tellings')
        .values({ call, at, phone: phone ?? null, owner: of, owner_id: id, known_by: knownBy, balance })
        .onConflict((conflict) => conflict.column('call').doNothing())
        .execute()
    },

    async list({ before, limit }) {
      const all = database.selectFrom('balance_ivr_tellings').selectAll().orderBy('at', 'desc').limit(limit)
      const rows = await (before === undefined ? all : all.where('at', '<', before)).execute()
      return rows.map(({ owner: of, owner_id: id, known_by: knownBy, phone, call, at, balance }) => ({
        call,
        at,
        ...(phone !== null && { phone }),
        of,
        id,
        knownBy,
        balance,
      }))
    },

    async forget(before) {
      await database.deleteFrom('balance_ivr_tellings').where('at', '<', before).execute()
    },
  }
}
