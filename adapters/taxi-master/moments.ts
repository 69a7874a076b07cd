/** Taxi-Master's times: digits without a zone, in its server's own time. */
import type { Moment } from '#core/schema.ts'

/** `yyyyMMddHHmmss`. */
export function toServerTime(moment: Moment, timeZone: string): string {
  const { year, month, day, time } = wallClock(moment, timeZone)
  return year + month + day + time
}

/** `ddMMyyyyHHmmss`, as one method alone wants it. */
export function toDayFirstTime(moment: Moment, timeZone: string): string {
  const { year, month, day, time } = wallClock(moment, timeZone)
  return day + month + year + time
}

/** `undefined` for what is no time. An hour that comes twice in autumn is taken for its first coming. */
export function fromServerTime(text: string, timeZone: string): Moment | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text) ?? []
  if (!year) return undefined
  const asUtc = Date.UTC(+year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  const offsets = [-halfDay, halfDay].map((step) => offsetAt(asUtc + step, timeZone))
  const moments = offsets.map((offset) => asUtc - offset).sort((one, other) => one - other)
  return moments.find((moment) => moment + offsetAt(moment, timeZone) === asUtc) ?? moments[0]
}

const halfDay = 12 * 3_600_000

function offsetAt(moment: number, timeZone: string): number {
  const { year, month, day, time } = wallClock(moment, timeZone)
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4)].map(Number)
  const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), hour, minute, second)
  return shown - Math.floor(moment / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()

function wallClock(moment: number, timeZone: string) {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts
  return { year, month, day, time: hour + minute + second }
}
