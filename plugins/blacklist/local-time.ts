import type { Moment } from '#core/schema.ts'

const isoDate =
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::\d{2})?)?$/
const dottedDate =
  /^(?<day>\d{1,2})[./](?<month>\d{1,2})[./](?<year>\d{4})(?:,? +(?<hour>\d{1,2}):(?<minute>\d{2})(?::\d{2})?)?$/

/** `31.12.2026`, `2026-12-31`, either with ` 18:00`; a day alone lasts to its end. `undefined` for nonsense. */
export function toLastMoment(text: string, timeZone: string): Moment | undefined {
  const { year, month, day, hour, minute } = (isoDate.exec(text) ?? dottedDate.exec(text))?.groups ?? {}
  if (year === undefined || month === undefined || day === undefined) return undefined
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59) return undefined

  const start = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0), Number(minute ?? 0))
  const isRealDay =
    new Date(start).getUTCDate() === Number(day) && new Date(start).getUTCMonth() === Number(month) - 1
  if (!isRealDay) return undefined
  return toMoment(hour === undefined ? start + 24 * 60 * 60 * 1000 - 1000 : start, timeZone)
}

/** `2026-12-31 18:00` on the wall of the site. */
export function toLocal(moment: Moment, timeZone: string): string {
  return new Date(moment + offsetAt(moment, timeZone)).toISOString().slice(0, 16).replace('T', ' ')
}

/** The wall's time written as if it were UTC → the moment it was or will be there. */
function toMoment(wall: number, timeZone: string): Moment {
  const guess = wall - offsetAt(wall, timeZone)
  return wall - offsetAt(guess, timeZone)
}

function offsetAt(moment: Moment, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const { sign, hours, minutes } =
    /GMT(?<sign>[+-])(?<hours>\d{2}):(?<minutes>\d{2})/.exec(name)?.groups ?? {}
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
}
