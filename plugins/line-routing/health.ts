/** Whether an outside line works, from what was seen of it. Told what happened and when; no clock of its own. */
import type { DialOutcome, TrunkState } from '#core/ports/telephony.ts'
import type { Moment, Phone } from '#core/schema.ts'

export interface HealthRules {
  /** Failures to so many phones, one after the other … */
  failures: number
  /** … within so many milliseconds make a line fail … */
  within: number
  /** … for so long; then it is given another chance. */
  rest: number
}

export interface Health {
  registration: TrunkState['state']
  failed: readonly { at: Moment; to: Phone }[]
  /** Failures have made it rest; what has rested is tried again, and is well once a call goes through. */
  restsUntil?: Moment
}

export type Seen =
  | { name: 'looked'; state: TrunkState['state'] }
  | { name: 'tried'; outcome: DialOutcome; to: Phone }
  /** A call to ourselves: there is no phone to blame. */
  | { name: 'tested'; worked: boolean }

export const unknownHealth: Health = { registration: 'unknown', failed: [] }

export function nextHealth(health: Health, seen: Seen, at: Moment, rules: HealthRules): Health {
  const { restsUntil: _, ...awake } = health
  switch (seen.name) {
    case 'looked':
      // A line that has just come back is not held to what failed before.
      if (seen.state === 'up' && health.registration === 'down') return { registration: 'up', failed: [] }
      return { ...health, registration: seen.state }
    case 'tested':
      return seen.worked ? { ...awake, failed: [] } : { ...health, restsUntil: at + rules.rest }
    case 'tried': {
      if (!isFailure(seen.outcome)) return { ...awake, failed: [] }
      const recent = health.failed.filter((one) => one.at > at - rules.within && one.to !== seen.to)
      const failed = [...recent, { at, to: seen.to }].slice(-rules.failures)
      return failed.length < rules.failures
        ? { ...health, failed }
        : { ...health, failed, restsUntil: at + rules.rest }
    }
  }
}

/** Why it does not work; `undefined` when it does, as far as we know. */
export function faultOf({ registration, restsUntil, failed }: Health): string | undefined {
  if (registration === 'down') return awayBecause
  if (restsUntil === undefined) return undefined
  return failed.length > 1 ? `${failed.length} calls in a row failed` : 'a call failed'
}

export const awayBecause = 'the exchange does not reach its other end'

/** Whether it may be chosen before lines that are no better. */
export function isUsable({ registration, restsUntil }: Health, now: Moment): boolean {
  return registration !== 'down' && !(restsUntil !== undefined && restsUntil > now)
}

export const isFailure = (outcome: DialOutcome) => outcome === 'unreachable' || outcome === 'failed'

/** Where no line had a way, it is the phone that cannot be reached; where another one had, the first is to blame. */
export function toBlame<Each extends { outcome: DialOutcome }>(tries: readonly Each[]): readonly Each[] {
  return tries.length === 1 || tries.some(({ outcome }) => !isFailure(outcome)) ? tries : []
}
