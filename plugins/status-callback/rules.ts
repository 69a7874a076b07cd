import type { Order, Stage } from '#core/ports/dispatch.ts'
import { stages } from '#core/ports/dispatch.ts'
import { isRetried, type Result } from './results.ts'
import type { RuleSettings, Settings } from './settings.ts'

/** A rule with all that the settings say of it. */
export interface Rule {
  name: string
  on: Stage | 'delayed' | 'request'
  states: readonly string[] | undefined
  afterMs: number
  say: NonNullable<RuleSettings['say']>
  text: RuleSettings['text']
  moves: Partial<Record<Result, string>>
  attempts: Settings['attempts']
  pauses: Settings['pauses']
  ringFor: Settings['ringFor']
  line: string | undefined
  quietHours: Settings['quietHours']
}

/** For somebody who asks for a call and names no rule: how the order stands. */
export const askedRule = 'status'

export interface RuleBook {
  find(name: string): Rule | undefined
  /** The rule for an order that has come to a stage. */
  on(stage: string, state: { id?: string; name: string }): Rule | undefined
  readonly delayed: Rule | undefined
}

export function openRules(settings: Settings): RuleBook {
  const rules = Object.entries(settings.rules).map(([name, own]) => toRule(name, own, settings))
  const byName = new Map(rules.map((rule) => [spelt(rule.name), rule]))
  const asked = toRule(askedRule, { on: 'request' }, settings)
  return {
    find: (name) => byName.get(spelt(name)) ?? (name === askedRule ? asked : undefined),
    on: (stage, state) => rules.find((rule) => rule.on === stage && isMeant(rule, state)),
    delayed: rules.find((rule) => rule.on === 'delayed'),
  }
}

/** However people write it in the settings of two programs. */
function spelt(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}

function toRule(name: string, own: RuleSettings, common: Settings): Rule {
  return {
    name,
    on: own.on ?? toTrigger(name),
    states: own.states?.map((state) => state.toLowerCase()),
    afterMs: (own.after ?? 0) * 1_000,
    say: own.say ?? (name === 'delayed' || own.on === 'delayed' ? 'delayed' : 'state'),
    text: own.text,
    moves: own.moves ?? {},
    attempts: { ...common.attempts, ...own.attempts },
    pauses: { ...common.pauses, ...own.pauses },
    ringFor: own.ringFor ?? common.ringFor,
    line: own.line ?? common.line,
    quietHours: own.quietHours ?? common.quietHours,
  }
}

function toTrigger(name: string): Rule['on'] {
  return [...stages, 'delayed' as const].find((each) => each === name) ?? 'request'
}

function isMeant({ states }: Rule, { id, name }: { id?: string; name: string }): boolean {
  return !states || states.includes(name.toLowerCase()) || (id !== undefined && states.includes(id))
}

/** Stages in which a promised car can still be late. */
const awaited: readonly Stage[] = ['assigned', 'driver_on_way']

export function isAwaited(stage: string): boolean {
  return awaited.includes(stage as Stage)
}

/**
 * Whether the order still stands as it did when somebody was to be called about it. Who asks for a call may be
 * ahead of what can be read: coming to the stage of the rule is no moving on.
 */
export function holds(rule: Rule, since: string | null, order: Order): boolean {
  if (rule.on === 'delayed' && isAwaited(order.stage)) return true
  if (order.stage === rule.on) return isMeant(rule, order.state)
  return since === null || order.stage === since
}

/** A try of the past, as far as the next one depends on it. */
export interface PastTry {
  car: string
  result: Result | null
}

/** Whether the result ends it, or how many milliseconds until the next try. */
export function pauseAfter(result: Result, tries: readonly PastTry[], rule: Rule): number | undefined {
  if (result === 'line_error') return (rule.pauses.line_error ?? 0) * 1_000
  if (!isRetried(result)) return undefined
  const times = tries.filter((each) => each.result === result).length
  return times >= (rule.attempts[result] ?? 1) ? undefined : (rule.pauses[result] ?? 0) * 1_000
}

/** Which car a client was told of; two are the same when either is not known. */
export function toCarMark({ car, driverPhone }: Order): string {
  return car?.plate ?? driverPhone ?? [car?.colour, car?.make].filter(Boolean).join(' ')
}

export function isSameCar(one: string, other: string): boolean {
  return one === '' || other === '' || one === other
}

/** Our own faults and what was stopped before anybody answered count against nobody. */
export function isCounted({ result }: Pick<PastTry, 'result'>): boolean {
  return result !== 'line_error' && result !== 'cancelled'
}
