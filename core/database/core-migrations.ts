import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Never changed once released; what comes later is another entry. */
export const coreMigrations: Record<string, Migration> = {
  '001-journal': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('facts')
        .addColumn('id', 'bigint', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('call', 'text')
        .addColumn('data', 'text', (column) => column.notNull())
        .execute()
      await database.schema.createIndex('facts_call').on('facts').columns(['call', 'id']).execute()
      await database.schema.createIndex('facts_name_at').on('facts').columns(['name', 'at']).execute()

      await database.schema
        .createTable('calls')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('leg', 'text', (column) => column.notNull())
        .addColumn('from_phone', 'text')
        .addColumn('to_number', 'text', (column) => column.notNull())
        .addColumn('line', 'text', (column) => column.notNull())
        .addColumn('language', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('answered_at', 'bigint')
        .addColumn('talking_at', 'bigint')
        .addColumn('ended_at', 'bigint')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('state_since', 'bigint', (column) => column.notNull())
        .addColumn('phase_with', 'text')
        .addColumn('talk', 'text')
        .addColumn('partner_leg', 'text')
        .addColumn('priority', 'double precision', (column) => column.notNull())
        .addColumn('result', 'text')
        .addColumn('because', 'text')
        .execute()
      await database.schema.createIndex('calls_at').on('calls').columns(['at', 'id']).execute()
      await database.schema
        .createIndex('calls_from_phone')
        .on('calls')
        .columns(['from_phone', 'at'])
        .execute()
      await database.schema.createIndex('calls_ended_at').on('calls').column('ended_at').execute()

      await database.schema
        .createTable('intents')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('call', 'text')
        .addColumn('data', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('outcome', 'text')
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('closed_at', 'bigint')
        .execute()
      await database.schema
        .createIndex('intents_state')
        .on('intents')
        .columns(['state', 'opened_at'])
        .execute()
    },
  },

  '002-users': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('users')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull().unique())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('password_hash', 'text')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('barred_at', 'bigint')
        .execute()
      await database.schema
        .createTable('sessions')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('tokens')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('hash', 'text', (column) => column.notNull().unique())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
        .addColumn('rights', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint')
        .execute()
      await database.schema
        .createTable('sign_in_links')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('used_at', 'bigint')
        .execute()
    },
  },

  '003-errands': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('calls').addColumn('errand', 'text').execute()
    },
  },

  /** Each index costs every call; nobody asks for facts of calls by their name, nor for the end of calls that have one. */
  '004-fewer-indexes': {
    async up(database: Kysely<unknown>) {
      await database.schema.dropIndex('facts_name_at').execute()
      await database.schema.dropIndex('calls_ended_at').execute()
      await database.schema
        .createIndex('calls_live')
        .on('calls')
        .columns(['at', 'id'])
        .where(sql.ref('ended_at'), 'is', null)
        .execute()
    },
  },

  /** A start asks how orders moved lately, and may not read through every call there ever was. */
  '005-facts-of-no-call': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createIndex('facts_of_no_call')
        .on('facts')
        .columns(['name', 'at'])
        .where(sql.ref('call'), 'is', null)
        .execute()
    },
  },

  '006-messages': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('messages')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('person', 'text', (column) => column.notNull())
        .addColumn('way', 'text', (column) => column.notNull())
        .addColumn('about', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_at', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('ended_at', 'bigint')
        .addColumn('outcome', 'text')
        .execute()
      await database.schema.createIndex('messages_ended_at').on('messages').column('ended_at').execute()
    },
  },

  /** A start asks which recordings were stored while nobody listened; only calls that have one pay for it. */
  '007-recordings': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createIndex('facts_recorded')
        .on('facts')
        .column('at')
        .where(sql.ref('name'), '=', sql.lit('call.recorded'))
        .execute()
    },
  },

  '008-code-attempts': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('code_attempts')
        .addColumn('id', 'varchar(64)', (column) => column.notNull())
        .addColumn('subject', 'varchar(100)', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('code_attempts_key', ['id', 'subject'])
        .execute()
      await database.schema
        .createIndex('code_attempts_by_subject')
        .on('code_attempts')
        .columns(['subject', 'at'])
        .execute()
    },
  },

  '009-choices-and-holds': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('calls').addColumn('chosen', 'text').execute()
      await database.schema.alterTable('calls').addColumn('held_since', 'bigint').execute()
    },
  },
}
