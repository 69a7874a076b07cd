/** SIP messages as text: enough of RFC 3261 for a telephone. */

export interface SipMessage {
  /** `INVITE sip:101@host SIP/2.0` or `SIP/2.0 200 OK`. */
  start: string
  headers: [name: string, value: string][]
  body: string
}

const short: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
}

export function parseMessage(text: string): SipMessage | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [start = '', ...rows] = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  if (!start.includes('SIP/2.0')) return undefined
  const headers = rows.map((row): [string, string] => {
    const colon = row.indexOf(':')
    return [row.slice(0, colon).trim(), row.slice(colon + 1).trim()]
  })
  return { start, headers, body: text.slice(end + 4) }
}

export function formatMessage({ body, headers, start }: SipMessage): string {
  const rows = headers.map(([name, value]) => `${name}: ${value}`)
  return [start, ...rows, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

export function headersOf(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase()
  return message.headers
    .filter(([given]) => (short[given.toLowerCase()] ?? given.toLowerCase()) === wanted)
    .map(([, value]) => value)
}

export function headerOf(message: SipMessage, name: string): string {
  return headersOf(message, name)[0] ?? ''
}

/** The method of a request; of a response, that of the request it answers. */
export function methodOf(message: SipMessage): string {
  return statusOf(message)
    ? (headerOf(message, 'cseq').split(/\s+/)[1] ?? '')
    : (message.start.split(' ')[0] ?? '')
}

/** The code of a response, 0 for a request. */
export function statusOf(message: SipMessage): number {
  return message.start.startsWith('SIP/2.0 ') ? Number(message.start.slice(8, 11)) : 0
}

export function branchOf(message: SipMessage): string {
  return parameterOf(headerOf(message, 'via'), 'branch')
}

export function parameterOf(value: string, name: string): string {
  return new RegExp(`[;\\s]${name}="?([^;,"\\s]*)`, 'i').exec(value)?.[1] ?? ''
}

/** The address within `"Name" <sip:user@host>;tag=…`. */
export function uriOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0]?.trim() ?? ''
}

export function userOf(value: string): string {
  return decodeURIComponent(/^sips?:([^@;>]*)@/.exec(uriOf(value))?.[1] ?? '')
}

export interface Address {
  host: string
  port: number
}

export function addressOf(uri: string): Address | undefined {
  const found = /^sips?:(?:[^@]*@)?([^:;>]+)(?::(\d+))?/.exec(uri)
  return found?.[1] ? { host: found[1], port: Number(found[2] ?? 5060) } : undefined
}

const phrases: Record<number, string> = {
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  503: 'Service Unavailable',
  603: 'Decline',
}

export function phraseOf(code: number): string {
  return phrases[code] ?? 'Refused'
}
