import type { Media } from '../ports/telephony.ts'
import type { Language } from '../schema.ts'
import type { Saying } from './words.ts'

/** Turns sayings into sound files, once each. */
export interface Voice {
  /** Rejects with `VOICE_UNAVAILABLE` when it can neither be found nor spoken. */
  speak(saying: Saying, language: Language, signal: AbortSignal): Promise<Media>
}
