import type { Moment } from '#core/schema.ts'

const day = 24 * 60 * 60_000

/** When the quiet of this moment ends; `undefined` when it is not quiet. Looked at again then, for days of 23 hours. */
export function endOfQuiet(
  moment: Moment,
  hours: { from: string; to: string },
  timeZone: string,
): Moment | undefined {
  const now = sinceMidnight(moment, timeZone)
  const from = toMs(hours.from)
  const to = toMs(hours.to)
  const isQuiet = from <= to ? now >= from && now < to : now >= from || now < to
  return isQuiet ? moment + ((to - now + day) % day) : undefined
}

/** Milliseconds on the wall of the site. */
export function sinceMidnight(moment: Moment, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(moment)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0)
  return ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000 + (moment % 1_000)
}

function toMs(wall: string): number {
  const [hours = 0, minutes = 0] = wall.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
