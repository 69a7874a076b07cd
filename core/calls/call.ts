import type { CallerCard } from '../ports/dispatch.ts'
import type { CallId, Language, LegId, Moment, Phone } from '../schema.ts'
import type { CallState } from './call-state.ts'

/** One public number of the company and how its calls are received. */
export interface Line {
  /** As the exchange names it; `*` stands for every number not listed. */
  number: string
  name: string
  language: Language
  /** Names of the plugins whose verdicts count here, in order. */
  screens: readonly string[]
  /** The place a caller reaches when nothing else was decided, or when something broke. */
  fallback: string
  city?: string
  brand?: string
  /** What the dispatch program calls the crews that serve it, its tariff, … */
  crewGroup?: string
  tariff?: string
  /** The address of the place where this line's telephone stands. */
  venue?: string
}

/** What the dispatch program said of the caller, or why it said nothing. */
export type Identity =
  | { lookedUp: true; card: CallerCard }
  | { lookedUp: false; because: 'withheld' | 'late' | 'failed' | 'no-dispatch' }

/** Why we called somebody, kept over a restart. */
export interface Errand {
  /** Where whoever answers is received. */
  place: string
  /** What the place needs to know, such as the order. */
  about: Readonly<Record<string, string>>
  because: string
  /** Seconds. */
  ringFor: number
  /** The outside line it must leave by. Default: as the routes say. */
  trunk?: string
}

/** Phones that a place rings before any other, if they are its own and free. */
export interface FirstPhones {
  phones: readonly string[]
  seconds: number
}

/** A call as plugins see it: somebody rang us or, on an errand, we rang him. */
export interface Call {
  readonly id: CallId
  readonly leg: LegId
  /** The caller's phone, or the one we rang. Absent when the caller withheld the number. */
  readonly from?: Phone
  /** The number that was dialled, as the exchange gave it; on an errand that of the line in whose name we call. */
  readonly to: string
  /** The phone of the house that dialled a code, as the exchange says. */
  readonly extension?: string
  /** Absent for somebody who rang us. */
  readonly errand?: Errand
  readonly line: Line
  readonly language: Language
  /** First signal. */
  readonly at: Moment
  /** Taken over after a restart: the caller has heard a beginning already. */
  readonly again: boolean
  readonly state: CallState
  /** Larger is served first. */
  readonly priority: number
  /** Whose caller he is: whoever gives him to a person tries these first. */
  readonly first?: FirstPhones
  /** What he chose by key, such as a tariff: for whoever makes his order. */
  readonly chosen: Readonly<Record<string, string>>
  /** Settles within the dispatch deadline, never rejects. */
  readonly identity: Promise<Identity>
  /** Aborts with `CallEnded` when the caller hangs up. */
  readonly signal: AbortSignal
}
