import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Lines that do not work, until they do. */
export type AlarmsTable = {
  trunk: string
  since: number
  because: string
  /** When somebody pressed the key. */
  taken_at: number | null
}

export type LineRoutingTables = {
  line_routing_alarms: AlarmsTable
}

export const migrations: Record<string, Migration> = {
  '001-alarms': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('line_routing_alarms')
        .addColumn('trunk', 'varchar(40)', (column) => column.primaryKey())
        .addColumn('since', 'bigint', (column) => column.notNull())
        .addColumn('because', 'varchar(200)', (column) => column.notNull())
        .addColumn('taken_at', 'bigint')
        .execute()
    },
  },
}
