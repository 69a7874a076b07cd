import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keptFresh } from './kept-fresh.ts'

test('however much happens, it is asked once at a time, and once more for what happened meanwhile', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let asked = 0
  const refresh = keptFresh(async () => {
    asked += 1
  }, 100)
  for (let times = 0; times < 10; times++) refresh()
  assert.equal(asked, 1)
  await new Promise(setImmediate)
  t.mock.timers.tick(100)
  assert.equal(asked, 2)
  await new Promise(setImmediate)
  t.mock.timers.tick(1_000)
  assert.equal(asked, 2)
})
