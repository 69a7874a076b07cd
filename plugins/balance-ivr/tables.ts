import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export type TellingsTable = {
  call: string
  at: number
  phone: string | null
  owner: 'client' | 'driver'
  owner_id: string
  known_by: 'number' | 'code'
  balance: number
}

export type BalanceTables = { balance_ivr_tellings: TellingsTable }

export const migrations: Record<string, Migration> = {
  '001-attempts-and-tellings': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('balance_ivr_attempts')
        .addColumn('id', 'varchar(64)', (column) => column.notNull())
        .addColumn('subject', 'varchar(100)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('balance_ivr_attempts_key', ['id', 'subject'])
        .execute()
      await database.schema
        .createIndex('balance_ivr_attempts_by_subject')
        .on('balance_ivr_attempts')
        .columns(['subject', 'at'])
        .execute()
      await database.schema
        .createTable('balance_ivr_tellings')
        .addColumn('call', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('phone', 'varchar(20)')
        .addColumn('owner', 'varchar(10)', (column) => column.notNull())
        .addColumn('owner_id', 'varchar(64)', (column) => column.notNull())
        .addColumn('known_by', 'varchar(10)', (column) => column.notNull())
        .addColumn('balance', 'double precision', (column) => column.notNull())
        .execute()
      await database.schema
        .createIndex('balance_ivr_tellings_by_at')
        .on('balance_ivr_tellings')
        .column('at')
        .execute()
    },
  },

  /** The house keeps the attempts of all its plugins together. */
  '002-attempts-of-the-house': {
    async up(database: Kysely<unknown>) {
      await database.schema.dropTable('balance_ivr_attempts').execute()
    },
  },
}
