import type { Language } from '../../schema.ts'

/** Speaks one text. */
export interface Engine {
  readonly name: string
  /** Everything besides the text that changes the sound: voice, speed, model. */
  manner(language: Language): string
  /** A WAV in any form `readWav` takes; rejects when it cannot, and soon after the signal aborts. */
  render(text: string, language: Language, signal: AbortSignal): Promise<Buffer>
}
