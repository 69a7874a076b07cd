import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DialOutcome } from '#core/ports/telephony.ts'
import { faultOf, type Health, isUsable, nextHealth, type Seen, unknownHealth } from './health.ts'

const rules = { failures: 3, within: 60_000, rest: 30_000 }
const tried = (outcome: DialOutcome, to = '+1') => ({ name: 'tried', outcome, to }) as const
const after = (...seen: [at: number, seen: Seen][]): Health =>
  seen.reduce((health, [at, each]) => nextHealth(health, each, at, rules), unknownHealth)

test('a line fails when calls to different phones fail one after the other, and is tried again after a rest', () => {
  const failed = after(
    [0, tried('unreachable', '+1')],
    [1, tried('failed', '+2')],
    [2, tried('unreachable', '+3')],
  )
  assert.equal(faultOf(failed), '3 calls in a row failed')
  assert.equal(isUsable(failed, 3), false)
  assert.equal(isUsable(failed, 30_002), true)
  assert.equal(faultOf(nextHealth(failed, tried('no-answer'), 40_000, rules)), undefined)
})

test('one phone that cannot be reached, however often, is no fault of the line', () => {
  const health = after(...[0, 1, 2, 3, 4].map((at): [number, Seen] => [at, tried('unreachable')]))
  assert.equal(faultOf(health), undefined)
})

test('busy, no answer and a rejection show that the line works', () => {
  for (const outcome of ['busy', 'no-answer', 'rejected', 'answered', 'invalid'] as const) {
    const health = after(
      [0, tried('failed', '+1')],
      [1, tried('failed', '+2')],
      [2, tried(outcome)],
      [3, tried('failed', '+3')],
    )
    assert.equal(faultOf(health), undefined, outcome)
  }
})

test('failures long ago do not count', () => {
  const health = after(
    [0, tried('failed', '+1')],
    [1, tried('failed', '+2')],
    [60_002, tried('failed', '+3')],
  )
  assert.equal(faultOf(health), undefined)
})

test('a line whose other end is away is down until it is back', () => {
  const away = after([0, { name: 'looked', state: 'down' }])
  assert.equal(faultOf(away), 'the exchange does not reach its other end')
  assert.equal(isUsable(away, 1e9), false)
  const back = nextHealth(away, { name: 'looked', state: 'up' }, 1, rules)
  assert.equal(faultOf(back), undefined)
})

test('one test call that fails is enough, and one that works clears it', () => {
  const failed = after([0, { name: 'tested', worked: false }])
  assert.equal(faultOf(failed), 'a call failed')
  assert.equal(faultOf(nextHealth(failed, { name: 'tested', worked: true }, 1, rules)), undefined)
})
