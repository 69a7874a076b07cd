/**
 * A telephone that a test holds in its hand: it rings, answers, presses keys, speaks, and keeps what it hears.
 *
 * @example
 * await using caller = await ring({ asterisk, from: '+380671234567', to: '+380443334455' })
 * await caller.answered()
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readWav, type Samples, tone } from '../audio.ts'
import { type Account, isChallenge, withCredentials } from './digest.ts'
import { openPhoneCall, type PhoneCall } from './phone-call.ts'
import { headerOf, methodOf, type SipMessage, statusOf } from './sip-message.ts'
import { newBranch, openTransport, type SipTransport } from './sip-transport.ts'

/** Samples, a WAV file, or a tone in hertz; repeated for as long as nothing else is said. */
export type Sound = Samples | string | number

export interface RingOptions {
  asterisk: { sipPort: number }
  /** The number shown, or `anonymous` for a withheld one. */
  from: string
  to: string
  says?: Sound
}

export interface PhoneOptions {
  /** Where the exchange expects it; any free port when it only calls. */
  port?: number | undefined
  /** Another loopback address, when the exchange must tell phones and trunk apart by address. */
  host?: string
  /** For an exchange that wants phones to register: it does so before it is handed out. */
  account?: Account & { asterisk: { sipPort: number } }
  /**
   * What happens when it rings: answered at once, left ringing (the default) unless its exchange tells it to answer by
   * itself, or refused with a SIP code.
   */
  answers?: 'at once' | 'never' | number
  says?: Sound
}

export interface Phone extends AsyncDisposable {
  readonly port: number
  /** The next call that rings here; calls that rang before anyone asked are handed out first. */
  rung(within?: number): Promise<PhoneCall>
  /** Every call that ever rang here. */
  readonly calls: readonly PhoneCall[]
  /** From now on. */
  set answers(what: NonNullable<PhoneOptions['answers']>)
  dial(options: Omit<RingOptions, 'says'>): Promise<PhoneCall>
}

/** A caller: a phone of its own that dials once and is gone with the call. */
export async function ring({ asterisk, from, says, to }: RingOptions): Promise<PhoneCall> {
  const transport = await openTransport()
  const call = await openPhoneCall({
    transport,
    sound: says === undefined ? undefined : toSamples(says),
    dial: { from, to, server: { host: '127.0.0.1', port: asterisk.sipPort } },
    endsWith: transport,
  })
  transport.onRequest(call.receive)
  return call
}

export async function openPhone({
  account,
  answers = 'never',
  host,
  port = 0,
  says,
}: PhoneOptions = {}): Promise<Phone> {
  const transport = await openTransport(port, host)
  const sound = says === undefined ? undefined : toSamples(says)
  const calls = new Map<string, PhoneCall>()
  const rung: PhoneCall[] = []
  const fresh: PhoneCall[] = []
  const arrivals = new EventTarget()
  /** Those that have come and do not ring yet. */
  const coming = new Set<Promise<unknown>>()
  let isClosing = false

  transport.onRequest((request) => {
    const call = calls.get(headerOf(request, 'call-id'))
    if (call) return call.receive(request)
    if (methodOf(request) === 'INVITE') return isClosing ? undefined : void ringHere(request)
    if (methodOf(request) === 'OPTIONS') return transport.respond(request, '200 OK', { tag: 'phone' })
    if (methodOf(request) !== 'ACK') transport.respond(request, '481 Call does not exist', { tag: 'phone' })
  })

  async function ringHere(invite: SipMessage) {
    const opening = openPhoneCall({ transport, sound, invite })
    coming.add(opening)
    const call = await opening
    coming.delete(opening)
    calls.set(headerOf(invite, 'call-id'), call)
    rung.push(call)
    fresh.push(call)
    arrivals.dispatchEvent(new Event('call'))
    if (answers === 'at once' || (answers === 'never' && isToldToAnswer(invite))) await call.answer()
    else if (typeof answers === 'number') call.refuse(answers)
  }

  if (account) await register(transport, account)

  return {
    port: transport.port,
    calls: rung,
    set answers(what: NonNullable<PhoneOptions['answers']>) {
      answers = what
    },

    async rung(within = 15_000) {
      const signal = AbortSignal.timeout(within)
      for (;;) {
        const call = fresh.shift()
        if (call) return call
        await once(arrivals, 'call', { signal }).catch(() => {
          throw new Error(`Nobody rang the phone on port ${transport.port} within ${within} ms`)
        })
      }
    },

    async dial({ asterisk, from, to }) {
      const call = await openPhoneCall({
        transport,
        sound,
        account,
        dial: { from, to, server: { host: '127.0.0.1', port: asterisk.sipPort } },
      })
      calls.set(call.id, call)
      return call
    },

    async [Symbol.asyncDispose]() {
      isClosing = true
      await Promise.all(coming)
      await Promise.all([...calls.values()].map((call) => call[Symbol.asyncDispose]()))
      await transport[Symbol.asyncDispose]()
    },
  }
}

/** Makers differ in which of the two they look at. */
function isToldToAnswer(invite: SipMessage): boolean {
  return (
    /answer-after=0\b/.test(headerOf(invite, 'call-info')) ||
    /info=alert-autoanswer\b/.test(headerOf(invite, 'alert-info'))
  )
}

async function register(
  transport: SipTransport,
  { asterisk, ...account }: NonNullable<PhoneOptions['account']>,
) {
  const server = { host: '127.0.0.1', port: asterisk.sipPort }
  const own = `${transport.host}:${transport.port}`
  const identity = `<sip:${account.user}@${server.host}:${server.port}>`
  const request: SipMessage = {
    start: `REGISTER sip:${server.host}:${server.port} SIP/2.0`,
    headers: [
      ['Via', `SIP/2.0/UDP ${own};branch=${newBranch()};rport`],
      ['Max-Forwards', '70'],
      ['From', `${identity};tag=${randomUUID()}`],
      ['To', identity],
      ['Call-ID', randomUUID()],
      ['CSeq', '1 REGISTER'],
      ['Contact', `<sip:${account.user}@${own}>`],
      ['Expires', '600'],
    ],
    body: '',
  }
  const first = await transport.request(request, server)
  const response = isChallenge(first)
    ? await transport.request(withCredentials(request, first, account), server)
    : first
  if (statusOf(response) >= 300) {
    await transport[Symbol.asyncDispose]()
    throw new Error(`The exchange does not register ${account.user}: ${response.start}`)
  }
}

export function toSamples(sound: Sound): Samples {
  if (typeof sound === 'number') return tone(sound, 1)
  return typeof sound === 'string' ? readWav(sound) : sound
}
