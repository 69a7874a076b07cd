import type { Kysely, Selectable } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Level, Result } from './results.ts'

/** Somebody is to be told something: the plan, written before anything is done. */
export type NoticesTable = {
  id: string
  /** What it is about; there is one of it. */
  key: string
  rule: string
  order_id: string | null
  /** Absent: the one the order is to be called on. */
  phone: string | null
  /** The stage it is about; absent until the order was first read. */
  stage: string | null
  /** A person or a program asked for it. */
  is_asked: number
  /** A person asked for it: quiet hours and limits do not hold. */
  is_urgent: number
  by: string
  state: 'open' | 'closed'
  result: Result | null
  next_at: number
  expires_at: number
  /** Or taken up anew, for another car. */
  created_at: number
}

/** One call of it. The id of the call is chosen and written before anybody is rung. */
export type TriesTable = {
  call: string
  notice: string
  attempt: number
  phone: string
  line: string | null
  car: string
  /** The order as the client is told of it, as JSON. */
  told: string | null
  at: number
  /** How far the conversation has come. */
  level: Level | null
  result: Result | null
}

/** When the car of an order was first promised. */
export type PromisesTable = {
  order_id: string
  promised_at: number | null
  next_look_at: number
  gives_up_at: number
}

export type CallbackTables = {
  status_callback_notices: NoticesTable
  status_callback_tries: TriesTable
  status_callback_promises: PromisesTable
}
export type Notice = Selectable<NoticesTable>
export type Try = Selectable<TriesTable>
export type Promised = Selectable<PromisesTable>

export const migrations: Record<string, Migration> = {
  '001-notices': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('status_callback_notices')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('key', 'varchar(300)', (column) => column.notNull().unique())
        .addColumn('rule', 'varchar(40)', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)')
        .addColumn('phone', 'varchar(20)')
        .addColumn('stage', 'varchar(30)')
        .addColumn('is_asked', 'integer', (column) => column.notNull())
        .addColumn('is_urgent', 'integer', (column) => column.notNull())
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .addColumn('result', 'varchar(30)')
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute()
      for (const column of ['order_id', 'state', 'created_at']) {
        await database.schema
          .createIndex(`status_callback_notices_by_${column}`)
          .on('status_callback_notices')
          .column(column)
          .execute()
      }
      await database.schema
        .createTable('status_callback_tries')
        .addColumn('call', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('notice', 'varchar(64)', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('phone', 'varchar(20)', (column) => column.notNull())
        .addColumn('line', 'varchar(64)')
        .addColumn('car', 'varchar(200)', (column) => column.notNull())
        .addColumn('told', 'text')
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('level', 'varchar(30)')
        .addColumn('result', 'varchar(30)')
        .addUniqueConstraint('status_callback_tries_once', ['notice', 'attempt'])
        .execute()
      await database.schema
        .createIndex('status_callback_tries_by_phone')
        .on('status_callback_tries')
        .columns(['phone', 'at'])
        .execute()
      await database.schema
        .createTable('status_callback_promises')
        .addColumn('order_id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('promised_at', 'bigint')
        .addColumn('next_look_at', 'bigint', (column) => column.notNull())
        .addColumn('gives_up_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
