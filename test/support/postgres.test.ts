import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { needs } from './needs.ts'
import { startPostgres } from './postgres.ts'

test('a real PostgreSQL keeps what it was told over a restart', { skip: needs.postgres() }, async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  await query(url, 'create table calls (id text)')
  await query(url, "insert into calls values ('one')")
  await postgres.kill()
  await postgres.restart()
  assert.deepEqual(await query(url, 'select id from calls'), [{ id: 'one' }])
})

async function query(url: string, text: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}
