/** What the rules would have done with weather that has been. */
import type { Moment } from '#core/schema.ts'
import { calm, nextStanding, type Policy, type Standing } from './rules.ts'
import type { Weather } from './weather.ts'

export interface Span {
  from: Moment
  to: Moment
  /** Percent. */
  rise: number
  rules: readonly string[]
  because: string
}

export interface DryRun {
  from: Moment
  to: Moment
  /** When a mark-up would have been in effect, the oldest first. */
  spans: Span[]
  changes: number
  /** Hours with a mark-up. */
  hours: number
}

/** Readings in any order; each counts until the next, or for as long as the last known weather does. */
export function dryRun(
  readings: readonly Weather[],
  policy: Policy,
  { zone, lastKnownFor }: { zone: string; lastKnownFor: number },
): DryRun {
  const inOrder = readings.toSorted((one, other) => one.at - other.at)
  const spans: Span[] = []
  let standing: Standing = calm(zone)
  let changes = 0

  function look(now: Moment, weather: Weather | undefined) {
    const next = nextStanding(standing, { now, weather }, policy)
    if (next.rise !== standing.rise) {
      changes += 1
      const open = spans.at(-1)
      if (standing.rise > 0 && open) open.to = now
      if (next.rise > 0)
        spans.push({ from: now, to: now, rise: next.rise, rules: next.rules, because: next.because })
    }
    standing = next
  }

  for (const [index, weather] of inOrder.entries()) {
    look(weather.at, weather)
    const next = inOrder[index + 1]?.at ?? Number.POSITIVE_INFINITY
    const goodUntil = weather.at + lastKnownFor
    if (goodUntil < next) look(goodUntil, undefined)
    // What had not yet stood long enough goes as soon as it has.
    if (next === Number.POSITIVE_INFINITY && standing.rise > 0)
      look(Math.max(goodUntil, (standing.changedAt ?? goodUntil) + policy.dwell), undefined)
  }
  const first = inOrder[0]?.at ?? 0
  return {
    from: first,
    to: Math.max(inOrder.at(-1)?.at ?? first, spans.at(-1)?.to ?? first),
    spans,
    changes,
    hours: spans.reduce((sum, { from, to }) => sum + (to - from) / 3_600_000, 0),
  }
}
