/** Requests to one service: how it wants to be asked, which refusals pass, and what its silences mean. */
import { Agent, errors, FormData, request } from 'undici'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Language } from '#core/schema.ts'
import { type Format, formats, largestPerTenSeconds, nonsense, toText } from './answers.ts'
import { isNothingSaid } from './nothing-said.ts'
import type { Settings } from './settings.ts'
import type { Utterance } from './sound.ts'

interface Answer {
  status: number
  text: string
  /** Milliseconds after which it wants to be asked again. */
  again: number | undefined
}

export interface Client {
  transcribe(utterance: Utterance, language: Language, signal: AbortSignal): Promise<string>
  /** Whether it is there and takes our key. */
  look(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** A service may be asked a second time after so many milliseconds, and no more. */
const shortRest = 10_000
const usualRest = 1_000

export function openClient(settings: Settings, { clock }: { clock: Clock }): Client {
  const base = settings.baseUrl.replace(/\/+$/, '')
  const headers = settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` }
  const agent = new Agent({
    connect: { timeout: 10_000 },
    // The deadline of each recording is ours.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: Math.ceil(settings.longestSeconds / 10) * largestPerTenSeconds,
  })
  const prompt = String(settings.fields.prompt ?? '')
  let worked: Format | undefined

  async function send(path: string, form: FormData | undefined, signal: AbortSignal): Promise<Answer> {
    const answer = await request(`${base}${path}`, {
      method: form ? 'POST' : 'GET',
      dispatcher: agent,
      headers,
      signal,
      ...(form && { body: form }),
    })
    const { statusCode: status } = answer
    return { status, text: await answer.body.text(), again: toRest(answer.headers['retry-after'], clock) }
  }

  /** Sent once more where that may help. */
  async function ask(path: string, form: FormData | undefined, signal: AbortSignal): Promise<Answer> {
    try {
      const first = await send(path, form, signal).catch((thrown: unknown) => {
        if (!isBrokenConnection(thrown)) throw thrown
        return undefined
      })
      const rest = first ? restAfter(first) : 0
      if (first && rest === undefined) return first
      await clock.sleep(rest ?? 0, signal)
      return await send(path, form, signal)
    } catch (thrown) {
      throw signal.aborted ? signal.reason : toCoded(thrown)
    }
  }

  async function transcribeAs(
    format: Format,
    { wav, seconds }: Utterance,
    language: Language,
    signal: AbortSignal,
  ): Promise<{ text: string } | { failure: CallbusError; isFormat: boolean }> {
    const form = toForm(settings, { wav, language, format })
    const answer = await ask(settings.path, form, signal)
    const failure = toFailure(answer, settings)
    if (failure) return { failure, isFormat: answer.status === 400 || answer.status === 422 }
    const text = toText(answer.text, format, seconds)
    return text === undefined
      ? { failure: nonsense(`it is no ${format} with a text`), isFormat: true }
      : { text: isNothingSaid(text, prompt) ? '' : text }
  }

  return {
    /** What worked is asked for first; once it works no more, the next recording finds out anew. */
    async transcribe(utterance, language, signal) {
      let first: CallbusError | undefined
      for (const format of worked ? [worked] : formats) {
        const tried = await transcribeAs(format, utterance, language, signal)
        if ('text' in tried) {
          worked = format
          return tried.text
        }
        first ??= tried.failure
        if (!tried.isFormat) throw tried.failure
      }
      worked = undefined
      throw first
    },

    async look(signal) {
      const answer = await ask('/models', undefined, signal)
      // Any other answer comes from somebody who is there; not all have such a list.
      if (isAway(answer.status)) throw toFailure(answer, settings)
      // 403 may only mean that a key of few rights cannot see the list.
      if (answer.status === 401)
        throw new CallbusError('SPEECH_UNREACHABLE', {
          reason: `it answered ${answer.status}, the key is not taken`,
        })
    },

    close: () => agent.destroy(),
  }
}

function toForm(
  { model, fields }: Settings,
  { wav, language, format }: { wav: Buffer; language: Language; format: Format },
): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(wav)], { type: 'audio/wav' }), 'recording.wav')
  const always = { model, language, response_format: format, temperature: 0 }
  for (const [name, value] of Object.entries({ ...fields, ...always })) form.set(name, String(value))
  return form
}

const isAway = (status: number) => status === 502 || status === 503 || status === 504

function toFailure({ status, text, again }: Answer, { key }: Settings): CallbusError | undefined {
  if (status >= 200 && status < 300) return undefined
  if (isAway(status)) return new CallbusError('SPEECH_UNREACHABLE', { reason: `it answered ${status}` })
  const reason = [reasons[status], wordOf(text, key), again && `ask again in ${Math.ceil(again / 1000)} s`]
  return new CallbusError('SPEECH_REFUSED', { status, reason: reason.filter(Boolean).join(', ') })
}

const reasons: Record<number, string> = {
  400: 'it does not take the recording or a field',
  401: 'the key is not taken',
  403: 'the key is not taken',
  404: 'there is nothing at this path, or no such model, or it is still being loaded',
  413: 'the recording is too long for it',
  422: 'it does not take the recording or a field',
  429: 'it is asked too often',
}

/** The code of an error in the OpenAI form; its sentence stays out, it may hold the key or what was said. */
function wordOf(text: string, key: string | undefined): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; type?: unknown } }
    const word = error?.code ?? error?.type
    return typeof word === 'string' && /^[a-z_]{1,40}$/.test(word) && word !== key ? word : undefined
  } catch {
    return undefined
  }
}

function restAfter({ status, again }: Answer): number | undefined {
  if (status === 429) return again !== undefined && again <= shortRest ? again : undefined
  if (status !== 502 && status !== 503) return undefined
  return again === undefined ? usualRest : again <= shortRest ? again : undefined
}

/** Seconds or a date, in milliseconds from now. */
function toRest(header: string | string[] | undefined, clock: Clock): number | undefined {
  const text = String(header ?? '').trim()
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now())
}

function isBrokenConnection(thrown: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(thrown) ?? '')
}

function toCoded(thrown: unknown): CallbusError {
  const reason = codeOf(thrown) ?? (thrown instanceof Error ? thrown.name : 'the connection failed')
  const isUnreadable =
    thrown instanceof errors.HTTPParserError ||
    thrown instanceof errors.HeadersOverflowError ||
    thrown instanceof errors.ResponseExceededMaxSizeError ||
    thrown instanceof errors.ResponseContentLengthMismatchError
  return new CallbusError(isUnreadable ? 'SPEECH_NONSENSE' : 'SPEECH_UNREACHABLE', { reason })
}

function codeOf(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}
