/** When something is open, in the time of the site. */
import { type Moment, oneOf, type Static, Type } from './schema.ts'

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const closed = { additionalProperties: false } as const
const wallTime = '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$'

const Hours = Type.Object(
  {
    days: Type.Array(oneOf(weekdays), { minItems: 1 }),
    from: Type.String({ pattern: wallTime, examples: ['07:00'] }),
    to: Type.String({
      pattern: wallTime,
      examples: ['24:00'],
      description: 'Earlier than `from`: past midnight.',
    }),
  },
  closed,
)
export const Calendar = Type.Object(
  {
    hours: Type.Array(Hours, { default: [], description: 'Open hours; none means always open.' }),
    holidays: Type.Array(Type.String({ pattern: '^(\\d{4}-)?\\d{2}-\\d{2}$' }), {
      default: [],
      description: 'Closed days, `2026-12-25`, or `12-25` for every year.',
    }),
    openDays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), {
      default: [],
      description: 'Days that are open all day in spite of hours and holidays.',
    }),
  },
  { ...closed, default: {} },
)
export type Calendar = Static<typeof Calendar>

const hour = 3_600_000
const day = 24 * hour

export interface Day {
  from: Moment
  until: Moment
}

interface Wall {
  /** `2026-12-31`. */
  date: string
  /** From 0 for Monday. */
  weekday: number
  /** Milliseconds since the wall showed 00:00. */
  time: number
}

export interface LocalTime {
  at(moment: Moment): Wall
  dayOf(moment: Moment): Day
  /** The moment when the wall shows `2026-12-31` and so many milliseconds of that day. */
  momentAt(date: string, time: number): Moment
  isOpen(calendar: Calendar, moment: Moment): boolean
}

export function openLocalTime(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })

  function at(moment: Moment): Wall {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
    const { year = '', month = '', day: dayOfMonth = '', weekday = '', hour: hours, minute, second } = parts
    return {
      date: `${year}-${month}-${dayOfMonth}`,
      weekday: (weekdays as readonly string[]).indexOf(weekday.toLowerCase()),
      time: ((Number(hours) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + (moment % 1_000),
    }
  }

  /** Days with a change of clocks are longer or shorter, which is why the guess is looked at again. */
  function midnightOf(moment: Moment): Moment {
    const guess = moment - at(moment).time
    const seen = at(guess).time
    return seen > day / 2 ? guess + day - seen : guess - seen
  }

  function isOpenOn(calendar: Calendar, { date, weekday }: Wall, time: number): boolean {
    const { holidays, openDays } = calendar
    if (openDays.includes(date)) return time < day
    if (holidays.includes(date) || holidays.includes(date.slice(5))) return false
    return calendar.hours.some(({ days, from, to }) => {
      if (!days.some((each) => weekdays[weekday] === each)) return false
      const [opens, closes] = [toTime(from), toTime(to)]
      return time >= opens && time < (closes > opens ? closes : closes + day)
    })
  }

  return {
    at,

    momentAt(date, time) {
      const noon = Date.parse(`${date}T12:00Z`)
      const shift = Date.parse(`${at(noon).date}T00:00Z`) + at(noon).time - noon
      const guess = Date.parse(`${date}T00:00Z`) + time - shift
      const seen = Date.parse(`${at(guess).date}T00:00Z`) + at(guess).time
      return guess - (seen - Date.parse(`${date}T00:00Z`) - time)
    },

    dayOf(moment) {
      const from = midnightOf(moment)
      return { from, until: midnightOf(from + 30 * hour) }
    },

    isOpen(calendar, moment) {
      const today = at(moment)
      if (calendar.hours.length === 0) {
        const isHoliday =
          calendar.holidays.includes(today.date) || calendar.holidays.includes(today.date.slice(5))
        return calendar.openDays.includes(today.date) || !isHoliday
      }
      // Hours past midnight belong to the day on which they began.
      const yesterday = at(midnightOf(moment) - 12 * hour)
      return isOpenOn(calendar, today, today.time) || isOpenOn(calendar, yesterday, today.time + day)
    },
  }
}

function toTime(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}

export const partsOfDay = ['morning', 'day', 'evening', 'night'] as const
export type PartOfDay = (typeof partsOfDay)[number]

/** Which greeting fits the hour. */
export function partOfDay(hour: number): PartOfDay {
  if (hour < 5 || hour >= 22) return 'night'
  if (hour < 11) return 'morning'
  return hour < 18 ? 'day' : 'evening'
}
