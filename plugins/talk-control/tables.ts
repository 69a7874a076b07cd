import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type SeatsTable = {
  /** Under which he signs in here. */
  person: string
  phone: string
}
export type TalkControlTables = { talk_control_seats: SeatsTable }

export const migrations: Record<string, Migration> = {
  '001-seats': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('talk_control_seats')
        .addColumn('person', 'text', (column) => column.primaryKey())
        .addColumn('phone', 'text', (column) => column.notNull())
        .execute()
    },
  },
}
