import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const openStates = ['requested', 'reserved', 'dialling', 'reached'] as const
export const endStates = ['joined', 'failed', 'expired', 'cancelled', 'called_in'] as const
export type EndState = (typeof endStates)[number]
/** Of a text that was `sending` when we died it is `unsure` whether it left. */
export type TextState = 'sending' | 'sent' | 'refused' | 'unsure'
export type CallBackState = (typeof openStates)[number] | EndState

/** Somebody who hung up and keeps his place. */
export type CallBacksTable = {
  /** The call in which he asked for it, or an id of its own. */
  id: string
  queue: string
  phone: string
  /** The phone he asked from, when that is another one. */
  asked_from: string | null
  /** The number of the line in whose name he is called. */
  line: string
  priority: number
  /** When he began to wait: his place in the line. */
  arrived_at: number
  asked_at: number
  /** By then he was promised a call. */
  promised_at: number
  expires_at: number
  /** Nobody is rung before. */
  next_at: number
  state: CallBackState
  /** The operator who waits for him, or talked to him. */
  operator: string | null
  reached_at: number | null
  closed_at: number | null
  because: string | null
  /** What became of the text message for who was not reached. */
  text: 'owed' | TextState | null
  by: string
}

/** One ringing of his phone. */
export type CallBackTriesTable = {
  call: string
  call_back: string
  attempt: number
  at: number
  outcome: string | null
}

export type CallBackTables = {
  queue_call_backs: CallBacksTable
  queue_call_back_tries: CallBackTriesTable
}

export const callBackMigrations: Record<string, Migration> = {
  '003-call-backs': {
    async up({ schema }: Kysely<unknown>) {
      await schema
        .createTable('queue_call_backs')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('queue', 'varchar(40)', (column) => column.notNull())
        .addColumn('phone', 'varchar(16)', (column) => column.notNull())
        .addColumn('asked_from', 'varchar(16)')
        .addColumn('line', 'varchar(60)', (column) => column.notNull())
        .addColumn('priority', 'double precision', (column) => column.notNull())
        .addColumn('arrived_at', 'bigint', (column) => column.notNull())
        .addColumn('asked_at', 'bigint', (column) => column.notNull())
        .addColumn('promised_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(20)', (column) => column.notNull())
        .addColumn('operator', 'varchar(60)')
        .addColumn('reached_at', 'bigint')
        .addColumn('closed_at', 'bigint')
        .addColumn('because', 'varchar(500)')
        .addColumn('by', 'varchar(100)', (column) => column.notNull())
        .execute()
      await schema
        .createTable('queue_call_back_tries')
        .addColumn('call', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('call_back', 'varchar(64)', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('outcome', 'varchar(20)')
        .execute()
      const indices = {
        queue_call_backs: ['asked_at', 'closed_at'],
        queue_call_back_tries: ['call_back'],
      }
      for (const [table, columns] of Object.entries(indices))
        for (const column of columns)
          await schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
    },
  },
  '004-call-back-texts': {
    async up({ schema }: Kysely<unknown>) {
      await schema.alterTable('queue_call_backs').addColumn('text', 'varchar(10)').execute()
    },
  },
}
