import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrderOfVerdicts } from './order-of-verdicts.ts'

test('plugins give their verdicts as listed, but whoever has to come before another does', () => {
  const desk = { name: 'driver-desk', before: ['order-status', 'queue'] }
  const others = ['blacklist', 'order-status', 'queue', 'lines'].map((name) => ({ name }))
  const early = [desk, ...others]
  const late = [...others, desk]
  assert.deepEqual(
    inOrderOfVerdicts(early),
    early.map(({ name }) => name),
  )
  assert.deepEqual(inOrderOfVerdicts(late), ['blacklist', 'driver-desk', 'order-status', 'queue', 'lines'])
})
