import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  expectedWait,
  quantile,
  sayable,
  toSpoken,
  type WaitQuestion,
  withOvertakers,
} from './expected-wait.ts'
import { openWaitKnowledge } from './wait-knowledge.ts'

const usual = { handleTime: 50, patience: 90 }

test('the vectors of the reference: mean, deviation and quantiles', () => {
  const vectors: [Pick<WaitQuestion, 'ahead' | 'operators'> & { handleTime?: number }, number[]][] = [
    [{ ahead: 0, operators: 5 }, [10.0, 10.0, 6.9, 16.1, 23.0]],
    [{ ahead: 3, operators: 5 }, [34.68, 17.44, 31.8, 47.8, 58.0]],
    [{ ahead: 6, operators: 5 }, [54.03, 20.72, 51.4, 70.2, 81.7]],
    [{ ahead: 9, operators: 10 }, [40.67, 12.97, 39.3, 51.0, 57.9]],
    [{ ahead: 2, operators: 3, handleTime: 60 }, [50.21, 29.32, 44.6, 71.7, 89.4]],
  ]
  for (const [question, [mean = 0, deviation = 0, p50 = 0, p80 = 0, p90 = 0]] of vectors) {
    const estimate = expectedWait({ ...usual, ...question })
    assert.ok(estimate)
    assert.equal(estimate.mean.toFixed(2), mean.toFixed(2))
    assert.equal(Math.sqrt(estimate.variance).toFixed(2), deviation.toFixed(2))
    assert.ok(Math.abs(quantile(estimate, 0) - p50) < 0.25)
    assert.ok(Math.abs(quantile(estimate) - p80) < 0.2)
    assert.ok(Math.abs(quantile(estimate, 1.2816) - p90) < 0.25)
  }
})

test('without anybody at work there is no estimate', () => {
  assert.equal(expectedWait({ ...usual, ahead: 0, operators: 0 }), undefined)
})

test('callers of higher classes still to come make it longer', () => {
  const question = { ...usual, ahead: 3, operators: 5 }
  const plain = expectedWait(question)?.mean ?? 0
  const overtaken = withOvertakers(question, 0.05)?.mean ?? 0
  assert.ok(overtaken > plain + 5 && overtaken < plain + 30, `${overtaken}`)
})

test('what is said is rounded up, and above fifteen minutes it is said to be more', () => {
  assert.deepEqual([1, 30, 31, 61, 170, 181, 301, 601, 901].map(toSpoken), [
    30,
    30,
    60,
    120,
    180,
    300,
    600,
    900,
    'longer',
  ])
})

test('whatever the estimates, the said remaining time never grows for one caller', () => {
  const estimate = fc.option(fc.integer({ min: 1, max: 1_500 }), { nil: undefined })
  fc.assert(
    fc.property(fc.array(estimate), (estimates) => {
      let until = Number.POSITIVE_INFINITY
      let last = Number.POSITIVE_INFINITY
      for (const [turn, seconds] of estimates.entries()) {
        const wait = sayable(seconds, until - turn * 30)
        if (wait === undefined || (wait === 'longer' && until === Number.POSITIVE_INFINITY)) continue
        assert.ok(wait !== 'longer' && wait <= last)
        last = wait
        until = Math.min(until, turn * 30 + wait)
      }
    }),
  )
})

test('handle time follows the talks, and patience is learned from all waits, the answered ones too', () => {
  const knowledge = openWaitKnowledge(50)
  for (let talk = 0; talk < 300; talk += 1) knowledge.talked(80)
  assert.ok(Math.abs(knowledge.handleTime - 80) < 8, `${knowledge.handleTime}`)
  for (let wait = 0; wait < 1_000; wait += 1) knowledge.waited(20, wait % 10 === 0)
  assert.ok(Math.abs(knowledge.patience - 190) < 1e-9, `${knowledge.patience}`)
  const again = openWaitKnowledge(50, knowledge.keep())
  assert.deepEqual([again.handleTime, again.patience], [knowledge.handleTime, knowledge.patience])
})

test('promises that are broken too often become longer, those always kept become shorter, within bounds', () => {
  const knowledge = openWaitKnowledge(50)
  for (let caller = 0; caller < 10; caller += 1) knowledge.promised(caller >= 2)
  assert.ok(Math.abs(knowledge.calibration - 1) < 1e-9)
  for (let caller = 0; caller < 500; caller += 1) knowledge.promised(false)
  assert.equal(knowledge.calibration, 2)
  for (let caller = 0; caller < 500; caller += 1) knowledge.promised(true)
  assert.equal(knowledge.calibration, 0.5)
})
