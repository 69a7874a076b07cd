/** Their words and ours: pure functions, both directions. */
import { basename } from 'node:path'
import type { Capabilities, DialOrder, DialOutcome, HangUpReason, Media } from '#core/ports/telephony.ts'
import type { Settings } from './settings.ts'

const words: Record<number, string> = {
  1: 'the number does not exist',
  3: 'no route to the number',
  16: 'hung up',
  17: 'busy',
  18: 'nobody responded',
  19: 'nobody answered',
  20: 'the phone is not registered',
  21: 'rejected',
  22: 'the number changed',
  26: 'answered elsewhere',
  27: 'the phone is out of order',
  28: 'the number is incomplete',
  31: 'hung up',
  34: 'no free channel',
  38: 'the network is out of order',
  41: 'a temporary failure',
  42: 'the exchange is overloaded',
  58: 'no common codec',
  88: 'no common codec',
  127: 'an unknown failure of the network',
}

/** A Q.850 cause as people say it. */
export function toBecause(cause: number | undefined): string {
  return cause === undefined ? 'hung up' : (words[cause] ?? `cause ${cause}`)
}

/** What is known when a dialled leg is gone without an answer. */
export interface DialEnd {
  /** The last word of Asterisk's Dial events, if any. */
  status?: string | undefined
  /** Q.850. */
  cause: number
  /** SIP, on versions that tell it. */
  techCause?: number | undefined
}

const bySip: Record<number, DialOutcome> = {
  403: 'rejected',
  404: 'invalid',
  408: 'unreachable',
  410: 'invalid',
  480: 'no-answer',
  484: 'invalid',
  486: 'busy',
  487: 'cancelled',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
  600: 'busy',
  603: 'rejected',
  604: 'invalid',
}

const byCause: Record<number, DialOutcome> = {
  1: 'invalid',
  3: 'unreachable',
  // Before 20.14, 21.9 and 22.4 a phone that rang in vain ends normally.
  16: 'no-answer',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  20: 'unreachable',
  21: 'rejected',
  22: 'invalid',
  27: 'unreachable',
  28: 'invalid',
  34: 'unreachable',
  38: 'unreachable',
  41: 'unreachable',
  42: 'unreachable',
}

const byStatus: Record<string, DialOutcome> = {
  BUSY: 'busy',
  NOANSWER: 'no-answer',
  CHANUNAVAIL: 'unreachable',
  CONGESTION: 'unreachable',
  CANCEL: 'cancelled',
}

export function toDialOutcome({ status, cause, techCause }: DialEnd): DialOutcome {
  return bySip[techCause ?? 0] ?? byCause[cause] ?? byStatus[status ?? ''] ?? 'failed'
}

/** How a leg ended, if nobody had answered there. */
export interface Unanswered {
  because: string
  outcome: DialOutcome
}

export function toUnanswered(end: { cause: number; tech_cause?: number }): Unanswered {
  return {
    because: toBecause(end.cause),
    outcome: toDialOutcome({ cause: end.cause, techCause: end.tech_cause }),
  }
}

const reasons: Record<HangUpReason, string> = {
  normal: 'normal',
  busy: 'busy',
  rejected: 'rejected',
  'no-answer': 'no_answer',
  congestion: 'congestion',
  'answered-elsewhere': 'answered_elsewhere',
}

export function toHangUpReason(reason: HangUpReason): string {
  return reasons[reason]
}

/** Callers that hide their number come under many names. */
const withheld = /^(?:anonymous|unknown|private|restricted|unavailable|withheld)$/i

export function toFrom(number: string | undefined): string | undefined {
  return number && !withheld.test(number) ? number : undefined
}

