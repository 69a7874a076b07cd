import { randomUUID } from 'node:crypto'
import type { CallId, Language, LegId, Moment, Phone } from '../schema.ts'
import type { Call, Errand, FirstPhones, Identity, Line } from './call.ts'
import { type CallMove, type CallState, nextState } from './call-state.ts'
import type { HostedTalk } from './talk.ts'

export interface LiveCallOptions {
  id: CallId
  leg: LegId
  from: Phone | undefined
  to: string
  extension?: string | undefined
  line: Line
  at: Moment
  again?: boolean
  isAnswered?: boolean
  answeredAt?: Moment | undefined
  talkingAt?: Moment | undefined
  state?: CallState
  priority?: number
  result?: WithoutTalk | undefined
  errand?: Errand | undefined
  chosen?: Record<string, string> | undefined
  heldSince?: Moment | undefined
  identity: Promise<Identity>
}

/** What the owner will read when the call ends without a talk. */
export type WithoutTalk = 'lost' | 'refused' | 'self_served' | 'system' | 'not_reached' | 'reached'

/** A call while it lives: what plugins see of it, and what the house alone may change. */
export class LiveCall implements Call {
  readonly id: CallId
  readonly leg: LegId
  readonly from?: Phone
  readonly to: string
  readonly extension?: string
  readonly errand?: Errand
  readonly line: Line
  readonly language: Language
  readonly at: Moment
  readonly again: boolean
  readonly identity: Promise<Identity>
  readonly signal: AbortSignal

  state: CallState
  priority: number
  first?: FirstPhones
  readonly chosen: Record<string, string>
  isAnswered: boolean
  /** Everybody was done with him, and a last word was had. */
  isSeenOff = false
  /** We have hung up; the exchange has not said so yet. */
  isLeaving = false
  answeredAt: Moment | undefined
  talkingAt: Moment | undefined
  /** Who the caller talked to last. */
  partner: { leg: LegId; address: string } | undefined
  /** The hands on his present talk, and since when he is on hold in it. */
  talk: HostedTalk | undefined
  heldSince: Moment | undefined
  /** Where he waited and since when, in an earlier life of ours. */
  waited: { place: string; since: Moment } | undefined
  result: WithoutTalk
  /** Legs dialled for this call that have not ended. */
  readonly partners = new Map<LegId, AbortController>()
  /** Of them, the phones that ring: nobody has answered there yet. */
  readonly rung = new Map<LegId, string>()
  #ending = new AbortController()
  #hearKey: ((key: string) => void) | undefined
  readonly #keys: string[] = []

  constructor(options: LiveCallOptions) {
    this.id = options.id
    this.leg = options.leg
    if (options.from !== undefined) this.from = options.from
    this.to = options.to
    if (options.extension !== undefined) this.extension = options.extension
    if (options.errand) this.errand = options.errand
    this.line = options.line
    this.language = options.line.language
    this.at = options.at
    this.again = options.again ?? false
    this.isAnswered = options.isAnswered ?? false
    this.answeredAt = options.answeredAt
    this.talkingAt = options.talkingAt
    this.chosen = { ...options.chosen }
    this.heldSince = options.heldSince
    this.state = options.state ?? { is: 'ringing' }
    this.priority = options.priority ?? 0
    this.result = options.result ?? (options.errand ? 'not_reached' : 'lost')
    this.identity = options.identity
    this.signal = this.#ending.signal
  }

  /** False when that cannot happen now; the call stays as it is. */
  move(move: CallMove): boolean {
    const next = nextState(this.state, move)
    if (!next) return false
    this.state = next
    if (next.is === 'talking') this.talkingAt ??= next.since
    return true
  }

  /** We rang, and nobody has answered yet. */
  get isBeingRung(): boolean {
    return this.errand !== undefined && !this.isAnswered
  }

  /** A new id for the next leg dialled for this call. */
  nextLeg(site: string): LegId {
    return `cb-${site}-${this.id}-${randomUUID().slice(0, 8)}`
  }

  pressed(key: string) {
    if (this.#hearKey) this.#hearKey(key)
    else if (this.#keys.length < 20) this.#keys.push(key)
  }

  /** Hears keys until disposed; those pressed ahead come first. One listener at a time: the latest. */
  hearKeys(hear: (key: string) => void): Disposable {
    const before = this.#hearKey
    this.#hearKey = hear
    for (let key = this.#keys.shift(); key !== undefined; key = this.#keys.shift()) hear(key)
    return {
      [Symbol.dispose]: () => {
        this.#hearKey = before
      },
    }
  }

  forgetKeys() {
    this.#keys.length = 0
  }

  end(reason: Error) {
    this.#ending.abort(reason)
  }
}
