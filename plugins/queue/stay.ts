/** One caller's stay in one queue, as his conversation sees it. */
import type { Partner } from '#core/plugin.ts'
import type { Moment } from '#core/schema.ts'
import type { Decision, SendOutcome } from './engine-words.ts'
import type { SpokenWait } from './expected-wait.ts'

/** What a caller's stay is about. */
export interface Stay {
  queue: string
  priority: number
  /** When he entered this queue, kept over a restart. */
  since?: Moment
  /** When he began to wait, in whichever queue. */
  arrivedAt?: Moment
  /** The place he kept while he was away. */
  returnsTo?: string | undefined
  /** Closed now: he is told so and sent on. */
  isClosed?: boolean
}

export type Ending =
  | { is: 'answered'; partner: Partner; operator: string }
  | { is: 'sent'; outcome: SendOutcome | 'moved'; because: string; to?: string }

export type Announcement = Omit<Extract<Decision, { do: 'announce' }>, 'do' | 'entry'> & {
  isAnybodyHere: boolean
}

export interface PlaceInQueue extends Disposable {
  readonly entry: string
  readonly arrivedAt: Moment
  ended(signal: AbortSignal): Promise<Ending>
  /** The next thing to be told. */
  announcement(signal: AbortSignal): Promise<Announcement>
  /** Tells the last one again. */
  repeat(): void
  prioritise(base: number): void
  /** What may be said of his wait now. */
  waitToSay(): SpokenWait | undefined
  /** He is offered to nobody any more; where he goes is said by `leave`. */
  stepAside(): void
  /** He goes elsewhere by his own choice. */
  leave(to: string): void
  /** He will be called back. */
  leaveToBeCalled(): void
}
