/** When something is to be: the day as people name it, the date and the hour in words. */
import type { Language } from '../../schema.ts'

/** A moment by the clock on somebody's wall. */
export interface DayTime {
  day: 'today' | 'tomorrow' | { month: number; date: number }
  hour: number
  minute: number
}

/** A day that was, by the calendar on somebody's wall. */
export type PastDay = 'today' | 'yesterday' | { month: number; date: number }

const dayLong = 24 * 60 * 60 * 1000

export function toDayTime(moment: number, { now, timeZone }: { now: number; timeZone: string }): DayTime {
  const { year, month, date, hour, minute } = wallClock(moment, timeZone)
  const today = wallClock(now, timeZone)
  const days = (Date.UTC(year, month - 1, date) - Date.UTC(today.year, today.month - 1, today.date)) / dayLong
  const day = days === 0 ? 'today' : days === 1 ? 'tomorrow' : { month, date }
  return { day, hour, minute }
}

export function toPastTime(
  moment: number,
  { now, timeZone }: { now: number; timeZone: string },
): { day: PastDay; hour: number; minute: number } {
  const { year, month, date, hour, minute } = wallClock(moment, timeZone)
  const today = wallClock(now, timeZone)
  const days = (Date.UTC(today.year, today.month - 1, today.date) - Date.UTC(year, month - 1, date)) / dayLong
  const day = days === 0 ? 'today' : days === 1 ? 'yesterday' : { month, date }
  return { day, hour, minute }
}

function wallClock(moment: number, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(moment)
  const number = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return {
    year: number('year'),
    month: number('month'),
    date: number('day'),
    hour: number('hour'),
    minute: number('minute'),
  }
}

/** The month as it stands after a date: «мая», “maja”. */
export function monthOfDate({ month, date }: { month: number; date: number }, language: Language): string {
  const format = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' })
  const parts = format.formatToParts(Date.UTC(2024, month - 1, date))
  return parts.find((part) => part.type === 'month')?.value ?? ''
}

/** From words for 0 to 20 and 30, and what stands before the units of the twenties and thirties: 0 to 39. */
export function ordinals(words: string, tens: { 20: string; 30: string }) {
  const upToTwenty = words.split(' ')
  const thirty = upToTwenty.pop() ?? ''
  return (value: number): string => {
    if (value === 30) return thirty
    if (value <= 20) return upToTwenty[value] ?? ''
    return `${value < 30 ? tens[20] : tens[30]} ${upToTwenty[value % 10]}`
  }
}
