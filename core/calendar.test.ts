import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLocalTime } from './calendar.ts'

const kyiv = openLocalTime('Europe/Kyiv')
const hours = { holidays: [], openDays: [], hours: [] }

test('the day goes from midnight to midnight of the site, also when clocks change', () => {
  const lengths = ['2026-01-15T12:00Z', '2026-03-29T12:00Z', '2026-10-25T00:30Z', '2026-10-24T21:00Z'].map(
    (moment) => {
      const { from, until } = kyiv.dayOf(Date.parse(moment))
      assert.equal(kyiv.at(from).time, 0)
      assert.equal(kyiv.at(until).time, 0)
      return (until - from) / 3_600_000
    },
  )
  assert.deepEqual(lengths, [24, 23, 25, 25])
})

test('hours past midnight, holidays and exceptions', () => {
  const nightly = { ...hours, hours: [{ days: ['fri' as const], from: '20:00', to: '04:00' }] }
  const open = (calendar: Parameters<typeof kyiv.isOpen>[0], moment: string) =>
    kyiv.isOpen(calendar, Date.parse(moment))
  assert.deepEqual(
    ['2026-01-16T17:59Z', '2026-01-16T18:00Z', '2026-01-17T01:59Z', '2026-01-17T02:00Z'].map((at) =>
      open(nightly, at),
    ),
    [false, true, true, false],
  )
  const christmas = { ...hours, holidays: ['12-25', '2026-01-01'] }
  assert.deepEqual(
    ['2026-12-25T10:00Z', '2027-12-25T10:00Z', '2026-01-01T10:00Z', '2027-01-01T10:00Z'].map((at) =>
      open(christmas, at),
    ),
    [false, false, false, true],
  )
  assert.equal(open({ ...christmas, openDays: ['2026-12-25'] }, '2026-12-25T10:00Z'), true)
})

test('a time of the wall is found again, also around changes of clocks', () => {
  for (const date of ['2026-01-15', '2026-03-29', '2026-10-25', '2026-12-31']) {
    for (const time of [0, 30 * 60_000, 7 * 3_600_000, 23.5 * 3_600_000]) {
      const wall = kyiv.at(kyiv.momentAt(date, time))
      assert.deepEqual([wall.date, wall.time], [date, time])
    }
  }
})
