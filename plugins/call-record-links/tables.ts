import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type RecordingsTable = {
  recording: string
  call: string
  seconds: number
  stored_at: number
  /** Absent until the talk is looked up, and for callers who withheld their number. */
  phone: string | null
  started_at: number | null
  operator: string | null
  /** Absent until the talk is looked up. */
  direction: 'incoming' | 'outgoing' | null
  /** `new` is to be looked up, `watched` waits for an order of the caller, `done` waits for nothing. */
  state: 'new' | 'watched' | 'done'
  /** When it is looked at next. */
  next_at: number
}

export type LinksTable = {
  /** The call id at the dispatch program: never given twice. */
  id: string
  recording: string
  /** Empty when the caller had no order. */
  order_id: string
  state: 'waiting' | 'sent' | 'given-up'
  made_at: number
  attempts: number
  next_at: number
  /** The dispatch program's own id of it. */
  record_id: string | null
  /** Why it was not accepted last time. */
  because: string | null
}

export type RecordLinkTables = {
  call_record_links_recordings: RecordingsTable
  call_record_links_links: LinksTable
}

export const migrations: Record<string, Migration> = {
  '001-record-links': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('call_record_links_recordings')
        .addColumn('recording', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('seconds', 'double precision', (column) => column.notNull())
        .addColumn('stored_at', 'bigint', (column) => column.notNull())
        .addColumn('phone', 'varchar(16)')
        .addColumn('started_at', 'bigint')
        .addColumn('operator', 'varchar(160)')
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('call_record_links_links')
        .addColumn('id', 'varchar(70)', (column) => column.primaryKey())
        .addColumn('recording', 'varchar(64)', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)', (column) => column.notNull())
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .addColumn('made_at', 'bigint', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('record_id', 'text')
        .addColumn('because', 'text')
        .addUniqueConstraint('call_record_links_one_per_order', ['recording', 'order_id'])
        .execute()
      for (const table of ['call_record_links_recordings', 'call_record_links_links']) {
        await database.schema.createIndex(`${table}_due`).on(table).columns(['state', 'next_at']).execute()
      }
    },
  },

  '002-direction': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .alterTable('call_record_links_recordings')
        .addColumn('direction', 'varchar(10)')
        .execute()
    },
  },
}
