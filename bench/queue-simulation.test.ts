import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accuracyOf, halves, reference, serviceLevel, targets } from './queue-simulation.ts'
import { simulate } from './queue-world.ts'

test('a simulated day of ten operators keeps its promises, and what is said beats the usual formula', () => {
  const { waits, offered, answered, abandoned } = simulate({ ...reference, operators: 10, days: 1 })
  assert.ok(waits.length > 5_000)
  assert.ok(offered - answered - abandoned < 50)
  const ours = accuracyOf(waits, ({ mean }) => mean)
  const usual = accuracyOf(waits, ({ rivals }) => rivals.naive)
  assert.ok(ours.rmse < 0.4 && ours.rmse < usual.rmse, `${ours.rmse} against ${usual.rmse}`)
  assert.ok(Math.abs(ours.bias) <= 3, `${ours.bias}`)
  const { kept } = accuracyOf(waits, ({ promise }) => promise)
  assert.ok(kept > 0.78 && kept < 0.88, `${kept}`)
})

test('the same seed is the same day', () => {
  const day = () => simulate({ ...reference, operators: 4, days: 0.1, answersAfter: 4 })
  assert.equal(serviceLevel(day()), serviceLevel(day()))
})

test('on days with a busy half and a quiet one what is said is as good as the best known', () => {
  for (const { operators, best } of targets) {
    const { waits } = simulate({ ...halves, operators, days: Math.ceil(12 / operators) })
    const { rmse, bias } = accuracyOf(waits, ({ mean }) => mean)
    assert.ok(rmse <= best && Math.abs(bias) <= 3, `${operators} operators: ${rmse}, ${bias} s`)
  }
})
