/** When somebody should be here, as pieces of time. */
import type { Calendar, LocalTime } from '#core/calendar.ts'
import type { Interval } from './intervals.ts'

const minute = 60_000

/** What of the period is planned, in order. */
export function plannedIn({ from, until }: Interval, shift: Calendar, localTime: LocalTime): Interval[] {
  const marks = new Set([from, until])
  // Hours past midnight began on the day before.
  for (let day = localTime.dayOf(from - 1); day.from < until; day = localTime.dayOf(day.until)) {
    const { date } = localTime.at(day.from)
    const times = shift.hours.flatMap((hours) => [hours.from, hours.to])
    for (const moment of [day.from, ...times.map((time) => localTime.momentAt(date, toTime(time)))])
      if (moment > from && moment < until) marks.add(moment)
  }
  const order = [...marks].sort((one, other) => one - other)
  return order.slice(0, -1).flatMap((start, index) => {
    const end = order[index + 1]
    return end !== undefined && localTime.isOpen(shift, start) ? [{ from: start, until: end }] : []
  })
}

function toTime(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * minute
}
