import type { Transaction } from 'kysely'
import { bulkInsert } from './bulk-insert.ts'
import type { CallRow, Database, FactsTable, IntentRow, Tables } from './tables.ts'

export type IntentEnd = Pick<IntentRow, 'key' | 'state' | 'outcome' | 'closed_at'>

/** What the journal stores in one transaction. */
export interface Batch {
  facts: FactsTable[]
  calls: Map<string, CallRow>
  ends: IntentEnd[]
}

export const noBatch = (): Batch => ({ facts: [], calls: new Map(), ends: [] })

/** How it is stored, prepared once. */
export function openBatchWriter(database: Database) {
  const insertFacts = bulkInsert<FactsTable>(['id', 'at', 'name', 'call', 'data'], (rows) =>
    // The same fact again means that an earlier commit succeeded without our hearing of it.
    database
      .insertInto('facts')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .compile(),
  )
  // Known from the first ring on; an index of a column that is set is written anew, changed or not.
  const kept = ['id', 'at', 'leg', 'from_phone', 'to_number'] as const
  const changing = [
    'line',
    'language',
    'answered_at',
    'talking_at',
    'ended_at',
    'state',
    'state_since',
    'phase_with',
    'talk',
    'partner_leg',
    'priority',
    'result',
    'because',
    'errand',
    'chosen',
    'held_since',
  ] as const
  const upsertCalls = bulkInsert<CallRow>([...kept, ...changing], (rows) =>
    database
      .insertInto('calls')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet(({ ref }) =>
            Object.fromEntries(changing.map((column) => [column, ref(`excluded.${column}`)])),
          ),
      )
      .compile(),
  )
  return async (transaction: Transaction<Tables>, { facts, calls, ends }: Batch) => {
    await insertFacts(transaction, facts)
    await upsertCalls(transaction, [...calls.values()])
    for (const { key, ...end } of ends)
      await transaction.updateTable('intents').set(end).where('key', '=', key).execute()
  }
}
