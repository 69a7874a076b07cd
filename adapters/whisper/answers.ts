/** What services answer, read by what was asked and never by its content type; pure. */
import { CallbusError } from '#core/errors.ts'

/** In the order in which they are asked for: only the first tells how sure the recogniser is. */
export const formats = ['verbose_json', 'json', 'text'] as const
export type Format = (typeof formats)[number]

/** An answer longer than this for each ten seconds begun is a recogniser that repeats itself. */
export const largestPerTenSeconds = 64 * 1024
const wordsPerTenSeconds = 200

interface Segment {
  text: string
  avg_logprob?: unknown
  no_speech_prob?: unknown
}

/**
 * The text of an answer to a recording of so many seconds, trimmed; `undefined` when it is not in the format
 * that was asked for. Throws `SPEECH_NONSENSE`.
 */
export function toText(answer: string, format: Format, seconds: number): string | undefined {
  const tens = Math.max(1, Math.ceil(seconds / 10))
  if (answer.length > tens * largestPerTenSeconds) throw nonsense('it is far too long')
  const said = spoken(answer, format)
  if (said === undefined) return undefined
  const text = said.replace(/\s+/g, ' ').trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\ufffd]/.test(text)) throw nonsense('it is no readable text')
  if (text.split(' ').length > tens * wordsPerTenSeconds) throw nonsense('nobody can say so many words')
  return text
}

function spoken(answer: string, format: Format): string | undefined {
  const value = fromJson(answer)
  if (isTold(value)) return surely(value)
  if (format !== 'text') return undefined
  if (typeof value === 'object') throw nonsense('it is JSON without a text')
  if (/^\s*<(!doctype|html|\?xml)/i.test(answer)) throw nonsense('it is a web page')
  return answer
}

/** Without the pieces in which, by the recogniser’s own figures, nobody speaks. */
function surely({ text, segments }: { text: string; segments?: unknown }): string {
  if (!Array.isArray(segments) || !segments.every(isSegment)) return text
  const heard = segments.filter((segment) => !isSilence(segment))
  return heard.length === segments.length ? text : heard.map((segment) => segment.text).join(' ')
}

/** The rule of those who made Whisper. */
function isSilence({ no_speech_prob: silence, avg_logprob: sureness }: Segment): boolean {
  return typeof silence === 'number' && silence > 0.6 && typeof sureness === 'number' && sureness < -1
}

function isTold(value: unknown): value is { text: string; segments?: unknown } {
  return typeof (value as { text?: unknown } | null)?.text === 'string'
}

function isSegment(value: unknown): value is Segment {
  return isTold(value)
}

function fromJson(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}

/** The answer stays out of the sentence: it may hold what was said. */
export function nonsense(reason: string): CallbusError {
  return new CallbusError('SPEECH_NONSENSE', { reason })
}
