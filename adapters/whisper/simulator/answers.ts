/** What real services answer to a text they have heard, in each format and with their oddities. */
import type { Language } from '#core/schema.ts'

const languageNames: Record<string, string> = {
  ru: 'russian',
  uk: 'ukrainian',
  pl: 'polish',
  en: 'english',
} satisfies Record<Language, string>

export interface Told {
  type: string
  body: string
}

export interface Hearing {
  text: string
  seconds: number
  language: string
  /** By its own figures nobody speaks. */
  isUnsure?: boolean
}

/** `undefined` for a format that nobody knows. */
export function tell(format: string, hearing: Hearing): Told | undefined {
  const text = hearing.text === '' ? '' : ` ${hearing.text}\n`
  switch (format) {
    case 'json':
      return { type: 'application/json', body: JSON.stringify({ text }) }
    case 'verbose_json':
      return { type: 'application/json', body: JSON.stringify(verbose(text, hearing)) }
    case 'text':
      return { type: 'text/html', body: text }
  }
  return undefined
}

function verbose(text: string, { seconds, language, isUnsure }: Hearing) {
  const segment = {
    id: 0,
    text,
    start: 0,
    // The last window is told whole, beyond the end of the recording.
    end: Math.ceil(seconds) + 1,
    tokens: [50_364],
    temperature: 0,
    avg_logprob: isUnsure ? -1.4 : -0.3,
    no_speech_prob: isUnsure ? 0.93 : 0.02,
    words: [],
  }
  return {
    task: 'transcribe',
    language: languageNames[language] ?? language,
    duration: seconds,
    text,
    segments: text === '' ? [] : [segment],
  }
}
