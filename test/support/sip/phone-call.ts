/** One call of a test telephone, made or received. */
import { randomUUID } from 'node:crypto'
import type { Samples } from '../audio.ts'
import { type Account, isChallenge, withCredentials } from './digest.ts'
import { type Hearing, toHearing } from './hearing.ts'
import { openRtp } from './rtp.ts'
import { describe, understand } from './sdp.ts'
import {
  type Address,
  addressOf,
  headerOf,
  methodOf,
  parameterOf,
  phraseOf,
  type SipMessage,
  statusOf,
  uriOf,
  userOf,
} from './sip-message.ts'
import { type Sound, toSamples } from './sip-phone.ts'
import { newBranch, type SipTransport } from './sip-transport.ts'

export interface CallEnd {
  by: 'us' | 'them'
  /** The final code of a call that never stood. */
  code?: number
  /** The header `Reason`, as `Q.850;cause=16`. */
  reason?: string
}

export interface PhoneCall extends Hearing, AsyncDisposable {
  /** SIP's Call-ID. */
  readonly id: string
  readonly state: 'ringing' | 'up' | 'ended'
  /** The number the other side shows; `anonymous` when withheld. */
  readonly from: string
  readonly to: string
  /** The INVITE, for tests about headers. */
  readonly invite: SipMessage
  /** Every request the exchange sent within the call, the INVITE first when it rang here. */
  readonly requests: readonly SipMessage[]
  /** Provisional and final codes received or sent, in order. */
  readonly codes: readonly number[]

  answer(): Promise<void>
  refuse(code: number): void
  hangUp(): Promise<void>

  ringing(within?: number): Promise<void>
  answered(within?: number): Promise<void>
  ended(within?: number): Promise<CallEnd>

  press(keys: string, how?: 'info' | 'rfc4733'): Promise<void>
  /**
   * Gives the other side on, as the transfer key of a desk phone does: to a number, or to whoever this phone
   * speaks with in another call.
   */
  refer(to: string | PhoneCall): Promise<void>
  /** What names this call to the exchange in a request about another. */
  replaces(): string
  /** Keys the other side sent. */
  keys(): string

  /** Samples of our own beat from our answer to the first sound; `undefined` while nothing was heard. */
  firstSoundAfter(): number | undefined
  say(sound: Sound): void
  fallSilent(): void
  /** A request of the exchange that belongs to this call. */
  receive(request: SipMessage): void
}

interface Setup {
  transport: SipTransport
  sound: Samples | undefined
  invite?: SipMessage
  dial?: { from: string; to: string; server: Address }
  /** Answers the exchange's challenge. */
  account?: Account | undefined
  /** What is of no use without the call. */
  endsWith?: AsyncDisposable
}

