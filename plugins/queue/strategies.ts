/** Whom to ring for a caller: every way of distributing calls, as pure rules. */
import type { Moment } from '#core/schema.ts'

/** A way that looks at the operators alone. */
export type SimpleStrategy =
  | { is: 'ring_all' }
  | { is: 'round_robin' }
  | { is: 'random' }
  | { is: 'longest_idle' }
  /** With `perHour` by the signed-in hour, fairer for late shifts. */
  | { is: 'least_talk_today'; perHour?: boolean }
  | { is: 'fewest_calls' }
  | { is: 'priority' }
  /** `deficit` keeps the shares exact, `chance` draws each time. */
  | { is: 'weighted'; by?: 'deficit' | 'chance' }
  /** The level needed falls by `levels` after each `every` seconds of waiting. */
  | { is: 'skills'; fall?: { levels: number; every: number } }

export interface Step {
  /** Seconds of waiting in this queue. */
  after: number
  /** Operators by id; absent for everybody. */
  who?: readonly string[]
  strategy: SimpleStrategy
  /** Phones of earlier steps ring on. */
  keepRinging?: boolean
}

export type Strategy =
  | SimpleStrategy
  | { is: 'steps'; steps: readonly Step[] }
  /** `within` minutes the client's last operator is tried first, for `tryFor` seconds. */
  | { is: 'last_operator'; within?: number; tryFor?: number; inner: SimpleStrategy | StepsStrategy }

type StepsStrategy = Extract<Strategy, { is: 'steps' }>

export const simpleNames = [
  'ring_all',
  'round_robin',
  'random',
  'longest_idle',
  'least_talk_today',
  'fewest_calls',
  'priority',
  'skills',
  'weighted',
] as const satisfies readonly SimpleStrategy['is'][]

export const strategyNames = [
  ...simpleNames,
  'steps',
  'last_operator',
] as const satisfies readonly Strategy['is'][]

/** An operator who may be rung, as the rules see him. */
export interface Candidate {
  id: string
  /** His turn in the fixed circle. */
  turn: number
  rank: number
  weight: number
  /** The lowest of his levels in what the caller needs. */
  level: number
  idleSince: Moment
  /** Milliseconds since local midnight. */
  talkedToday: number
  signedInToday: number
  callsToday: number
}

/** What a queue remembers from caller to caller, also over a restart. */
export interface StrategyMemory {
  lastOffered?: string
  /** His turn in the fixed circle. */
  lastTurn?: number
  /** How far each operator's share has been used up. */
  used: Record<string, number>
}

/** The rule that counts for a caller at this point of his wait. */
export interface Phase {
  /** Grows with the wait; another phase may ring other people. */
  number: number
  simple: SimpleStrategy
  /** Nobody else is asked. */
  only?: readonly string[]
  /** What rings from earlier phases may ring on. */
  keepsRinging: boolean
  /** The needed level is lower by so much. */
  leniency: number
  /** Milliseconds of waiting at which the next phase may begin. */
  until?: number
}

export interface Waiter {
  /** Milliseconds in this queue. */
  waited: number
  /** The client's last operator, while he is here and has not refused this caller. */
  sticky?: string
}

const defaultTryFor = 10

export function phaseAt(strategy: Strategy, waiter: Waiter): Phase {
  switch (strategy.is) {
    case 'last_operator':
      return stickyPhase(strategy, waiter)
    case 'steps':
      return stepPhase(strategy, waiter.waited)
    case 'skills':
      return skillPhase(strategy, waiter.waited)
    default:
      return { number: 1, simple: strategy, keepsRinging: false, leniency: 0 }
  }
}

function stickyPhase(strategy: Extract<Strategy, { is: 'last_operator' }>, waiter: Waiter): Phase {
  const until = (strategy.tryFor ?? defaultTryFor) * 1_000
  if (waiter.sticky !== undefined && waiter.waited < until)
    return {
      number: 0,
      simple: { is: 'longest_idle' },
      only: [waiter.sticky],
      keepsRinging: false,
      leniency: 0,
      until,
    }
  return phaseAt(strategy.inner, { waited: waiter.waited })
}

function stepPhase({ steps }: StepsStrategy, waited: number): Phase {
  const inOrder = [...steps].sort((one, other) => one.after - other.after)
  const index = Math.max(
    0,
    inOrder.findLastIndex((step) => step.after * 1_000 <= waited),
  )
  const step = inOrder[index]
  if (!step) return { number: 1, simple: { is: 'longest_idle' }, keepsRinging: false, leniency: 0 }
  const next = inOrder[index + 1]
  const inner = phaseAt(step.strategy, { waited })
  const until = Math.min(
    inner.until ?? Number.POSITIVE_INFINITY,
    (next?.after ?? Number.POSITIVE_INFINITY) * 1_000,
  )
  return {
    number: index + 1,
    simple: step.strategy,
    keepsRinging: step.keepRinging ?? false,
    leniency: inner.leniency,
    // Before the first step begins nobody is rung.
    ...(step.after * 1_000 > waited ? { only: [] } : step.who && { only: step.who }),
    ...(step.after * 1_000 > waited ? { until: step.after * 1_000 } : Number.isFinite(until) && { until }),
  }
}

