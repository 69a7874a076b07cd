/** Who rings for whom, in which order. */
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import type { Call, Services } from '#core/plugin.ts'
import type { Phone } from '#core/schema.ts'
import type { Settings, Step } from './settings.ts'
import type { ManagerTables } from './tables.ts'

export interface Managers {
  /** None for who has no manager. */
  stepsFor(call: Pick<Call, 'from' | 'identity'>): Promise<Step[]>
  list(): { phone: Phone; steps: Step[] }[]
  set(phone: Phone, steps: Step[], by: string): Promise<void>
  /** False when nothing was set for him. */
  forget(phone: Phone): Promise<boolean>
}

export async function openManagers(parts: {
  clock: Clock
  database: Kysely<ManagerTables>
  phones: Services['phones']
  settings: Settings
}): Promise<Managers> {
  const { clock, database, phones, settings } = parts
  const written = new Map<Phone, Step[]>()
  for (const client of settings.clients)
    for (const raw of client.phones) {
      const phone = phones.toE164(raw)
      if (phone !== undefined) written.set(phone, client.steps)
    }
  const rows = await database.selectFrom('personal_manager_clients').selectAll().execute()
  const set = new Map(rows.map(({ phone, steps }) => [phone, JSON.parse(steps) as Step[]]))

  return {
    async stepsFor({ from, identity }) {
      const own = from === undefined ? undefined : (set.get(from) ?? written.get(from))
      if (own) return own
      if (settings.vip.length === 0) return []
      const known = await identity
      return known.lookedUp && known.card.isVip === true ? settings.vip : []
    },

    list: () => [...new Map([...written, ...set])].map(([phone, steps]) => ({ phone, steps })),

    async set(phone, steps, by) {
      const row = { steps: JSON.stringify(steps), by, changed_at: clock.now() }
      await database
        .insertInto('personal_manager_clients')
        .values({ phone, ...row })
        .onConflict((conflict) => conflict.column('phone').doUpdateSet(row))
        .execute()
      set.set(phone, steps)
    },

    async forget(phone) {
      await database.deleteFrom('personal_manager_clients').where('phone', '=', phone).execute()
      return set.delete(phone)
    },
  }
}
