import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { openTestLog } from '../../test/support/test-log.ts'
import { until } from '../../test/support/until.ts'
import { keepCheckpoints } from './checkpoints.ts'
import { openDatabase } from './database.ts'

async function open(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'checkpoints-'))
  const { log, lines } = openTestLog()
  const file = join(folder, 'callbus.sqlite')
  const database = await openDatabase({ kind: 'sqlite', file }, { log })
  t.after(async () => {
    await database[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })
  const { kysely } = database
  const byItself = async () =>
    Object.values((await sql<object>`pragma wal_autocheckpoint`.execute(kysely)).rows[0] ?? {})[0]
  return { database: kysely, file, folder, log, lines, byItself }
}

test('what is written reaches the file by a thread of its own, and no longer between calls', async (t) => {
  const { database, file, log, byItself } = await open(t)
  await using _checkpoints = await keepCheckpoints({ database, file, log })
  assert.equal(await byItself(), 0)
  const before = (await stat(file)).size
  await sql`create table much (text text)`.execute(database)
  await sql`insert into much values (${'x'.repeat(1_000_000)})`.execute(database)
  await until(async () => (await stat(file)).size > before + 1_000_000, { what: 'the file to grow' })
})

test('when the thread cannot work, SQLite does it by itself again and the log says so', async (t) => {
  const { database, folder, log, lines, byItself } = await open(t)
  await using _checkpoints = await keepCheckpoints({ database, file: join(folder, 'no/such/file'), log })
  await until(async () => (await byItself()) === 1_000, { what: 'the old way' })
  assert.equal(lines.length, 1)
})