function skillPhase({ fall, ...rest }: Extract<SimpleStrategy, { is: 'skills' }>, waited: number): Phase {
  const falls = fall ? Math.floor(waited / (fall.every * 1_000)) : 0
  return {
    number: 1,
    simple: rest,
    keepsRinging: false,
    leniency: fall ? falls * fall.levels : 0,
    ...(fall && { until: (falls + 1) * fall.every * 1_000 }),
  }
}

/** Whom of the candidates to ring now, the same each time it is asked. Nobody only when there is none. */
export function whomToRing(
  strategy: SimpleStrategy,
  candidates: readonly Candidate[],
  memory: StrategyMemory,
  /** Makes what is drawn by lot the same in each replay. */
  seed: string,
): string[] {
  if (strategy.is === 'ring_all') return candidates.toSorted(byIdle).map(({ id }) => id)
  const chosen = oneOf(strategy, candidates, memory, seed)
  return chosen ? [chosen.id] : []
}

function oneOf(
  strategy: Exclude<SimpleStrategy, { is: 'ring_all' }>,
  candidates: readonly Candidate[],
  memory: StrategyMemory,
  seed: string,
): Candidate | undefined {
  switch (strategy.is) {
    case 'round_robin':
      return nextInTurn(candidates, memory.lastTurn ?? -1)
    case 'random':
      return drawn(candidates, () => 1, seed)
    case 'longest_idle':
      return smallest(candidates, () => 0)
    case 'least_talk_today':
      return smallest(candidates, strategy.perHour ? shareTalked : ({ talkedToday }) => talkedToday)
    case 'fewest_calls':
      return smallest(candidates, ({ callsToday }) => callsToday)
    case 'priority':
      return smallest(candidates, ({ rank }) => rank)
    case 'skills':
      return smallest(candidates, ({ level }) => -level)
    case 'weighted':
      if (strategy.by === 'chance') return drawn(candidates, ({ weight }) => weight, seed)
      return smallest(candidates, ({ id, weight }) => (memory.used[id] ?? 0) + 1 / weight)
  }
}

/** What the queue remembers of an offer. */
export function remember(memory: StrategyMemory, offered: Pick<Candidate, 'id' | 'turn' | 'weight'>): void {
  memory.lastOffered = offered.id
  memory.lastTurn = offered.turn
  memory.used[offered.id] = (memory.used[offered.id] ?? 0) + 1 / offered.weight
}

/** Who comes to the queue has no share to make up for from before. */
export function welcome(memory: StrategyMemory, id: string, others: readonly string[]): void {
  const used = others.filter((other) => other !== id).map((other) => memory.used[other] ?? 0)
  memory.used[id] = Math.max(memory.used[id] ?? 0, used.length === 0 ? 0 : Math.min(...used))
}

function nextInTurn(candidates: readonly Candidate[], lastTurn: number): Candidate | undefined {
  const inTurn = candidates.toSorted((one, other) => one.turn - other.turn)
  return inTurn.find((each) => each.turn > lastTurn) ?? inTurn[0]
}

function shareTalked({ talkedToday, signedInToday }: Candidate): number {
  return signedInToday > 0 ? talkedToday / signedInToday : 0
}

function smallest(
  candidates: readonly Candidate[],
  measure: (candidate: Candidate) => number,
): Candidate | undefined {
  let best: Candidate | undefined
  for (const each of candidates) {
    if (!best || measure(each) - measure(best) < 0) best = each
    else if (measure(each) === measure(best) && byIdle(each, best) < 0) best = each
  }
  return best
}

/** Longest idle first, then lowest id, so that runs can be replayed. */
function byIdle(one: Candidate, other: Candidate): number {
  return one.idleSince - other.idleSince || (one.id < other.id ? -1 : 1)
}

function drawn(
  candidates: readonly Candidate[],
  weightOf: (candidate: Candidate) => number,
  seed: string,
): Candidate | undefined {
  const inOrder = candidates.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const all = inOrder.reduce((sum, each) => sum + weightOf(each), 0)
  let left = lot(seed) * all
  for (const each of inOrder) {
    left -= weightOf(each)
    if (left < 0) return each
  }
  return inOrder.at(-1)
}

/** A number from 0 up to 1 that follows from the seed alone: FNV-1a, then the finish of MurmurHash3. */
function lot(seed: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < seed.length; index += 1)
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
