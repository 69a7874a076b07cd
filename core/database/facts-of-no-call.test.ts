import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openTestLog } from '../../test/support/test-log.ts'
import { openDatabase } from './database.ts'
import { readFacts } from './journal.ts'

test('how orders moved is read by its index, however many facts of calls there are', async () => {
  const asked: string[] = []
  await using database = await openDatabase({ kind: 'sqlite', file: ':memory:' }, openTestLog())
  const { kysely } = database
  const listening = kysely.withPlugin({
    transformQuery({ node }) {
      asked.push(kysely.getExecutor().compileQuery(node, { queryId: 'asked' }).sql)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  await readFacts(listening, 'order.stage-changed', 0)
  const [text = ''] = asked
  const plan = await sql<{
    detail: string
  }>`explain query plan ${sql.raw(text.replaceAll('?', "''"))}`.execute(kysely)
  assert.match(plan.rows.map(({ detail }) => detail).join('\n'), /SEARCH facts USING INDEX facts_of_no_call/)
})
