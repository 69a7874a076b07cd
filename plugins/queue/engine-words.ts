/** What the queue's engine is told and what it decides. */
import type { CallId, Moment } from '#core/schema.ts'
import type { SpokenWait } from './expected-wait.ts'
import type { OperatorMove, OperatorState } from './operator-state.ts'
import type { Strategy, StrategyMemory } from './strategies.ts'
import type { KnowledgeKept } from './wait-knowledge.ts'

/** An operator's part in a queue. */
export interface Member {
  operator: string
  /** Smaller is asked first where the strategy looks at ranks. */
  rank: number
  weight: number
}

export interface OperatorProfile {
  id: string
  /** From 1 to 10. */
  skills: Readonly<Record<string, number>>
  /** He may be offered one more call while he talks. */
  secondLine?: boolean
}

/** How one queue is run; times in milliseconds. */
export interface QueueRules {
  name: string
  strategy: Strategy
  /** In the order of the fixed circle. */
  members: readonly Member[]
  /** The least level of each skill. */
  needs: Readonly<Record<string, number>>
  ringFor: number
  wrapUp: number
  /** Of several queues the one whose caller has used up most of it is served first. */
  targetWait: number
  /** Priority that a minute of waiting adds. */
  aging: number
  maximumWait: number
  maximumLength: number
  /** After so long the caller is sent elsewhere. */
  overflowAfter?: number
  /** Nobody waits while nobody is signed in. */
  needsSomebody: boolean
  /** When the caller is told where he stands, then every so often. */
  announceAt: readonly number[]
  announceEvery?: number
  /** So many unanswered offers in a row end in a pause, without a length until the operator ends it. */
  missesAtMost: number
  missesPause?: number
  idleFrom: 'wrap_up_end' | 'talk_end'
  /** Before anything was learned. */
  expectedHandleTime: number
}

/** A supervisor keeps a caller for this operator. */
export interface Gift {
  operator: string
  until: Moment
}

export interface NewEntry {
  id: string
  call: CallId
  queue: string
  /** Priority on entering. */
  base: number
  /** When the caller began to wait, in whichever queue. */
  arrivedAt: Moment
  /** When he entered this queue. */
  enteredAt: Moment
  /** Those whose caller he is: whoever of them is free has him first, for so many milliseconds. */
  first?: { operators: readonly string[]; tryFor: number }
  /** Who served this client last, when that was recently enough to matter. */
  lastOperator?: { operator: string; at: Moment }
  /** The place of somebody who hung up and is called back when his turn comes, or is rung already. */
  away?: { isCalled: boolean }
  /** He was called back and is on the line again: he has been promised enough. */
  hasReturned?: boolean
  /** Whose he has been since before a restart. */
  given?: Gift
}

/** How an offer ended without a talk. */
export type Refusal = 'unanswered' | 'rejected' | 'busy' | 'unreachable'

export type QueueEvent =
  | { name: 'entered'; entry: NewEntry }
  /** More became known of the caller. */
  | { name: 'prioritised'; entry: string; base: number }
  /** He waits for this operator alone, whatever queues that one serves, and then for anybody again. */
  | ({ name: 'given'; entry: string } & Gift)
  /** The caller is gone: he gave up, or something else took him. */
  | { name: 'left'; entry: string; gaveUp: boolean }
  /** Whose place it is was called back and is on the line, by this call. */
  | { name: 'returned'; entry: string; call: CallId }
  /** He has had his phone answer by itself: from now on the phone says when its time is over. */
  | { name: 'offer-accepted'; entry: string; operator: string }
  | { name: 'offer-answered'; entry: string; operator: string }
  | { name: 'offer-refused'; entry: string; operator: string; how: Refusal }
  | {
      name: 'operator-moved'
      operator: string
      move: Exclude<OperatorMove, { name: 'offered' | 'offer-over' }>
    }
  | { name: 'strategy-changed'; queue: string; strategy: Strategy }
  | { name: 'ticked' }

/** How an offer ended. */
export type OfferOutcome = 'answered' | 'answered_elsewhere' | 'caller_left' | 'withdrawn' | Refusal

export type SendOutcome = 'overflowed' | 'timed_out' | 'no_operators'

export type Decision =
  | { do: 'offer'; entry: string; operator: string; ringFor: number }
  /** Time to call somebody back whose place it is. */
  | { do: 'call-back'; entry: string }
  /** This operator waits until he whom we call back is on the line. */
  | { do: 'reserve'; entry: string; operator: string }
  /** The offer is over; a phone that still rings stops. */
  | { do: 'end-offer'; entry: string; operator: string; outcome: OfferOutcome }
  /** The caller talks to this operator now. */
  | { do: 'join'; entry: string; operator: string }
  /** He is nobody's in particular any more. */
  | { do: 'take-back'; entry: string }
  | { do: 'send'; entry: string; outcome: SendOutcome; because: string }
  /** `step` counts the announcements of this caller from 0; without `wait` no number may be said. */
  | {
      do: 'announce'
      entry: string
      step: number
      position: number
      wait?: SpokenWait
      /** It has become longer than he was told. */
      isLate: boolean
      isRinging: boolean
    }
  /** `queue` is the one whose caller he served meanwhile. */
  | { do: 'show'; operator: string; state: OperatorState; was: OperatorState; queue?: string }
  /** What was estimated on entering, and how long the wait was or would have been, in seconds. */
  | {
      do: 'measure'
      entry: string
      queue: string
      mean: number
      promise: number
      real: number
      gaveUp: boolean
    }

/** What a restart brings back. */
export interface QueueKept {
  memory: StrategyMemory
  knowledge: KnowledgeKept
}

export interface OperatorKept {
  state: OperatorState
  talkedToday: number
  callsToday: number
}