/** `undefined` when it is no address at all. */
export function toEndpoint(
  to: string,
  { trunk, extension }: Pick<Settings, 'trunk' | 'extension'>,
): string | undefined {
  if (to.includes('/')) return /^[A-Za-z]+\/[^\s&,]+$/.test(to) ? to : undefined
  if (/^\+?[0-9]{7,20}$/.test(to))
    return trunk.replace('{number}', to).replace('{digits}', to.replace('+', ''))
  return /^[A-Za-z0-9_.*#-]{1,40}$/.test(to) ? extension.replace('{extension}', to) : undefined
}

/** A phone of the house that speaks SIP with this exchange: only there our headers arrive. */
export function tellsToAnswer(to: string, { extension }: Pick<Settings, 'extension'>): boolean {
  return /^PJSIP\/[^@]+$/.test(toEndpoint(to, { trunk: '', extension }) ?? '')
}

export function capabilitiesOf(settings: Pick<Settings, 'extension'>): Capabilities {
  return {
    recordsBothSides: true,
    tellsToAnswer: (to) => tellsToAnswer(to, settings),
  }
}

/** Desk phones and softphones of different makers go by the one or by the other. */
export const headersToAnswer = {
  'PJSIP_HEADER(add,Call-Info)': '<sip:callbus>;answer-after=0',
  'PJSIP_HEADER(add,Alert-Info)': '<sip:callbus>;info=alert-autoanswer;delay=0',
}

/** `"Name" <number>`; what could break out of it is left out. */
export function toCallerId({ name, number }: DialOrder['callerId']): string | undefined {
  const cleanName = name?.replace(/["<>\\\p{Cc}]/gu, '')
  const cleanNumber = number?.replace(/[^0-9A-Za-z+*#_.-]/g, '')
  // Without a name of its own a leg inherits that of the caller it is dialled for: his number.
  if (!cleanName) return cleanNumber && `"${cleanNumber}" <${cleanNumber}>`
  return cleanNumber ? `"${cleanName}" <${cleanNumber}>` : `"${cleanName}"`
}

/** A comma parts the entries of a list, so it is encoded within one. */
export function toMediaUri(
  media: Media,
  { media: way, mediaBaseUrl }: Pick<Settings, 'media' | 'mediaBaseUrl'>,
): string {
  if (way === 'files') return `sound:${media.file.replace(/\.[A-Za-z0-9]+$/, '')}`
  const { pathname, search, href } = new URL(media.url || basename(media.file), mediaBaseUrl)
  const address = mediaBaseUrl ? `${mediaBaseUrl.replace(/\/$/, '')}${pathname}${search}` : href
  return `sound:${address.replaceAll(',', '%2C')}`
}

/** Asterisk's `2026-01-31T12:00:00.000+0000`. */
export function toMoment(timestamp: string): number {
  const moment = Date.parse(`${timestamp.slice(0, -2)}:${timestamp.slice(-2)}`)
  return Number.isNaN(moment) ? 0 : moment
}

/**
 * How channels in our application name themselves: `in,<dialled>`, `phone,<code>,<phone>`, `out,<call>,<address>`,
 * `snoop,<recording>`, `ear,<leg>`.
 */
export interface Purpose {
  /** `phone`: a phone of the house has dialled a code. */
  kind: 'in' | 'out' | 'snoop' | 'ear' | 'phone'
  /** The number dialled, the call, the recording, or the leg that listens. */
  about: string | undefined
  /** Whom we rang, or which phone has dialled. */
  to?: string | undefined
}

/** Asterisk's own ids end in a moment and a counter; ours never do. */
const madeByAsterisk = /\d{9,}\.\d+$/

export function toPurpose(id: string, args: readonly string[]): Purpose {
  const [kind, about, to] = args
  const isOurs = !madeByAsterisk.test(id)
  if (isOurs && kind === 'out') return { kind, about, ...(to && { to }) }
  if (isOurs && (kind === 'snoop' || kind === 'ear')) return { kind, about }
  if (!isOurs && kind === 'phone' && to) return { kind, about, to }
  return { kind: 'in', about: kind === 'in' && about ? about : undefined }
}

/** The near end of what joins two calls after an attended transfer by a phone. */
export function isLink({ name }: { name: string }): boolean {
  return name.startsWith('Local/_attended@transfer')
}

/** The arguments within `app_data` when a channel is in our application; `undefined` when it is not. */
export function toArgs(dialplan: { app_name: string; app_data: string }, app: string): string[] | undefined {
  if (dialplan.app_name !== 'Stasis') return undefined
  const [owner, ...args] = dialplan.app_data.split(',')
  return owner === app ? args : undefined
}

/** Where Asterisk itself leads a transfer by a phone: nowhere, for it is ours to carry out. */
export function transferContextOf({ app }: Pick<Settings, 'app'>): string {
  return `${app}-transfers`
}
