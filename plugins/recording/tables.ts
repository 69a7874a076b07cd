import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { RecordingState } from './recording-state.ts'

export type RecordingsTable = {
  id: string
  call: string
  operator: string
  /** The operator's leg: after a restart it tells a talk that goes on from another one of the same call. */
  leg: string
  at: number
  /** When the exchange had begun; absent when it was never known to. */
  started_at: number | null
  seconds: number | null
  /** Below the folder of recordings, decided at the beginning so that a file is found again. */
  file: string
  state: RecordingState
}

export type RecordingTables = { recording_recordings: RecordingsTable }

export const migrations: Record<string, Migration> = {
  '001-recordings': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('recording_recordings')
        .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('call', 'varchar(64)', (column) => column.notNull())
        .addColumn('operator', 'varchar(160)', (column) => column.notNull())
        .addColumn('leg', 'varchar(160)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'bigint')
        .addColumn('seconds', 'double precision')
        .addColumn('file', 'varchar(200)', (column) => column.notNull())
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .execute()
      for (const column of ['call', 'state', 'at']) {
        await database.schema
          .createIndex(`recording_recordings_by_${column}`)
          .on('recording_recordings')
          .column(column)
          .execute()
      }
    },
  },
}
