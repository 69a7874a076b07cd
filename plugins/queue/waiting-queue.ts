/** One queue while it runs: who waits, what it remembers, what it knows of the wait. */
import type { Moment } from '#core/schema.ts'
import type { NewEntry, QueueKept, QueueRules } from './engine-words.ts'
import { type Estimate, quantile, withOvertakers } from './expected-wait.ts'
import { compare, type InLine, openWaitingLine, type WaitingLine } from './priority.ts'
import type { Strategy, StrategyMemory } from './strategies.ts'
import { openWaitKnowledge, type WaitKnowledge } from './wait-knowledge.ts'

export interface Offer {
  until: Moment
  /** The phase of the strategy that made it. */
  phase: number
  since: Moment
  /** At the second line of somebody who talks: a free operator is better. */
  isOnSecondLine: boolean
}

export interface Waiting extends InLine, Omit<NewEntry, 'base' | 'arrivedAt' | 'away'> {
  /** While his place has nobody on the line; spent once an operator has waited for him in vain. */
  away?: { isCalled: boolean; isSpent: boolean } | undefined
  /** Since when he holds the line; absent while nobody does. */
  holdsSince: Moment | undefined
  strategy: Strategy
  readonly offers: Map<string, Offer>
  readonly refused: Set<string>
  attempts: number
  phase: number
  deadline: Moment
  /** When he is sent elsewhere. */
  overflowAt: Moment
  announced: number
  /** When, as he was told, he will be served at the latest; `Infinity` after "longer". */
  promisedAt?: Moment
  /** What was estimated when he entered, in seconds. */
  estimate?: { mean: number; promise: number }
  /** Nothing happens to him by itself before. */
  dueAt: Moment
}

export interface WaitingQueue {
  readonly rules: QueueRules
  strategy: Strategy
  readonly line: WaitingLine<Waiting>
  readonly memory: StrategyMemory
  readonly knowledge: WaitKnowledge
  /** Those who gave up: how long would they have waited? */
  readonly gone: Waiting[]
  /** Calls a second, lately. */
  arrivals(now: Moment): number
  arrived(base: number, now: Moment): void
  estimate(place: { ahead: number; base: number }, operators: number, now: Moment): Estimate | undefined
  keep(): QueueKept
}

/** Over so many milliseconds arrivals are averaged. */
const memoryOfArrivals = 600_000

export function openWaitingQueue(rules: QueueRules, kept?: QueueKept): WaitingQueue {
  const line = openWaitingLine<Waiting>(rules.aging)
  const knowledge = openWaitKnowledge(rules.expectedHandleTime / 1_000, kept?.knowledge)
  const memory: StrategyMemory = kept?.memory ?? { used: {} }
  const turn = rules.members.findIndex(({ operator }) => operator === memory.lastOffered)
  if (turn === -1) delete memory.lastTurn
  else memory.lastTurn = turn
  /** Decaying counts of arrivals, by what they were worth. */
  const rates = new Map<number, { rate: number; at: Moment }>()

  function rateOf({ rate, at }: { rate: number; at: Moment }, now: Moment) {
    return rate * Math.exp(-(now - at) / memoryOfArrivals)
  }

  return {
    rules,
    strategy: rules.strategy,
    line,
    memory,
    knowledge,
    gone: [],

    arrivals: (now) => rates.values().reduce((sum, each) => sum + rateOf(each, now), 0),

    arrived(base, now) {
      const before = rates.get(base)
      rates.set(base, { rate: (before ? rateOf(before, now) : 0) + 1_000 / memoryOfArrivals, at: now })
    },

    estimate({ ahead, base }, operators, now) {
      let overtakers = 0
      for (const [worth, rate] of rates) if (worth > base) overtakers += rateOf(rate, now)
      const { handleTime, patience } = knowledge
      return withOvertakers({ ahead, operators, handleTime, patience }, overtakers)
    },

    keep: () => ({ memory: structuredClone(memory), knowledge: knowledge.keep() }),
  }
}

/** What may be promised: the 80 % quantile, corrected by how promises were kept. */
export function promiseOf(estimate: Estimate, { calibration }: WaitKnowledge): number {
  return quantile(estimate) * calibration
}

/** Those who gave up before somebody who is served now: they would have been served as well. */
export function servedBefore(gone: Waiting[], next: InLine | undefined, aging: number): Waiting[] {
  const served = next ? gone.filter((each) => compare(each, next, aging) < 0) : [...gone]
  for (const each of served) gone.splice(gone.indexOf(each), 1)
  return served
}

/** An operator's part in one of his queues: by load; alike while nothing is known of it. */
export function shareOf(queue: WaitingQueue, his: readonly WaitingQueue[], now: Moment): number {
  if (his.length === 1) return 1
  const loadOf = (each: WaitingQueue) => each.arrivals(now) * each.knowledge.handleTime
  const together = his.reduce((sum, each) => sum + loadOf(each), 0)
  return together > 0 ? loadOf(queue) / together : 1 / his.length
}
