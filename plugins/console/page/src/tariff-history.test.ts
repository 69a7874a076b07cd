import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectOf, personOf, reasonOf, withLatest } from './tariff-history.ts'
import type { Change } from './tariffs-api.ts'

const change = (id: number, about: Partial<Change> = {}): Change => ({
  id,
  zone: 'city',
  at: id * 1_000,
  before: 0,
  rise: 20,
  rules: [],
  because: '',
  by: 'weather',
  ...about,
})
const ids = (changes: readonly Change[]) => changes.map(({ id }) => id)

test('new changes come before those known, what is known of each is replaced', () => {
  const known = [change(3), change(2), change(1)]
  const merged = withLatest(known, [change(4), change(3, { doneAt: 9 })], 2)
  assert.deepEqual(ids(merged), [4, 3, 2, 1])
  assert.equal(merged[1]?.doneAt, 9)
})

test('what lies behind a hole is forgotten; a short answer has none', () => {
  assert.deepEqual(ids(withLatest([change(1)], [change(9), change(8)], 2)), [9, 8])
  assert.deepEqual(ids(withLatest([change(1)], [change(9), change(8)], 3)), [9, 8, 1])
  assert.deepEqual(ids(withLatest([change(1)], [], 3)), [])
})

test('a change that was not carried out waits, until the next of its zone overtakes it', () => {
  const changes = [change(3, { zone: 'lake' }), change(2), change(1)]
  const effects = changes.map((each) => effectOf(each, changes))
  assert.deepEqual(effects, ['waiting', 'waiting', 'overtaken'])
  assert.equal(effectOf(change(1, { doneAt: 9 }), changes), 'done')
})

test('the weather is told by its rules, a person in his own words, an end with what ended', () => {
  assert.deepEqual(reasonOf(change(1, { rules: ['snowfall', 'ice'], because: 'snow 1 mm/h, ice' })), {
    says: 'snowfall, ice',
  })
  assert.deepEqual(reasonOf(change(1, { by: 'user:ann', because: 'a day after a match' })), {
    says: 'a day after a match',
  })
  assert.deepEqual(reasonOf(change(1, { because: 'the weather is calm after user:ann' })), {
    says: 'the weather is calm',
    after: 'user:ann',
  })
  assert.deepEqual(reasonOf(change(1, { because: 'the weather is calm' })), { says: 'the weather is calm' })
})

test('a person is called by his name', () => {
  assert.deepEqual(['user:ann', 'weather'].map(personOf), ['ann', 'weather'])
})
