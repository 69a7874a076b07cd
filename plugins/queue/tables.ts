import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { type CallBackTables, callBackMigrations } from './call-back/tables.ts'

/** One stay of one call in one queue. Moments are milliseconds; estimates are seconds. */
export type EntriesTable = {
  id: string
  call: string
  queue: string
  phone: string | null
  priority: number
  /** When the caller began to wait, in whichever queue. */
  arrived_at: number
  entered_at: number
  left_at: number | null
  outcome: string | null
  sent_to: string | null
  operator: string | null
  position: number
  /** The expected wait on entering, and what could have been promised then. */
  expected: number | null
  promise: number | null
  /** The first time he was told; null when he was told none. */
  told: number | null
}

/** Whom a supervisor has given a waiting caller to; gone once it is over. */
export type GiftsTable = {
  entry: string
  operator: string
  until: number
}

/** One ringing of one operator for one entry. */
export type OffersTable = {
  id: string
  entry: string
  call: string
  queue: string
  operator: string
  extension: string
  at: number
  ended_at: number | null
  outcome: string | null
}

/** What an operator did, from when to when. */
export type TimesTable = {
  operator: string
  state: string
  reason: string | null
  queue: string | null
  call: string | null
  started_at: number
  ended_at: number
}

/** Where an operator is and what he does now. */
export type OperatorsTable = {
  id: string
  extension: string | null
  state: string
}

/** What a queue remembers and has learned, as JSON. */
export type MemoriesTable = {
  queue: string
  kept: string
}

export type StrategiesTable = {
  id: string
  queue: string
  strategy: string
  by: string
  at: number
  undone_at: number | null
}

export type QueueTables = CallBackTables & {
  queue_entries: EntriesTable
  queue_gifts: GiftsTable
  queue_offers: OffersTable
  queue_times: TimesTable
  queue_operators: OperatorsTable
  queue_memories: MemoriesTable
  queue_strategies: StrategiesTable
}

export const migrations: Record<string, Migration> = {
  '001-queues': {
    async up(database: Kysely<unknown>) {
      const { schema } = database
      await schema
        .createTable('queue_entries')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('queue', 'varchar(40)', (column) => column.notNull())
        .addColumn('phone', 'varchar(16)')
        .addColumn('priority', 'double precision', (column) => column.notNull())
        .addColumn('arrived_at', 'bigint', (column) => column.notNull())
        .addColumn('entered_at', 'bigint', (column) => column.notNull())
        .addColumn('left_at', 'bigint')
        .addColumn('outcome', 'varchar(20)')
        .addColumn('sent_to', 'varchar(60)')
        .addColumn('operator', 'varchar(60)')
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('expected', 'double precision')
        .addColumn('promise', 'double precision')
        .addColumn('told', 'integer')
        .execute()
      await schema
        .createTable('queue_offers')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('entry', 'varchar(64)', (column) => column.notNull())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('queue', 'varchar(40)', (column) => column.notNull())
        .addColumn('operator', 'varchar(60)', (column) => column.notNull())
        .addColumn('extension', 'varchar(60)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('ended_at', 'bigint')
        .addColumn('outcome', 'varchar(20)')
        .execute()
      await schema
        .createTable('queue_times')
        .addColumn('operator', 'varchar(60)', (column) => column.notNull())
        .addColumn('state', 'varchar(20)', (column) => column.notNull())
        .addColumn('reason', 'varchar(200)')
        .addColumn('queue', 'varchar(40)')
        .addColumn('call', 'varchar(64)')
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('ended_at', 'bigint', (column) => column.notNull())
        .execute()
      await schema
        .createTable('queue_operators')
        .addColumn('id', 'varchar(60)', (column) => column.primaryKey())
        .addColumn('extension', 'varchar(60)')
        .addColumn('state', 'text', (column) => column.notNull())
        .execute()
      await schema
        .createTable('queue_memories')
        .addColumn('queue', 'varchar(40)', (column) => column.primaryKey())
        .addColumn('kept', 'text', (column) => column.notNull())
        .execute()
      await schema
        .createTable('queue_strategies')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('queue', 'varchar(40)', (column) => column.notNull())
        .addColumn('strategy', 'text', (column) => column.notNull())
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('undone_at', 'bigint')
        .execute()
      const indices = {
        queue_entries: ['entered_at', 'call', 'left_at', 'phone'],
        queue_offers: ['at', 'entry'],
        queue_times: ['started_at', 'ended_at'],
      }
      for (const [table, columns] of Object.entries(indices))
        for (const column of columns)
          await schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
    },
  },

  '002-times-by-call': {
    async up(database: Kysely<unknown>) {
      await database.schema.createIndex('queue_times_by_call').on('queue_times').column('call').execute()
    },
  },

  ...callBackMigrations,

  '005-gifts': {
    async up({ schema }: Kysely<unknown>) {
      await schema
        .createTable('queue_gifts')
        .addColumn('entry', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('operator', 'varchar(60)', (column) => column.notNull())
        .addColumn('until', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
