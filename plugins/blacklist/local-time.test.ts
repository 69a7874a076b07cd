import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toLastMoment, toLocal } from './local-time.ts'

const kyiv = 'Europe/Kyiv'

test('a day lasts to its end, also when the clocks are moved on it', () => {
  assert.equal(toLastMoment('2026-03-29', kyiv), Date.UTC(2026, 2, 29, 20, 59, 59))
  assert.equal(toLastMoment('25.10.2026', kyiv), Date.UTC(2026, 9, 25, 21, 59, 59))
})

test('a time of day is that of the site', () => {
  assert.equal(toLastMoment('2026-07-01 18:30', kyiv), Date.UTC(2026, 6, 1, 15, 30))
  assert.equal(toLastMoment('1.7.2026, 18:30', 'America/New_York'), Date.UTC(2026, 6, 1, 22, 30))
})

test('what is no day is refused', () => {
  for (const text of ['', '31.02.2026', '2026-13-01', 'tomorrow', '2026-01-01 25:00', '12/2026']) {
    assert.equal(toLastMoment(text, kyiv), undefined, text)
  }
})

test('a moment written for people is read back as the same minute', () => {
  const hour = 60 * 60 * 1000
  fc.assert(
    fc.property(
      fc.integer({ min: 28_000_000, max: 32_000_000 }).map((minute) => minute * 60_000),
      fc.constantFrom(kyiv, 'Europe/Warsaw', 'Asia/Almaty', 'UTC'),
      (moment, timeZone) => {
        const read = toLastMoment(toLocal(moment, timeZone), timeZone) ?? 0
        // The hour that an autumn night has twice is written alike both times.
        assert.ok(read === moment || Math.abs(read - moment) === hour)
      },
    ),
  )
})
