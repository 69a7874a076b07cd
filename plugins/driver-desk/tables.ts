import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type DriversTable = { phone: string; seen_at: number }
export type DriverDeskTables = { driver_desk_drivers: DriversTable }

export const migrations: Record<string, Migration> = {
  '001-drivers': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('driver_desk_drivers')
        .addColumn('phone', 'varchar(20)', (column) => column.primaryKey())
        .addColumn('seen_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
