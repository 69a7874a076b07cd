/** What a conversation may do with the person on the line. Every verb rejects with `CallEnded` on a hang-up. */
import type { DialOutcome } from '../ports/telephony.ts'
import type { LegId } from '../schema.ts'
import type { Saying } from '../voice/words.ts'
import type { Call } from './call.ts'

export interface ChooseOptions {
  /** How often the text is said before silence is the answer. Default 1. */
  attempts?: number
  /** Seconds to wait for a key after the text. Default 5. */
  patience?: number
  /** Called each time the text was heard to its end. */
  onHeard?: () => void
}

export interface CollectOptions {
  /** Ends the input early. Default `#`. */
  finish?: string
  maximum: number
  /** Seconds without a key that end the input. Default 4. */
  patience?: number
}

export interface Reach {
  /** Addresses as the exchange knows them, rung at once; the first to answer wins. */
  phones: readonly string[]
  /** Seconds. */
  ringFor: number
  /** Which number the phones show: the caller's for those who work here, the company's for everybody else. */
  show: 'caller' | 'company'
  /** Called for each phone that did not take the call. */
  onMissed?: (phone: string, outcome: DialOutcome) => void
  /** The number of another line of the company, shown instead of the one the caller is on. */
  line?: string
}

export interface TalkOptions {
  /** Seconds after which the talk ends and the caller stays with the flow. */
  atMost?: number
}

/** Another party on the line: an operator, a driver. */
export interface Partner {
  readonly leg: LegId
  readonly address: string
  /** Aborts when the partner hangs up. */
  readonly signal: AbortSignal
}

export interface Caller {
  readonly call: Call
  readonly signal: AbortSignal

  /** Picks up; a second time does nothing. */
  answer(): Promise<void>

  /** Says it to the end. */
  say(...sayings: Saying[]): Promise<void>

  /** Says it until the signal aborts, which is no failure. */
  sayUntil(signal: AbortSignal, ...sayings: Saying[]): Promise<void>

  /** Says it while keys work; the first key that means something cuts it short. `undefined` for silence. */
  choose<const Choices extends Record<string, string>>(
    text: Saying | readonly Saying[],
    choices: Choices,
    options?: ChooseOptions,
  ): Promise<Choices[keyof Choices] | undefined>

  /** Digits typed after the text, `''` for none. */
  collect(text: Saying, options: CollectOptions): Promise<string>

  /** Resolves when the key is pressed. */
  press(key: string, signal?: AbortSignal): Promise<void>

  /** The next key that is pressed, whichever. */
  nextKey(signal?: AbortSignal): Promise<string>

  /** Music until disposed. */
  playOnHold(music?: string): Disposable

  /** Rings phones on the caller's behalf; `undefined` when nobody took it. */
  reach(phones: Reach, signal?: AbortSignal): Promise<Partner | undefined>

  /** Joins the two until one of them leaves or it has lasted too long. The partner's leg ends with the talk. */
  talkTo(partner: Partner, options?: TalkOptions): Promise<'left' | 'too-long'>

  /** Serves him sooner from now on; the largest priority anybody gave counts. */
  prefer(priority: number): void

  /** Lets a partner go who answered too late to be talked to. */
  dismiss(partner: Partner): Promise<void>

  /** Tells the story that the caller waits for a person here, from now or from when the wait began. */
  waitsAt(place: string, because?: string): void

  /** Notes what he chose, such as `{ tariff: '7' }`, for whoever serves him. */
  chose(what: Readonly<Record<string, string>>): void

  /** Notes that the caller got what he called for; a hang-up from now on is no lost call. */
  served(because: string): void

  /** Goes on at another place; what comes after is that place's. */
  transferTo(place: string, because?: string): Promise<void>

  /** Gives the caller to the exchange's own fallback; the last honest way out. */
  release(because: string): Promise<void>

  hangUp(): Promise<void>
}
