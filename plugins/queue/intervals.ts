/** A period cut into pieces as people read them: by the wall clock of the site, days with their changes of clocks. */
import type { LocalTime } from '#core/calendar.ts'
import { CallbusError } from '#core/errors.ts'
import type { Moment } from '#core/schema.ts'

export const steps = ['quarter', 'half', 'hour', 'day'] as const
export type Step = (typeof steps)[number]

export interface Interval {
  from: Moment
  until: Moment
}

const minutes = { quarter: 15, half: 30, hour: 60 } as const
/** A month of quarters of an hour. */
const atMost = 3_000

/** Without a step it is one piece. */
export function cut({ from, until }: Interval, step: Step | undefined, localTime: LocalTime): Interval[] {
  if (until <= from)
    throw new CallbusError('REQUEST_INVALID', { mistakes: '`until` must be later than `from`' })
  if (step === undefined) return [{ from, until }]
  const pieces: Interval[] = []
  for (let start = from; start < until; ) {
    const end = Math.min(until, endOf(start, step, localTime))
    pieces.push({ from: start, until: end })
    if (pieces.length > atMost)
      throw new CallbusError('REQUEST_INVALID', { mistakes: `more than ${atMost} pieces: ask for fewer` })
    start = end
  }
  return pieces
}

function endOf(start: Moment, step: Step, localTime: LocalTime): Moment {
  if (step === 'day') return localTime.dayOf(start).until
  const length = minutes[step] * 60_000
  return start + length - (localTime.at(start).time % length)
}
