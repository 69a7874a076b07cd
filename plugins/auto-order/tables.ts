import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type DraftsTable = {
  /** Of the order, for ever; also tells the call apart. */
  key: string
  call: string
  phone: string
  address: string
  at: number
  state: 'open' | 'ordered' | 'refused'
  order_id: string | null
}

export type AutoOrderTables = { auto_order_drafts: DraftsTable }

export const migrations: Record<string, Migration> = {
  '001-drafts': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('auto_order_drafts')
        .addColumn('key', 'varchar(40)', (column) => column.primaryKey())
        .addColumn('call', 'varchar(64)', (column) => column.notNull().unique())
        .addColumn('phone', 'varchar(16)', (column) => column.notNull())
        .addColumn('address', 'varchar(200)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(8)', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)')
        .execute()
      await database.schema
        .createIndex('auto_order_drafts_by_phone')
        .on('auto_order_drafts')
        .columns(['phone', 'at'])
        .execute()
    },
  },
}
