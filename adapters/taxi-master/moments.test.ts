import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fromServerTime, toDayFirstTime, toServerTime } from './moments.ts'

const noon = Date.UTC(2026, 0, 15, 10, 4, 5)
const zones = ['Europe/Kyiv', 'Asia/Tashkent', 'Asia/Kolkata', 'America/St_Johns', 'UTC']

describe('times of Taxi-Master', () => {
  test('are in its own time zone, the day first in one method', () => {
    assert.equal(toServerTime(noon, 'Europe/Kyiv'), '20260115120405')
    assert.equal(toDayFirstTime(noon, 'Europe/Kyiv'), '15012026120405')
    assert.equal(toServerTime(Date.UTC(2026, 0, 14, 22), 'Europe/Kyiv'), '20260115000000')
  })

  test('are read back in every zone, summer and winter', () => {
    const seconds = fc.integer({ min: Date.UTC(2012, 0, 1) / 1000, max: Date.UTC(2040, 0, 1) / 1000 })
    fc.assert(
      fc.property(seconds, fc.constantFrom(...zones), (second, zone) => {
        const moment = second * 1000
        const text = toServerTime(moment, zone)
        const read = fromServerTime(text, zone)
        assert.equal(read === undefined ? undefined : toServerTime(read, zone), text)
        // Only the hour that comes twice may be read as the other.
        assert.ok(read === moment || read === moment - 3_600_000)
      }),
    )
  })

  test('that are none are none', () => {
    for (const text of ['', '0', '2026-01-15', '2026011512040', 'abcdefghijklmn']) {
      assert.equal(fromServerTime(text, 'UTC'), undefined)
    }
  })
})
