import type { DialOutcome } from '../ports/telephony.ts'
import type { CallId, Phone } from '../schema.ts'
import type { Call, Errand, Line } from './call.ts'
import type { Talk } from './talk.ts'
import type { TurnToRing } from './turns-to-ring.ts'

/** Somebody to be rung in the company's name. */
export interface OutgoingCall extends Errand {
  /** Names this one call for ever: the same id is never rung twice. A UUID. */
  id: CallId
  to: Phone
  /** The number of the line in whose name we call: shown, spoken in its language. Default: the first line. */
  line?: string
  /** A person waits for it: when too many calls of ours are under way, it goes before those that are not urgent. */
  isUrgent?: boolean
}

/** The calls of this moment. */
export interface Calls {
  live(): readonly Call[]
  find(id: CallId): Call | undefined
  /** The hands on the talk of a call; `undefined` while nobody talks with its caller. */
  talkOf(id: CallId): Talk | undefined
  /** Our public numbers, the one in whose name we call by default first. */
  lines(): readonly Line[]
  /** The line of a number as the exchange gives it; without one the line in whose name we call by default. */
  lineOf(number?: string): Line
  /**
   * Rings somebody; whoever answers is received at the errand's place. Written before it is dialled: asked
   * again with the same id, also after a restart, it tells what came of it. Rejects with DATABASE_UNAVAILABLE,
   * nobody having been rung. The signal stops the ringing, not the conversation. While `calls.outgoingAtMost`
   * calls of ours are under way it waits for its turn, nobody having been rung; then the signal rejects it.
   */
  ring(call: OutgoingCall, signal: AbortSignal, turn?: TurnToRing): Promise<DialOutcome>
  /** The turn to make one call, for who wants to look once more right before it. Dispose it, or give it to `ring`. */
  turnToRing(signal: AbortSignal, isUrgent?: boolean): Promise<TurnToRing>
  /**
   * What came of it; resolves when that is known. `undefined` when it was never rung. The signal stops the
   * ringing, also one that goes on since before a restart.
   */
  outcomeOf(id: CallId, signal?: AbortSignal): Promise<DialOutcome | undefined>
  /** Whether the phone at this address can be told to answer by itself. */
  tellsToAnswer(phone: string): boolean
  /** Has the phone that rings for the call answer by itself; false when it does not ring for it. */
  answerAt(id: CallId, phone: string, by: string): boolean
  /** False when there is no such call. */
  hangUp(id: CallId): Promise<boolean>
  /** Records what the caller says and what he hears, apart, from now on. */
  startRecording(id: CallId, recording: string): Promise<void>
  stopRecording(recording: string): Promise<void>
  /** Brings a finished recording into a stereo WAV file of ours and removes it at the exchange. */
  takeRecording(recording: string, file: string): Promise<{ seconds: number }>
  onRecordingFinished(listener: (recording: string) => void): () => void
  /** Somebody in a talk pressed the transfer key of his phone; nobody listens, and the client goes to his line's fallback. */
  onTransferAsked(listener: (asked: { call: CallId; from: string; to: string }) => void): () => void
  /** Whoever talks with the client of a call pressed a key, also while the client is on hold. */
  onPartnerPressed(listener: (pressed: { call: CallId; phone: string; key: string }) => void): () => void
  /** Called whenever the exchange is connected and the calls that outlived us were taken over. */
  onRecovered(listener: () => void): () => void
}
