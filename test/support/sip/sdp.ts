/** The part of SDP that two telephones need: where to send the voice, and in which law. */
import { type Law, payloadTypes } from './g711.ts'

export interface Media {
  host: string
  port: number
  law: Law
}

export function describe(
  { host, port }: { host: string; port: number },
  laws: readonly Law[] = ['PCMA', 'PCMU'],
): string {
  const types = laws.map((law) => payloadTypes[law])
  return [
    'v=0',
    `o=phone 1 1 IN IP4 ${host}`,
    's=call',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${types.join(' ')} 101`,
    ...laws.map((law) => `a=rtpmap:${payloadTypes[law]} ${law}/8000`),
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n')
}

/** Undefined when it names no codec of ours. */
export function understand(body: string): Media | undefined {
  const host = /^c=IN IP4 (\S+)/m.exec(body)?.[1]
  const audio = /^m=audio (\d+) \S+ (.*)$/m.exec(body)
  if (!host || !audio?.[1] || !audio[2]) return undefined
  const types = audio[2].trim().split(/\s+/).map(Number)
  const law = (Object.keys(payloadTypes) as Law[])
    .filter((name) => types.includes(payloadTypes[name]))
    .sort((one, other) => types.indexOf(payloadTypes[one]) - types.indexOf(payloadTypes[other]))[0]
  return law ? { host, port: Number(audio[1]), law } : undefined
}
