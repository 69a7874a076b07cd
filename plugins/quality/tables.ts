import type { Kysely, Selectable } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from '#core/database/tables.ts'

/** Who drove whom, noted while the dispatch program still tells. */
export type TripsTable = {
  order_id: string
  phone: string | null
  driver: string | null
  car: string | null
  dispatcher: string | null
  at: number
}

export const complaintStates = ['recording', 'new', 'answered', 'empty', 'lost'] as const
export type ComplaintState = (typeof complaintStates)[number]

/** Its row is there before the exchange is asked to record. */
export type ComplaintsTable = {
  id: string
  call: string
  phone: string | null
  line: string
  language: string
  order_id: string | null
  at: number
  /** Below the folder of complaints. */
  file: string
  seconds: number | null
  state: ComplaintState
  /** When those responsible were told. */
  told_at: number | null
  transcript: string | null
  answer: string | null
  answered_by: string | null
  answered_at: number | null
}

/** Somebody is to be asked for marks: the plan, written before anything is done. */
export type SurveysTable = {
  id: string
  /** What it is about; there is one of it. */
  key: string
  kind: 'after-trip' | 'end-of-call'
  order_id: string | null
  phone: string
  state: 'open' | 'closed'
  result: string | null
  next_at: number
  expires_at: number
  created_at: number
  /** When this number was first rung for it, or asked; counts for the days of rest. */
  asked_at: number | null
}

/** One call of it. The id of the call is chosen and written before anybody is rung. */
export type TriesTable = {
  call: string
  survey: string
  attempt: number
  at: number
  result: string | null
}

export const subjects = ['driver', 'dispatcher'] as const
export type Subject = (typeof subjects)[number]

export type ToldState = 'sending' | 'written' | 'refused' | 'unsure'

/** One question asked and, when he pressed a key, its answer. */
export type MarksTable = {
  id: string
  survey: string
  call: string
  order_id: string | null
  phone: string
  subject: Subject
  who: string
  car: string | null
  asked_at: number
  mark: number | null
  marked_at: number | null
  /** What the dispatch program was told of it. */
  told: ToldState | null
}

export type QualityTables = {
  quality_trips: TripsTable
  quality_complaints: ComplaintsTable
  quality_surveys: SurveysTable
  quality_tries: TriesTable
  quality_marks: MarksTable
}
export type QualityDatabase = Kysely<Tables & QualityTables>
export type Trip = Selectable<TripsTable>
export type ComplaintRow = Selectable<ComplaintsTable>
export type Survey = Selectable<SurveysTable>
export type Try = Selectable<TriesTable>
export type MarkRow = Selectable<MarksTable>

export const migrations: Record<string, Migration> = {
  '001-quality': {
    async up(database: Kysely<unknown>) {
      const { schema } = database
      await schema
        .createTable('quality_trips')
        .addColumn('order_id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('phone', 'varchar(20)')
        .addColumn('driver', 'varchar(100)')
        .addColumn('car', 'varchar(200)')
        .addColumn('dispatcher', 'varchar(100)')
        .addColumn('at', 'bigint', (column) => column.notNull())
        .execute()
      await schema
        .createTable('quality_complaints')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('phone', 'varchar(20)')
        .addColumn('line', 'varchar(100)', (column) => column.notNull())
        .addColumn('language', 'varchar(5)', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)')
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('file', 'varchar(100)', (column) => column.notNull())
        .addColumn('seconds', 'double precision')
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .addColumn('told_at', 'bigint')
        .addColumn('transcript', 'text')
        .addColumn('answer', 'text')
        .addColumn('answered_by', 'varchar(100)')
        .addColumn('answered_at', 'bigint')
        .execute()
      await schema
        .createTable('quality_surveys')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('key', 'varchar(100)', (column) => column.notNull().unique())
        .addColumn('kind', 'varchar(20)', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)')
        .addColumn('phone', 'varchar(20)', (column) => column.notNull())
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .addColumn('result', 'varchar(30)')
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('asked_at', 'bigint')
        .execute()
      await schema
        .createTable('quality_tries')
        .addColumn('call', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('survey', 'varchar(64)', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('result', 'varchar(30)')
        .addUniqueConstraint('quality_tries_once', ['survey', 'attempt'])
        .execute()
      await schema
        .createTable('quality_marks')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('survey', 'varchar(64)', (column) => column.notNull())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('order_id', 'varchar(64)')
        .addColumn('phone', 'varchar(20)', (column) => column.notNull())
        .addColumn('subject', 'varchar(20)', (column) => column.notNull())
        .addColumn('who', 'varchar(100)', (column) => column.notNull())
        .addColumn('car', 'varchar(200)')
        .addColumn('asked_at', 'bigint', (column) => column.notNull())
        .addColumn('mark', 'integer')
        .addColumn('marked_at', 'bigint')
        .addUniqueConstraint('quality_marks_once', ['survey', 'subject'])
        .execute()
      const indices = {
        quality_trips: ['phone', 'at'],
        quality_complaints: ['at', 'state', 'call'],
        quality_surveys: ['phone', 'state', 'created_at'],
        quality_marks: ['asked_at'],
      }
      for (const [table, columns] of Object.entries(indices))
        for (const column of columns)
          await schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute()
    },
  },

  '002-marks-told': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('quality_marks').addColumn('told', 'varchar(10)').execute()
      await database.schema
        .createIndex('quality_marks_by_marked_at')
        .on('quality_marks')
        .column('marked_at')
        .execute()
    },
  },
}
