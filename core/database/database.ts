import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import { Pool, types } from 'pg'
import type { Logger } from 'pino'
import { CallbusError, reasonOf } from '../errors.ts'
import { coreMigrations } from './core-migrations.ts'
import { migrate } from './migrations.ts'
import type { Database, Tables } from './tables.ts'

export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string }

/** SQLite waits in our own thread: longer than this and callers would feel it. */
const busyTimeout = 50
const connectTimeout = 3_000
const queryTimeout = 10_000
const preparedAtMost = 200
const changesTables = /^\s*(create|alter|drop)\b/i

/** Opens the database and brings the tables of the core up to date. */
export async function openDatabase(
  settings: DatabaseAddress,
  { log }: { log: Logger },
): Promise<AsyncDisposable & { kysely: Database }> {
  const kysely =
    settings.kind === 'sqlite' ? await openSqlite(settings.file) : await openPostgres(settings.url, log)
  try {
    await migrate(kysely, 'core', coreMigrations)
  } catch (thrown) {
    await kysely.destroy()
    throw thrown
  }
  return { kysely, [Symbol.asyncDispose]: () => kysely.destroy() }
}

async function openSqlite(file: string): Promise<Database> {
  try {
    if (file !== ':memory:') await makeOurs(file)
    const sqlite = new Sqlite(file, { timeout: busyTimeout })
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = NORMAL')
    sqlite.pragma('foreign_keys = ON')
    return new Kysely<Tables>({ dialect: new SqliteDialect({ database: remembering(sqlite) }) })
  } catch (thrown) {
    throw unavailable(thrown)
  }
}

/** Numbers of callers and hashes of passwords are nobody else's on this machine; SQLite's other files follow this one. */
async function makeOurs(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const made = await open(file, 'a', 0o600)
  await made.close()
}

/** Preparing costs more than running; the same few sentences come again and again. */
function remembering(sqlite: Sqlite.Database) {
  const prepared = new Map<string, Sqlite.Statement>()
  return {
    close: () => void sqlite.close(),
    prepare(text: string) {
      const known = prepared.get(text)
      if (known && !known.busy) return known

      const statement = sqlite.prepare(text)
      if (prepared.size >= preparedAtMost || changesTables.test(text)) prepared.clear()
      else prepared.set(text, statement)
      return statement
    },
  }
}

async function openPostgres(url: string, log: Logger): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: connectTimeout,
    query_timeout: queryTimeout,
    max: 5,
    types: { getTypeParser },
  })
  pool.on('error', (thrown) => {
    log.warn(
      { code: 'DATABASE_UNAVAILABLE', reason: reasonOf(thrown) },
      'An idle database connection was lost',
    )
  })
  try {
    const client = await pool.connect()
    client.release()
  } catch (thrown) {
    await pool.end()
    throw unavailable(thrown)
  }
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** Our 64-bit integers are moments and ids, all of them exact as numbers; `pg` would hand out text. */
const getTypeParser: typeof types.getTypeParser = ((id: number, format: 'text') =>
  id === types.builtins.INT8 ? Number : types.getTypeParser(id, format)) as typeof types.getTypeParser

function unavailable(thrown: unknown): CallbusError {
  return new CallbusError('DATABASE_UNAVAILABLE', { reason: reasonOf(thrown) }, { cause: thrown })
}
