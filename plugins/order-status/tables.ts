import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type TellingsTable = {
  call: string
  order_id: string
  at: number
  /** When the car was to be there, by what the caller was told; absent when no minute was named. */
  promised_at: number | null
}

export type OrderStatusTables = { order_status_tellings: TellingsTable }

export const migrations: Record<string, Migration> = {
  '001-tellings': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('order_status_tellings')
        .addColumn('order_id', 'varchar(64)', (column) => column.notNull())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('promised_at', 'bigint')
        .addPrimaryKeyConstraint('order_status_tellings_key', ['order_id', 'call'])
        .execute()
      await database.schema
        .createIndex('order_status_tellings_by_at')
        .on('order_status_tellings')
        .column('at')
        .execute()
    },
  },
}
