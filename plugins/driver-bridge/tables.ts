import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Role } from './settings.ts'

export type JoinsTable = {
  /** The id of the call in which it is done. */
  id: string
  /** What asked for it; the same asks once. */
  request: string
  order_id: string | null
  client: string
  driver: string
  /** Who is on the line first. */
  first: Role
  /** We ring him; otherwise he has rung us. */
  is_rung: number
  line: string | null
  by: string
  at: number
  state: 'open' | 'closed'
  outcome: string | null
  closed_at: number | null
}

export type PairsTable = {
  order_id: string
  client: string
  driver: string
  line: string
  since: number
  ended_at: number | null
}

export type BridgeTables = {
  driver_bridge_joins: JoinsTable
  driver_bridge_pairs: PairsTable
}

export const migrations: Record<string, Migration> = {
  '001-joins-and-pairs': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('driver_bridge_joins')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('request', 'varchar(300)', (column) => column.notNull().unique())
        .addColumn('order_id', 'varchar(64)')
        .addColumn('client', 'varchar(16)', (column) => column.notNull())
        .addColumn('driver', 'varchar(16)', (column) => column.notNull())
        .addColumn('first', 'varchar(8)', (column) => column.notNull())
        .addColumn('is_rung', 'integer', (column) => column.notNull())
        .addColumn('line', 'varchar(64)')
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(8)', (column) => column.notNull())
        .addColumn('outcome', 'varchar(40)')
        .addColumn('closed_at', 'bigint')
        .execute()
      for (const column of ['order_id', 'state', 'at']) {
        await database.schema
          .createIndex(`driver_bridge_joins_by_${column}`)
          .on('driver_bridge_joins')
          .column(column)
          .execute()
      }
      await database.schema
        .createTable('driver_bridge_pairs')
        .addColumn('order_id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('client', 'varchar(16)', (column) => column.notNull())
        .addColumn('driver', 'varchar(16)', (column) => column.notNull())
        .addColumn('line', 'varchar(64)', (column) => column.notNull())
        .addColumn('since', 'bigint', (column) => column.notNull())
        .addColumn('ended_at', 'bigint')
        .execute()
    },
  },
}
