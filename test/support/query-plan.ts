import { sql } from 'kysely'
import { openDatabase } from '#core/database/database.ts'
import type { Database } from '#core/database/tables.ts'
import { openTestLog } from './test-log.ts'

/** How SQLite would find what a question to the house's tables asks for. */
export async function planOf(ask: (database: Database) => Promise<unknown>): Promise<string> {
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
  await ask(listening)
  const [text = ''] = asked
  const plan = await sql<{
    detail: string
  }>`explain query plan ${sql.raw(text.replaceAll('?', "''"))}`.execute(kysely)
  return plan.rows.map(({ detail }) => detail).join('\n')
}
