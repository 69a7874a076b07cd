/** What we need to turn speech into text. */
import type { Language } from '../schema.ts'

export interface Speech {
  /** What is said in a WAV file of ours; `''` when nothing is. Rejects when it cannot be known now. */
  transcribe(file: string, language: Language, signal: AbortSignal): Promise<string>
}
