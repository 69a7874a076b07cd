import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOf } from '../../test/support/query-plan.ts'
import { readFacts } from './journal.ts'

test('how orders moved is read by its index, however many facts of calls there are', async () => {
  const plan = await planOf((database) => readFacts(database, 'order.stage-changed', 0))
  assert.match(plan, /SEARCH facts USING INDEX facts_of_no_call/)
})
