/**
 * What we need from an exchange. Every verb takes the signal of whoever asks and settles promptly once it
 * aborts; a verb about a leg that has gone settles as if it were done. The exchange's own words stop in the
 * adapter. `test/contract/telephony.ts` is the promise in full.
 */
import type { CallId, LegId } from '../schema.ts'

/** Something to be heard: a file on our disk, also to be had by HTTP for an exchange on another host. */
export interface Media {
  /** Absolute path of a WAV file, 8 kHz 16-bit mono. */
  file: string
  /** Where another host can fetch it. */
  url: string
  seconds: number
}

export type HangUpReason = 'normal' | 'busy' | 'rejected' | 'no-answer' | 'congestion' | 'answered-elsewhere'

export const dialOutcomes = [
  'answered',
  'busy',
  'no-answer',
  'rejected',
  'unreachable',
  'invalid',
  'cancelled',
  'failed',
] as const
export type DialOutcome = (typeof dialOutcomes)[number]

/** Heard by nobody, by the one who is listened to, or by everybody he talks with. */
export type SnoopWay = 'listen' | 'whisper' | 'barge'

export interface DialOrder {
  /** The id the new leg shall have; chosen by us so that events can be matched before the answer comes. */
  leg: LegId
  call: CallId
  /** An address of the exchange: an extension (`101`), a phone in E.164, or `exchange-tech/resource`. */
  to: string
  /** What the called phone shows. */
  callerId: { number?: string; name?: string }
  /** Seconds. */
  ringFor: number
  /** The outside line it leaves by, as the exchange's settings name it. Default: the exchange's own way. */
  trunk?: string
  /** The leg on whose behalf we call, if any. */
  onBehalfOf?: LegId
  /** The phone is told to answer by itself, where it may be; one that does not obey rings. */
  answersItself?: true
}

/** What is alive on the exchange and belongs to us, read after each (re)connection. */
export interface Survey {
  legs: {
    leg: LegId
    direction: 'in' | 'out'
    state: 'ringing' | 'up'
    from?: string
    /** What the caller dialled; of a leg we dialled its address. */
    to: string
    at: number
    /** The talk it is in. */
    talk?: string
    /** The call it was made for, when we made it. */
    call?: CallId
  }[]
  /** Talks that exist, with or without legs. */
  talks: string[]
}

export type TelephonyEvent =
  /** With `extension` a phone of the house has dialled a code, and the exchange itself says which phone. */
  | { name: 'leg.offered'; leg: LegId; from?: string; to: string; at: number; extension?: string }
  /** With `outcome` it was rung by us and nobody answered; told where nobody waits for its dialling any more. */
  | { name: 'leg.ended'; leg: LegId; because: string; at: number; outcome?: DialOutcome }
  | { name: 'leg.left-talk'; leg: LegId; talk: string }
  | { name: 'key.pressed'; leg: LegId; key: string }
  /** By the transfer key of its phone; the exchange itself does nothing about it. */
  | { name: 'transfer.asked'; leg: LegId; to: string }
  /**
   * Its phone has joined two of its calls: another leg, of whoever it spoke with in the second, is in its place
   * in the talk already. The phone is told how that went, and then hangs its own leg up.
   */
  | { name: 'leg.replaced'; leg: LegId; by: LegId; to: string }
  | { name: 'recording.finished'; recording: string }
  | ConnectionEvent
  | PhoneEvent

/** What a phone of the house, or a trunk, is doing; told on each connection and whenever it changes. */
export type PhoneEvent =
  | { name: 'phone.changed'; phone: string; state: PhoneState }
  | { name: 'trunk.changed'; trunk: string; state: 'connected' | 'lost' }
export type PhoneState = 'free' | 'busy' | 'away'

export interface ConnectionEvent {
  name: 'connection.changed'
  state: 'connecting' | 'connected' | 'lost'
  because?: string
}

/** An outside line of the exchange, and whether its other end is there. */
export interface TrunkState {
  name: string
  /** `unknown` where the exchange does not look. */
  state: 'up' | 'down' | 'unknown'
  /** Why it is not `up`, for people. */
  because?: string
}

/** What an exchange can do; the caller of the port degrades politely where it cannot. */
export interface Capabilities {
  recordsBothSides: boolean
  /** The phone at this address can be told to answer by itself. */
  tellsToAnswer(to: string): boolean
}

export interface Telephony {
  readonly capabilities: Capabilities

  survey(signal: AbortSignal): Promise<Survey>

  answer(leg: LegId, signal: AbortSignal): Promise<void>

  /** Plays one after another. Resolves `played` at the end; rejects with the signal's reason after stopping it. */
  play(leg: LegId, media: readonly Media[], signal: AbortSignal): Promise<void>

  /** Music until `stopMusic` or a talk. `play` may interrupt it; it comes back by itself. */
  startMusic(leg: LegId, music: string): Promise<void>
  stopMusic(leg: LegId): Promise<void>

  /**
   * Rings a phone. Resolves with what came of it; aborting hangs the new leg up and resolves `cancelled`. A leg
   * that an earlier life of ours has rung already is not rung again: its answer is waited for.
   */
  dial(order: DialOrder, signal: AbortSignal): Promise<DialOutcome>

  /** The outside lines that its settings name; where they name none, the one it has, as `trunk`. */
  trunks(signal: AbortSignal): Promise<TrunkState[]>

  /** Puts two legs into one talk, made if it does not exist. Legs in another talk move. A third comes by `snoop`. */
  join(talk: string, legs: readonly LegId[], signal: AbortSignal): Promise<void>

  /** Takes a leg out of its talk, which goes on without it; it hears music until it is put into a talk again. */
  hold(leg: LegId, music: string, signal: AbortSignal): Promise<void>

  /**
   * Lets a leg hear what another leg hears and says, and be heard as the way says, until one of them leaves or
   * the listener is put into a talk. A second time changes the way.
   */
  snoop(leg: LegId, other: LegId, way: SnoopWay, signal: AbortSignal): Promise<void>

  /** Ends a talk; its legs stay alive and ours. */
  part(talk: string): Promise<void>

  /** Records both sides of a leg apart, silently, until `stopRecording` or its end; then `recording.finished`. */
  record(recording: string, leg: LegId, signal: AbortSignal): Promise<void>
  stopRecording(recording: string): Promise<void>
  /** Brings a finished recording as a stereo WAV (left: the leg's partner, right: the leg) and removes it there. */
  takeRecording(recording: string, file: string, signal: AbortSignal): Promise<{ seconds: number }>

  /** Hangs up; a leg that has gone is success. */
  hangUp(leg: LegId, reason: HangUpReason): Promise<void>

  /** Gives a leg back to the exchange's own fallback (island mode). */
  release(leg: LegId): Promise<void>
}
