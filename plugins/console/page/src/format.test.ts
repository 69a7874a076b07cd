import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arranged } from './arranged.ts'
import { moment, phone, timer, typedPhone } from './format.ts'

const plain = (shown: string) => shown.replaceAll('\u00a0', '_')

test('a timer shows minutes, and hours from one hour on', () => {
  assert.deepEqual([0, 59_999, 60_000, 3_599_000, 3_600_000, -5].map(timer), [
    '0:00',
    '0:59',
    '1:00',
    '59:59',
    '1:00:00',
    '0:00',
  ])
})

test('a number of the country is shown as it is dialled there, with spaces that do not break', () => {
  assert.equal(plain(phone('+380671234567', 'UA')), '067_123_4567')
  assert.equal(plain(phone('+48501234567', 'UA')), '+48_501_234_567')
})

test('a masked number keeps its mask', () => {
  assert.equal(phone('+38067•••4567', 'UA'), '+38067•••4567')
})

test('a typed number is searched as it is stored', () => {
  assert.equal(typedPhone('067 123-45-67', 'UA'), '+380671234567')
  assert.equal(typedPhone('+48 501 234 567', 'UA'), '+48501234567')
  assert.equal(typedPhone('4567', 'UA'), '4567')
})

test('another day is told by its date', () => {
  const at = new Date(2026, 10, 3, 9, 5, 7).getTime()
  assert.equal(moment(at, at + 1000), '09:05:07')
  assert.equal(moment(at, at + 86_400_000), '03.11.2026 09:05:07')
})

test('held rows keep their places, new ones come last', () => {
  assert.deepEqual(arranged(['a', 'b'], ['c', 'b'], true), ['a', 'b', 'c'])
  assert.deepEqual(arranged(['a', 'b'], ['c', 'b'], false), ['c', 'b'])
})
