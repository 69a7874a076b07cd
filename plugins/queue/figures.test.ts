import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abandonRate, type Counts, serviceLevel, serviceLevels } from './figures.ts'

test('the classic example by each definition of the service level', () => {
  const counts: Counts = {
    offered: 1_060,
    answered: 1_000,
    abandoned: 60,
    shortAbandons: 10,
    answeredInTime: 860,
    abandonedInTime: 20,
  }
  const percent = (share: number | undefined) => ((share ?? Number.NaN) * 100).toFixed(2)
  assert.deepEqual(
    serviceLevels.map((definition) => percent(serviceLevel(counts, definition))),
    ['81.90', '81.13', '86.00', '82.69', '83.02'],
  )
  assert.deepEqual([percent(abandonRate(counts)), percent(abandonRate(counts, true))], ['4.76', '5.66'])
})

test('without calls there is no data, neither 0 nor 100 %', () => {
  const none = {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandons: 0,
    answeredInTime: 0,
    abandonedInTime: 0,
  }
  assert.deepEqual(
    [...serviceLevels.map((each) => serviceLevel(none, each)), abandonRate(none)],
    Array(6).fill(undefined),
  )
})
