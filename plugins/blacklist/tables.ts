import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type EntriesTable = {
  list: string
  phone: string
  reason: string
  added_by: string
  added_at: number
  expires_at: number | null
}

export type HistoryTable = {
  list: string
  phone: string
  change: 'added' | 'changed' | 'removed'
  reason: string
  expires_at: number | null
  by: string
  at: number
}

export type BlacklistTables = {
  blacklist_entries: EntriesTable
  blacklist_history: HistoryTable
}

export const migrations: Record<string, Migration> = {
  '001-number-lists': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('blacklist_entries')
        .addColumn('list', 'varchar(40)', (column) => column.notNull())
        .addColumn('phone', 'varchar(16)', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('added_by', 'varchar(100)', (column) => column.notNull())
        .addColumn('added_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addPrimaryKeyConstraint('blacklist_entries_key', ['list', 'phone'])
        .execute()
      await database.schema
        .createTable('blacklist_history')
        .addColumn('list', 'varchar(40)', (column) => column.notNull())
        .addColumn('phone', 'varchar(16)', (column) => column.notNull())
        .addColumn('change', 'varchar(10)', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .execute()
      await database.schema
        .createIndex('blacklist_history_by_phone')
        .on('blacklist_history')
        .columns(['phone', 'at'])
        .execute()
    },
  },
}
