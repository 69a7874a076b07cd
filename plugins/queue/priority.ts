/** Who is served first. */
import type { Stage } from '#core/ports/dispatch.ts'
import type { Moment } from '#core/schema.ts'

/** What is known of a caller when he enters. */
export interface Standing {
  /** What the screens of the line gave him. */
  preferred: number
  isVip?: boolean
  stage?: Stage
  /** The minute that was promised to him has passed, or he chases his car again. */
  isPromiseBroken?: boolean
}

/** What each mark is worth. */
export interface Worth {
  vip: number
  brokenPromise: number
  stages: Partial<Record<Stage, number>>
}

export function basePriority({ preferred, isVip, stage, isPromiseBroken }: Standing, worth: Worth): number {
  return (
    preferred +
    (isVip ? worth.vip : 0) +
    (stage === undefined ? 0 : (worth.stages[stage] ?? 0)) +
    (isPromiseBroken ? worth.brokenPromise : 0)
  )
}

/** Somebody who waits, as the line sees him. */
export interface InLine {
  base: number
  /** When he began to wait, in whichever queue. */
  arrivedAt: Moment
  /** Rising: decides between those who came in the same millisecond. */
  number: number
}

const minute = 60_000

/** The priority now: `aging` is what a minute of waiting adds. */
export function effectivePriority({ base, arrivedAt }: InLine, aging: number, now: Moment): number {
  return base + (aging * Math.max(0, now - arrivedAt)) / minute
}

/**
 * Highest effective priority first, then earliest arrival. Everybody ages alike, so that the order of two never
 * changes while both wait, and a line stays sorted by itself.
 */
export function compare(one: InLine, other: InLine, aging: number): number {
  const lead = other.base - one.base - (aging * (other.arrivedAt - one.arrivedAt)) / minute
  return lead || one.arrivedAt - other.arrivedAt || one.number - other.number
}

/** The waiting of one queue in the order in which they are served. */
export interface WaitingLine<Entry extends InLine> {
  readonly entries: readonly Entry[]
  add(entry: Entry): void
  remove(entry: Entry): void
  /** How many are served before him. */
  ahead(entry: Entry): number
}

export function openWaitingLine<Entry extends InLine>(aging: number): WaitingLine<Entry> {
  const entries: Entry[] = []

  /** The first place not before this entry. */
  function placeOf(entry: Entry): number {
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = entries[middle]
      if (other && compare(other, entry, aging) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    entries,
    add: (entry) => void entries.splice(placeOf(entry), 0, entry),
    remove(entry) {
      const place = placeOf(entry)
      if (entries[place] === entry) entries.splice(place, 1)
    },
    ahead: placeOf,
  }
}
