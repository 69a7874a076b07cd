import assert from 'node:assert/strict'
import { test } from 'node:test'
import { full, measure } from './queue-decisions.ts'

test('a minute of a full house: the line stays as long as it was, and every event is decided', () => {
  const { events, decisions } = measure({ ...full, waiting: 200, operators: 40, seconds: 60 })
  assert.ok(events > 2_000)
  assert.ok(decisions > 1_000)
})
