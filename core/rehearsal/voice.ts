import { openSignatures } from '../signatures.ts'
import type { OpenVoice } from '../voice/voice.ts'

/** How many letters are spoken in a second, roughly, in all our languages. */
const lettersPerSecond = 14

/** Makes no sound, but takes the time that saying it would take. */
export async function openRehearsedVoice(dataFolder: string): Promise<OpenVoice> {
  return {
    folder: dataFolder,
    signatures: await openSignatures(dataFolder, 'prompts'),
    speak: async (saying, language) => ({
      file: saying.name,
      url: '',
      seconds: Math.max(1, Math.round(saying.in(language).length / lettersPerSecond)),
    }),
    prewarm: async () => undefined,
    prune: async () => 0,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
