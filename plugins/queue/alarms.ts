/** What is not as it should be at a moment: a pure look at the queues, the operators and the lines. */
import type { Moment } from '#core/schema.ts'

export const alarmKinds = [
  'long_wait',
  'nobody_signed_in',
  'line_failed',
  'long_hold',
  'long_pause',
  'unanswered_rings',
] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** It lasts as long as its key is found. */
export interface Alarm {
  key: string
  kind: AlarmKind
  since: Moment
  /** The limit that was passed, in seconds; of unanswered rings their number. */
  limit: number
  queue?: string
  operator?: string
  line?: string
  call?: string
}

/** What can be seen now. */
export interface View {
  queues: readonly {
    name: string
    isOpen: boolean
    isAnybodyHere: boolean
    /** When those who wait entered. */
    waiting: readonly { call: string; since: Moment }[]
  }[]
  operators: readonly {
    id: string
    state: string
    since: Moment
    /** The latest offers in a row that were not answered. */
    missed: readonly Moment[]
  }[]
  held: readonly { call: string; operator?: string; since: Moment }[]
  lost: readonly { line: string; since: Moment }[]
}

/** In seconds; 0 switches one off. */
export interface Limits {
  longWait: number
  nobody: number
  lineLost: number
  longHold: number
  longPause: number
  unanswered: number
  /** Rings older than this are forgiven. */
  unansweredWithin: number
}

/** Since when nobody has been there, by queue: known only by looking again and again. */
export type EmptySince = Map<string, Moment>

export function alarmsOf(view: View, limits: Limits, empty: EmptySince, now: Moment): Alarm[] {
  const passed = (since: Moment, limit: number) => limit > 0 && now - since >= limit * 1_000
  const found: Alarm[] = []

  for (const { name: queue, isOpen, isAnybodyHere, waiting } of view.queues) {
    const first = waiting.reduce<(typeof waiting)[number] | undefined>(
      (longest, each) => (longest && longest.since <= each.since ? longest : each),
      undefined,
    )
    if (first && passed(first.since, limits.longWait))
      found.push({
        key: `long_wait ${queue}`,
        kind: 'long_wait',
        since: first.since,
        limit: limits.longWait,
        queue,
        call: first.call,
      })

    if (!isOpen || isAnybodyHere) empty.delete(queue)
    else if (!empty.has(queue)) empty.set(queue, now)
    const since = empty.get(queue)
    if (since !== undefined && passed(since, limits.nobody))
      found.push({
        key: `nobody_signed_in ${queue}`,
        kind: 'nobody_signed_in',
        since,
        limit: limits.nobody,
        queue,
      })
  }

  for (const { line, since } of view.lost)
    if (passed(since, limits.lineLost))
      found.push({ key: `line_failed ${line}`, kind: 'line_failed', since, limit: limits.lineLost, line })

  for (const { call, operator, since } of view.held)
    if (passed(since, limits.longHold))
      found.push({
        key: `long_hold ${call}`,
        kind: 'long_hold',
        since,
        limit: limits.longHold,
        call,
        ...(operator !== undefined && { operator }),
      })

  for (const { id: operator, state, since, missed } of view.operators) {
    if (state === 'not_ready' && passed(since, limits.longPause))
      found.push({
        key: `long_pause ${operator}`,
        kind: 'long_pause',
        since,
        limit: limits.longPause,
        operator,
      })
    const lately = missed.filter((at) => now - at < limits.unansweredWithin * 1_000)
    const [since_] = lately
    if (since_ !== undefined && limits.unanswered > 0 && lately.length >= limits.unanswered)
      found.push({
        key: `unanswered_rings ${operator}`,
        kind: 'unanswered_rings',
        since: since_,
        limit: limits.unanswered,
        operator,
      })
  }
  return found
}
