import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { Settings } from './settings.ts'
import type { TalkControlTables } from './tables.ts'

/** At which phone each person sits. */
export interface Seats {
  phoneOf(person: string): string | undefined
  /** Whoever sat there before does not any more. */
  sat(person: string, phone: string): void
  left(person: string): void
}

export async function openSeats({
  database,
  log,
  settings,
}: {
  database: Kysely<TalkControlTables>
  log: Logger
  settings: Settings
}): Promise<Seats> {
  const rows = await database.selectFrom('talk_control_seats').selectAll().execute()
  const seats = new Map(rows.map(({ person, phone }) => [person, phone]))

  async function keep(person: string, phone: string) {
    await database.deleteFrom('talk_control_seats').where('phone', '=', phone).execute()
    await database
      .insertInto('talk_control_seats')
      .values({ person, phone })
      .onConflict((conflict) => conflict.column('person').doUpdateSet({ phone }))
      .execute()
  }

  function noted(work: Promise<unknown>) {
    work.catch((thrown: unknown) => {
      log.error({ reason: reasonOf(thrown) }, 'Where somebody sits could not be written down')
    })
  }

  return {
    phoneOf: (person) => seats.get(person) ?? settings.phones[person],
    sat(person, phone) {
      if (seats.get(person) === phone) return
      for (const [other, seat] of seats) if (seat === phone) seats.delete(other)
      seats.set(person, phone)
      noted(keep(person, phone))
    },
    left(person) {
      if (!seats.delete(person)) return
      noted(database.deleteFrom('talk_control_seats').where('person', '=', person).execute())
    },
  }
}
