import { type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { CallbusError, reasonOf } from '../errors.ts'

/** A number both databases' transactions lock on while tables are being changed. */
const migrationLock = 7_264_287

interface MigrationsTable {
  migrations: { owner: string; name: string; at: number }
}

/**
 * Runs what this owner has not run yet, in the order of names, each in a transaction of its own: a failed
 * one leaves nothing behind. Every owner (the core, each plugin) has its own log.
 */
export async function migrate<Tables>(
  database: Kysely<Tables>,
  owner: string,
  migrations: Record<string, Migration>,
): Promise<void> {
  const log = database as unknown as Kysely<MigrationsTable>
  await openLog(log, owner)

  for (const name of Object.keys(migrations).sort()) {
    const migration = migrations[name]
    if (migration) await runOnce(log, owner, name, migration)
  }
}

async function openLog(database: Kysely<MigrationsTable>, owner: string): Promise<void> {
  try {
    await database.transaction().execute(async (transaction) => {
      await lock(transaction)
      await transaction.schema
        .createTable('migrations')
        .ifNotExists()
        .addColumn('owner', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('migrations_key', ['owner', 'name'])
        .execute()
    })
  } catch (thrown) {
    throw failed(owner, 'of the log itself', thrown)
  }
}

async function runOnce(database: Kysely<MigrationsTable>, owner: string, name: string, migration: Migration) {
  try {
    await database.transaction().execute(async (transaction) => {
      await lock(transaction)
      const run = await transaction
        .insertInto('migrations')
        .values({ owner, name, at: Date.now() })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (run.numInsertedOrUpdatedRows) await migration.up(transaction)
    })
  } catch (thrown) {
    throw failed(owner, name, thrown)
  }
}

/** SQLite has one writer anyway; on PostgreSQL two nodes may start at once. */
async function lock(database: Kysely<MigrationsTable>): Promise<void> {
  if (isPostgres(database)) await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(database)
}

function isPostgres(database: Kysely<MigrationsTable>): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter
}

function failed(owner: string, migration: string, thrown: unknown): CallbusError {
  return new CallbusError(
    'DATABASE_MIGRATION_FAILED',
    { owner, migration, reason: reasonOf(thrown) },
    { cause: thrown },
  )
}
