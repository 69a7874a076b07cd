/**
 * From weather to mark-up, without a clock, a network or a database: told how a zone stands and what the sky
 * does, it says how the zone stands next. At most one change per dwell, unless a person asks for it.
 */
import type { Moment } from '#core/schema.ts'
import { inWords, type Kind, measureOf, usualFrom, usualUntil, type Weather } from './weather.ts'

export interface Rule {
  name: string
  is: Kind
  from?: number
  until?: number
  /** Percent. */
  rise: number
  hours?: { from: string; to: string }
  zones?: readonly string[]
}

export interface Policy {
  rules: readonly Rule[]
  maximumRise: number
  /** What several rules at once come to. */
  together: 'largest' | 'sum'
  /** Milliseconds between two changes. */
  dwell: number
  /** The minute of the day at a moment, by the wall of the site. */
  minuteOf(moment: Moment): number
}

/** What a person decided for a zone, in place of the rules. */
export interface Override {
  rise: number
  until: Moment
  by: string
  because: string
}

export interface Standing {
  zone: string
  /** Names of the rules whose weather holds, by hysteresis. */
  on: readonly string[]
  /** Percent in effect. */
  rise: number
  /** Names of the rules it is in effect for. */
  rules: readonly string[]
  because: string
  /** `weather`, or who asked for it. */
  by: string
  changedAt?: Moment
}

export interface Sight {
  now: Moment
  /** `undefined` when nobody knows. */
  weather?: Weather | undefined
  override?: Override | undefined
  /** Somebody switched weather tariffs off. */
  isOff?: boolean
}

const byWeather = 'weather'
const bySwitch = 'the switch'
export const calm = (zone: string): Standing => ({
  zone,
  on: [],
  rise: 0,
  rules: [],
  because: 'the usual tariff',
  by: byWeather,
})

interface Wish extends Pick<Standing, 'rise' | 'rules' | 'because' | 'by'> {}

export function nextStanding(standing: Standing, sight: Sight, policy: Policy): Standing {
  const { now, weather } = sight
  const own = policy.rules.filter(({ zones }) => !zones?.length || zones.includes(standing.zone))
  const holding = weather
    ? own.filter((rule) => holds(rule, weather, standing.on.includes(rule.name)))
    : ([] as Rule[])
  const seen = { ...standing, on: holding.map(({ name }) => name) }

  const wish = wishOf(standing, holding, sight, policy)
  if (wish.rise === standing.rise && wish.by === standing.by) return seen
  if (wish.rise === standing.rise) return { ...seen, ...wish }
  const isByPerson = wish.by !== byWeather || standing.by !== byWeather
  const hasDwelt = standing.changedAt === undefined || now - standing.changedAt >= policy.dwell
  return isByPerson || hasDwelt ? { ...seen, ...wish, changedAt: now } : seen
}

function wishOf(standing: Standing, holding: readonly Rule[], sight: Sight, policy: Policy): Wish {
  const { now, override, weather } = sight
  if (sight.isOff) return { rise: 0, rules: [], because: 'weather tariffs are switched off', by: bySwitch }
  if (override && now < override.until) {
    const rise = Math.min(override.rise, policy.maximumRise)
    return { rise, rules: [], because: override.because, by: override.by }
  }
  const counting = holding.filter(({ hours }) => !hours || isWithin(hours, policy.minuteOf(now)))
  const rises = counting.map(({ rise }) => rise)
  const all = policy.together === 'sum' ? rises.reduce((sum, each) => sum + each, 0) : Math.max(0, ...rises)
  const because = weather
    ? counting.map(({ is }) => inWords(is, weather)).join(', ') || 'the weather is calm'
    : 'the weather is not known'
  return {
    rise: Math.min(all, policy.maximumRise),
    rules: counting.map(({ name }) => name),
    because: counting.length === 0 && standing.by !== byWeather ? `${because} after ${standing.by}` : because,
    by: byWeather,
  }
}

/** Once it holds it goes on holding until the weather is well past it. */
export function holds(rule: Rule, weather: Weather, heldBefore: boolean): boolean {
  const sign = rule.is === 'frost' ? -1 : 1
  const from = rule.from ?? usualFrom[rule.is]
  const until = rule.until ?? usualUntil(rule.is, from)
  const value = sign * measureOf(rule.is, weather)
  return value >= (heldBefore ? Math.min(sign * until, sign * from) : sign * from)
}

/** Hours past midnight belong together: from 22:00 to 06:00. */
export function isWithin({ from, to }: { from: string; to: string }, minute: number): boolean {
  const [begins, ends] = [toMinute(from), toMinute(to)]
  return begins <= ends ? minute >= begins && minute < ends : minute >= begins || minute < ends
}

function toMinute(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}
