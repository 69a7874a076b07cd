import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import Sqlite from 'better-sqlite3'
import { fact, row } from '../../test/contract/storage.ts'
import { openTestClock } from '../../test/support/test-clock.ts'
import { openTestLog } from '../../test/support/test-log.ts'
import { openDatabase } from './database.ts'
import { openJournal } from './journal.ts'

async function openOnDisk(options: { keepAtMost?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'callbus-journal-'))
  const stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true }))
  const file = join(folder, 'callbus.sqlite')
  const { log, lines } = openTestLog()
  const clock = openTestClock()
  const database = stack.use(await openDatabase({ kind: 'sqlite', file }, { log }))
  const journal = stack.use(await openJournal({ database: database.kysely, clock, log, ...options }))
  return { file, lines, clock, journal, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('a database locked by another program delays facts and loses none', async () => {
  await using house = await openOnDisk()
  const { clock, journal, lines } = house
  const other = new Sqlite(house.file)
  other.exec('begin immediate')

  journal.append(fact(1, 'c1'))
  journal.keepCall(row('c1', 1))
  await clock.advance(100)
  assert.deepEqual(journal.waiting, { facts: 1, calls: 1, lost: 0 })
  assert.equal((await journal.storyOf('c1')).length, 1)
  assert.equal(lines[0]?.code, 'DATABASE_UNAVAILABLE')

  other.exec('rollback')
  other.close()
  await clock.advance(2_000)
  assert.deepEqual(journal.waiting, { facts: 0, calls: 0, lost: 0 })
  assert.equal(lines.at(-1)?.msg, 'The database is back; facts are stored again')
})

test('memory for unstored facts is bounded: the oldest are given up and counted', async () => {
  await using house = await openOnDisk({ keepAtMost: 10 })
  const other = new Sqlite(house.file)
  other.exec('begin immediate')
  for (let id = 1; id <= 25; id += 1) house.journal.append(fact(id, 'c1'))
  await assert.rejects(house.journal.flush(), { code: 'DATABASE_UNAVAILABLE' })
  assert.deepEqual(house.journal.waiting, { facts: 10, calls: 0, lost: 15 })
  other.close()
  await house.journal.flush()
  assert.deepEqual(
    (await house.journal.storyOf('c1')).map(({ id }) => id),
    [16, 17, 18, 19, 20, 21, 22, 23, 24, 25],
  )
})

test('many waiting for the same flush are all served by it', async () => {
  await using house = await openOnDisk()
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      house.journal.append(fact(index + 1, 'c1'))
      return house.journal.flush()
    }),
  )
  assert.equal((await house.journal.storyOf('c1')).length, 50)
})
