import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openDatabase } from '#core/database/database.ts'
import { openJournal } from '#core/database/journal.ts'
import { needs } from '../support/needs.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { openTestClock } from '../support/test-clock.ts'
import { openTestLog } from '../support/test-log.ts'
import { until } from '../support/until.ts'
import { fact, storageContract } from './storage.ts'

describe('SQLite', () => {
  let folder = ''
  let files = 0
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callbus-storage-'))
  })
  after(() => rm(folder, { recursive: true }))

  storageContract('SQLite', async () => ({
    kind: 'sqlite',
    file: join(folder, `${++files}`, 'callbus.sqlite'),
  }))
})

describe('PostgreSQL', { skip: needs.postgres() }, () => {
  let postgres: Postgres
  before(async () => {
    postgres = await startPostgres()
  })
  after(() => postgres[Symbol.asyncDispose]())

  storageContract('PostgreSQL', async () => ({ kind: 'postgres', url: await postgres.createDatabase() }))

  it('a power cut of the database loses no fact of ours', async () => {
    const { log } = openTestLog()
    const url = await postgres.createDatabase()
    await using database = await openDatabase({ kind: 'postgres', url }, { log })
    await using journal = await openJournal({ database: database.kysely, clock: openTestClock(), log })
    journal.append(fact(1, 'c1'))
    await journal.flush()

    await postgres.kill()
    journal.append(fact(2, 'c1'))
    await assert.rejects(journal.flush(), { code: 'DATABASE_UNAVAILABLE' })
    assert.equal(journal.waiting.facts, 1)

    await postgres.restart()
    const isStored = () =>
      journal.flush().then(
        () => true,
        () => false,
      )
    await until(isStored, { what: 'the facts to be stored' })
    assert.deepEqual(
      (await journal.storyOf('c1')).map(({ id }) => id),
      [1, 2],
    )
  })
})
