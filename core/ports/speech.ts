/** What we need to turn speech into text. */
import type { Language } from '../schema.ts'
import type { ConnectionEvent } from './telephony.ts'

export interface Speech {
  /**
   * What is said in a WAV file of ours; `''` when nothing is. Settles promptly once the signal aborts, and
   * rejects when it cannot be known now.
   */
  transcribe(file: string, language: Language, signal: AbortSignal): Promise<string>
}

export type SpeechEvent = ConnectionEvent
