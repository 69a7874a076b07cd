import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import type { Moment, Phone } from '#core/schema.ts'
import type { DriverDeskTables } from './tables.ts'

/** Numbers from which drivers called: known also while the dispatch program is silent. */
export interface Drivers {
  isKnown(phone: Phone): boolean
  saw(phone: Phone): Promise<void>
  /** The number belongs to somebody else now. */
  forget(phone: Phone): Promise<void>
}

const day = 24 * 60 * 60_000

export async function openDrivers(parts: {
  clock: Pick<Clock, 'now'>
  database: Kysely<DriverDeskTables>
  days: number
}): Promise<Drivers> {
  const { clock, database, days } = parts
  const oldest = () => clock.now() - days * day
  await database.deleteFrom('driver_desk_drivers').where('seen_at', '<=', oldest()).execute()
  const rows = await database.selectFrom('driver_desk_drivers').selectAll().execute()
  const seenAt = new Map<Phone, Moment>(rows.map(({ phone, seen_at }) => [phone, seen_at]))

  return {
    isKnown: (phone) => (seenAt.get(phone) ?? 0) > oldest(),

    async saw(phone) {
      const now = clock.now()
      // Once a day is enough to know him.
      if (days === 0 || now - (seenAt.get(phone) ?? 0) < day) return
      seenAt.set(phone, now)
      await database
        .insertInto('driver_desk_drivers')
        .values({ phone, seen_at: now })
        .onConflict((conflict) => conflict.column('phone').doUpdateSet({ seen_at: now }))
        .execute()
    },

    async forget(phone) {
      if (!seenAt.delete(phone)) return
      await database.deleteFrom('driver_desk_drivers').where('phone', '=', phone).execute()
    },
  }
}
