import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Stage } from '#core/ports/dispatch.ts'
import type { Outcome } from './stages.ts'

export type RequestsTable = {
  id: string
  /** Whose key it is: the keys of two programs never meet. */
  asker: string
  key: string
  /** The request as it came, to tell a repeat from another one. */
  asked: string
  outcome: 'accepted' | Outcome
  accepted_at: number
  /** The fact that comes of it, if one does. */
  fact: string | null
  /** Whether that fact is in the journal. */
  is_told: number
}

/** What is believed of an order, by the clock of the program that told it. */
export type OrdersTable = { id: string; stage: Stage; at: number; touched_at: number }

export type DoorTables = { dispatch_door_requests: RequestsTable; dispatch_door_orders: OrdersTable }

export const migrations: Record<string, Migration> = {
  '001-requests': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('dispatch_door_requests')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('asker', 'varchar(100)', (column) => column.notNull())
        .addColumn('key', 'varchar(100)', (column) => column.notNull())
        .addColumn('asked', 'text', (column) => column.notNull())
        .addColumn('outcome', 'varchar(20)', (column) => column.notNull())
        .addColumn('accepted_at', 'bigint', (column) => column.notNull())
        .addColumn('fact', 'text')
        .addColumn('is_told', 'integer', (column) => column.notNull())
        .addUniqueConstraint('dispatch_door_requests_key', ['asker', 'key'])
        .execute()
      for (const column of ['accepted_at', 'is_told']) {
        await database.schema
          .createIndex(`dispatch_door_requests_by_${column}`)
          .on('dispatch_door_requests')
          .column(column)
          .execute()
      }
      await database.schema
        .createTable('dispatch_door_orders')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('stage', 'varchar(30)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('touched_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