export async function openPhoneCall({
  account,
  dial,
  endsWith,
  invite: received,
  sound,
  transport,
}: Setup): Promise<PhoneCall> {
  const { host } = transport
  const rtp = await openRtp(host)
  const voice = { host, port: rtp.port }
  const contact = `<sip:phone@${host}:${transport.port}>`
  rtp.say(sound)
  const localTag = randomUUID()
  let invite = received ?? firstInvite()
  const id = headerOf(invite, 'call-id')
  const codes: number[] = []
  const requests: SipMessage[] = received ? [received] : []
  const changes = new EventTarget()

  let state: PhoneCall['state'] = 'ringing'
  let end: CallEnd | undefined
  let sequence = 1
  let target = uriOf(headerOf(invite, received ? 'contact' : 'to'))
  let server = dial?.server ?? addressOf(target) ?? { host: '127.0.0.1', port: 5060 }
  const local = received ? `${headerOf(invite, 'to')};tag=${localTag}` : headerOf(invite, 'from')
  let remote = received ? headerOf(invite, 'from') : headerOf(invite, 'to')
  let repeatAnswer: NodeJS.Timeout | undefined
  let infoKeys = ''
  let isCancelled = false
  let isDisposed = false
  let answeredAt: number | undefined

  function firstInvite(): SipMessage {
    if (!dial) throw new Error('A call is either dialled or received')
    const isHidden = dial.from === 'anonymous'
    const from = isHidden
      ? '"Anonymous" <sip:anonymous@anonymous.invalid>'
      : `"${dial.from}" <sip:${dial.from}@${host}:${transport.port}>`
    return {
      start: `INVITE sip:${dial.to}@${dial.server.host}:${dial.server.port} SIP/2.0`,
      headers: [
        ['Via', `SIP/2.0/UDP ${host}:${transport.port};branch=${newBranch()};rport`],
        ['Max-Forwards', '70'],
        ['From', `${from};tag=${localTag}`],
        ['To', `<sip:${dial.to}@${dial.server.host}:${dial.server.port}>`],
        ['Call-ID', randomUUID()],
        ['CSeq', '1 INVITE'],
        ['Contact', contact],
        ['Allow', 'INVITE, ACK, CANCEL, BYE, INFO, UPDATE, OPTIONS'],
        ...(isHidden ? [['Privacy', 'id'] satisfies [string, string]] : []),
        ['Content-Type', 'application/sdp'],
      ],
      body: describe(voice),
    }
  }

  function changed() {
    changes.dispatchEvent(new Event('change'))
  }

  function over(how: CallEnd) {
    if (state === 'ended') return
    state = 'ended'
    end = how
    clearInterval(repeatAnswer)
    rtp.fallSilent()
    changed()
  }

  async function change<Answer>(
    ask: () => Answer | undefined,
    what: string,
    within: number,
  ): Promise<Answer> {
    const signal = AbortSignal.timeout(within)
    for (;;) {
      const answer = ask()
      if (answer !== undefined) return answer
      const { promise, resolve } = Promise.withResolvers<void>()
      changes.addEventListener('change', () => resolve(), { once: true })
      const late = () => resolve()
      signal.addEventListener('abort', late, { once: true })
      await promise
      signal.removeEventListener('abort', late)
      if (signal.aborted && ask() === undefined) {
        throw new Error(`Waited ${within} ms in vain for ${what}; codes so far: ${codes.join(' ') || 'none'}`)
      }
    }
  }

  function within(method: string, body = '', headers: [string, string][] = []): SipMessage {
    if (method !== 'ACK') sequence++
    return {
      start: `${method} ${target} SIP/2.0`,
      headers: [
        ['Via', `SIP/2.0/UDP ${host}:${transport.port};branch=${newBranch()};rport`],
        ['Max-Forwards', '70'],
        ['From', local],
        ['To', remote],
        ['Call-ID', id],
        ['CSeq', `${sequence} ${method}`],
        ['Contact', contact],
        ...headers,
      ],
      body,
    }
  }

  function hear(message: SipMessage) {
    const media = understand(message.body)
    if (media) rtp.connect(media)
  }

  function inProgress(response: SipMessage) {
    codes.push(statusOf(response))
    remote = headerOf(response, 'to')
    hear(response)
    changed()
  }

  async function dialOut() {
    let response = await transport.request(invite, server, inProgress)
    if (isChallenge(response) && account && !isCancelled) {
      invite = withCredentials(invite, response, account)
      sequence++
      response = await transport.request(invite, server, inProgress)
    }
    codes.push(statusOf(response))
    if (statusOf(response) >= 300) {
      const reason = headerOf(response, 'reason')
      return over({
        by: isCancelled ? 'us' : 'them',
        code: statusOf(response),
        ...(reason ? { reason } : {}),
      })
    }
    remote = headerOf(response, 'to')
    target = uriOf(headerOf(response, 'contact')) || target
    server = addressOf(target) ?? server
    transport.acknowledge(within('ACK'), server, response)
    hear(response)
    state = 'up'
    changed()
    // The answer crossed our cancel: a phone hangs up then.
    if (isCancelled) await bye()
  }

  async function cancel() {
    isCancelled = true
    await change(() => (codes.length > 0 || state === 'ended' ? true : undefined), 'a first response', 15_000)
    if (state !== 'ringing') return
    const kept = ['Via', 'Max-Forwards', 'From', 'To', 'Call-ID']
    const headers = invite.headers.filter(([name]) => kept.includes(name))
    const start = invite.start.replace('INVITE', 'CANCEL')
    const cseq = headerOf(invite, 'cseq').replace('INVITE', 'CANCEL')
    await transport.request({ start, headers: [...headers, ['CSeq', cseq]], body: '' }, server)
    await change(() => (state === 'ended' ? true : undefined), 'the end of a cancelled call', 15_000)
  }

  async function bye() {
    over({ by: 'us' })
    const signal = AbortSignal.timeout(2000)
    const gone = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    // A dead exchange never confirms; a phone goes on hook anyway.
    await Promise.race([transport.request(within('BYE'), server), gone])
  }

  function ok(request: SipMessage, body = '') {
    const headers: [string, string][] = [['Contact', contact]]
    if (body) headers.push(['Content-Type', 'application/sdp'])
    transport.respond(request, '200 OK', { tag: localTag, headers, body })
  }

  function receive(request: SipMessage) {
    requests.push(request)
    switch (methodOf(request)) {
      case 'ACK':
        clearInterval(repeatAnswer)
        return
      case 'BYE': {
        ok(request)
        const reason = headerOf(request, 'reason')
        return over({ by: 'them', ...(reason ? { reason } : {}) })
      }
      case 'CANCEL': {
        ok(request)
        if (state !== 'ringing') return
        transport.respond(invite, '487 Request Terminated', { tag: localTag })
        const reason = headerOf(request, 'reason')
        return over({ by: 'them', code: 487, ...(reason ? { reason } : {}) })
      }
      case 'INVITE':
      case 'UPDATE':
        hear(request)
        return ok(request, request.body || methodOf(request) === 'INVITE' ? describe(voice) : '')
      case 'NOTIFY':
        ok(request)
        // A desk phone goes on hook when it reads that its transfer has succeeded.
        if (state === 'up' && /^SIP\/2.0 200/.test(request.body)) void bye()
        return
      case 'INFO':
        infoKeys += /Signal=\s*(\S)/i.exec(request.body)?.[1] ?? ''
        return ok(request)
      default:
        return ok(request)
    }
  }

  async function pressOne(key: string, how: 'info' | 'rfc4733') {
    if (how === 'rfc4733') return rtp.press(key)
    const type: [string, string] = ['Content-Type', 'application/dtmf-relay']
    const response = await transport.request(
      within('INFO', `Signal=${key}\r\nDuration=160\r\n`, [type]),
      server,
    )
    if (statusOf(response) >= 300 && state === 'up')
      throw new Error(`Key ${key} was refused: ${response.start}`)
  }

  if (received) {
    hear(received)
    codes.push(180)
    transport.respond(received, '180 Ringing', {
      tag: localTag,
      headers: [['Contact', contact]],
    })
  } else {
    void dialOut()
  }

  const call: PhoneCall = {
    ...toHearing(rtp.heard),
    id,
    invite,
    requests,
    codes,
    receive,
    from: userOf(headerOf(invite, 'from')),
    to: userOf(headerOf(invite, 'to')),
    get state() {
      return state
    },

    async refer(to) {
      const isCall = typeof to !== 'string'
      const uri = `sip:${isCall ? to.to : to}@${server.host}:${server.port}`
      const referTo = isCall ? `${uri}?Replaces=${encodeURIComponent(to.replaces())}` : uri
      const response = await transport.request(within('REFER', '', [['Refer-To', `<${referTo}>`]]), server)
      if (statusOf(response) >= 300) throw new Error(`The transfer was refused: ${response.start}`)
    },

    replaces: () => `${id};to-tag=${parameterOf(remote, 'tag')};from-tag=${localTag}`,

    async answer() {
      if (state !== 'ringing') throw new Error(`A call that is ${state} cannot be answered`)
      const media = understand(invite.body)
      codes.push(200)
      state = 'up'
      answeredAt = rtp.sent()
      const accept = () => ok(invite, describe(voice, media ? [media.law] : undefined))
      accept()
      repeatAnswer = setInterval(accept, 500)
      changed()
    },

    refuse(code) {
      codes.push(code)
      transport.respond(invite, `${code} ${phraseOf(code)}`, { tag: localTag })
      over({ by: 'us', code })
    },

    async hangUp() {
      if (state === 'up') return bye()
      if (state === 'ringing') return received ? call.refuse(603) : cancel()
    },

    async ringing(patience = 15_000) {
      await change(() => codes.some((code) => code === 180 || code === 183) || undefined, 'ringing', patience)
    },

    async answered(patience = 15_000) {
      await change(() => (state === 'ringing' ? undefined : true), 'an answer', patience)
      if (!codes.some((code) => code >= 200 && code < 300)) throw new Error(`Not answered: ${end?.code}`)
    },

    async ended(patience = 15_000) {
      return change(() => end, 'the end of the call', patience)
    },

    async press(keys, how = 'info') {
      for (const key of keys) await pressOne(key, how)
    },

    keys: () => infoKeys + rtp.keys(),
    firstSoundAfter() {
      const first = rtp.firstSound()
      return first === undefined || answeredAt === undefined ? undefined : first - answeredAt
    },
    say: (next) => rtp.say(toSamples(next)),
    fallSilent: () => rtp.say(undefined),
    async [Symbol.asyncDispose]() {
      if (isDisposed) return
      isDisposed = true
      await call.hangUp().catch(() => undefined)
      await rtp[Symbol.asyncDispose]()
      await endsWith?.[Symbol.asyncDispose]()
    },
  }
  return call
}
