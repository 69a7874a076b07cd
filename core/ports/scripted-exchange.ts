import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type {
  DialOrder,
  DialOutcome,
  Media,
  PhoneState,
  SnoopWay,
  Survey,
  Telephony,
  TelephonyEvent,
  TrunkState,
} from './telephony.ts'

/** What one leg went through, for a test to look at. */
export interface ScriptedLeg {
  leg: string
  direction: 'in' | 'out'
  to: string
  from?: string
  isUp: boolean
  talk?: string
  listensTo?: { leg: string; way: SnoopWay }
  hasMusic: boolean
  heard: string[]
  ended?: string
  at: number
  call?: string
  callerId?: string
  trunk?: string
  answersItself?: true
  /** What is being played, until the test lets it end. */
  playing?: { media: string[]; finish(): void }
}

/**
 * How a dialled phone behaves: answers at once or after so many seconds, whatever it is told; rings until told, by
 * the test or by its exchange; or refuses.
 */
export type PhoneScript =
  | 'answers'
  | { answersAfter: number }
  | 'rings'
  | Exclude<DialOutcome, 'answered' | 'cancelled'>

export interface ScriptedExchangeOptions {
  /** What is played comes to its end by itself: after its seconds with a clock, else at once. */
  autoPlay?: boolean
  clock?: Clock
  /** What phones do that are not told what to do. Default: they cannot be reached. */
  others?: PhoneScript
}

/**
 * The smallest exchange that keeps the telephony port's promises: everything happens in memory, nothing
 * takes time, and the test says when a prompt ends.
 */
export function openScriptedExchange(options: ScriptedExchangeOptions = {}) {
  const legs = new Map<string, ScriptedLeg>()
  const talks = new Set<string>()
  const recordings = new Set<string>()
  const phones = new Map<string, PhoneScript>()
  const trunks = new Map<string, { state: TrunkState['state']; way?: PhoneScript }>()
  const dialling = new Map<string, (outcome: DialOutcome) => void>()
  const released: string[] = []
  let report: (event: TelephonyEvent) => void = () => undefined
  let broken: Error | undefined
  let verbs = 0

  function gone(leg: string): boolean {
    verbs += 1
    if (broken) throw broken
    const found = legs.get(leg)
    return !found || found.ended !== undefined
  }

  function end(leg: string, how: string, because = how) {
    const found = legs.get(leg)
    if (!found || found.ended !== undefined) return
    found.ended = how
    found.playing?.finish()
    delete found.talk
    report({ name: 'leg.ended', leg, because, at: Date.now() })
  }

  const port: Telephony = {
    capabilities: { recordsBothSides: true, tellsToAnswer: (to) => !to.startsWith('+') },

    async survey() {
      if (broken) throw broken
      const alive = [...legs.values()].filter((leg) => leg.ended === undefined)
      return {
        legs: alive.map((leg): Survey['legs'][number] => ({
          leg: leg.leg,
          direction: leg.direction,
          state: leg.isUp ? 'up' : 'ringing',
          to: leg.to,
          at: leg.at,
          ...(leg.from === undefined ? {} : { from: leg.from }),
          ...(leg.talk === undefined ? {} : { talk: leg.talk }),
          ...(leg.call === undefined ? {} : { call: leg.call }),
        })),
        talks: [...talks],
      }
    },

    async answer(leg) {
      if (gone(leg)) return
      const found = legs.get(leg)
      if (found) found.isUp = true
    },

    async play(leg, media: readonly Media[], signal) {
      if (gone(leg)) return
      signal.throwIfAborted()
      const found = legs.get(leg)
      if (!found) return
      const names = media.map((each) => each.file)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      found.playing = { media: names, finish: resolve }
      const seconds = media.reduce((sum, each) => sum + each.seconds, 0)
      if (options.autoPlay && options.clock) options.clock.after(seconds * 1_000, resolve)
      else if (options.autoPlay) setImmediate(resolve)
      try {
        await promise
        found.heard.push(...names)
      } finally {
        signal.removeEventListener('abort', stop)
        delete found.playing
      }
    },

    async startMusic(leg) {
      const found = gone(leg) ? undefined : legs.get(leg)
      if (found) found.hasMusic = true
    },
    async stopMusic(leg) {
      const found = gone(leg) ? undefined : legs.get(leg)
      if (found) found.hasMusic = false
    },

    async dial(order: DialOrder, signal) {
      verbs += 1
      if (broken) throw broken
      if (signal.aborted) return 'cancelled'
      const { leg, to, call } = order
      const ringing = legs.get(leg)
      if (ringing?.isUp) return 'answered'
      const script = trunks.get(order.trunk ?? '')?.way ?? phones.get(to) ?? options.others ?? 'unreachable'
      if (typeof script === 'string' && script !== 'answers' && script !== 'rings') return script
      const made: ScriptedLeg = ringing ?? {
        leg,
        direction: 'out',
        to,
        isUp: false,
        hasMusic: false,
        heard: [],
        at: 0,
        call,
      }
      if (order.trunk !== undefined) made.trunk = order.trunk
      if (order.answersItself) made.answersItself = true
      if (order.callerId.number !== undefined) made.callerId = order.callerId.number
      legs.set(leg, made)
      const { promise, resolve } = Promise.withResolvers<DialOutcome>()
      dialling.set(leg, resolve)
      const stop = () => {
        end(leg, 'cancelled')
        resolve('cancelled')
      }
      signal.addEventListener('abort', stop, { once: true })
      if (script === 'answers' || (script === 'rings' && order.answersItself))
        setImmediate(() => resolve('answered'))
      const forgetHabit =
        typeof script === 'object'
          ? options.clock?.after(script.answersAfter * 1_000, () => resolve('answered'))
          : undefined
      const takeBack = options.clock?.after(order.ringFor * 1_000, () => resolve('no-answer'))
      const outcome = await promise
      forgetHabit?.()
      takeBack?.()
      signal.removeEventListener('abort', stop)
      dialling.delete(leg)
      if (outcome === 'answered') made.isUp = true
      else end(leg, outcome)
      return outcome
    },

    async trunks() {
      return [...trunks].map(([name, { state }]) => ({ name, state }))
    },

    async join(talk, joined, signal) {
      signal.throwIfAborted()
      verbs += 1
      if (broken) throw broken
      talks.add(talk)
      for (const leg of joined) {
        const found = legs.get(leg)
        if (!found || found.ended !== undefined) continue
        found.playing?.finish()
        delete found.listensTo
        Object.assign(found, { talk, hasMusic: false })
      }
    },
    async hold(leg) {
      const found = gone(leg) ? undefined : legs.get(leg)
      if (!found) return
      delete found.talk
      delete found.listensTo
      found.hasMusic = true
    },
    async snoop(leg, other, way) {
      const found = gone(leg) ? undefined : legs.get(leg)
      if (!found || gone(other)) return
      delete found.talk
      found.hasMusic = false
      found.listensTo = { leg: other, way }
    },
    async part(talk) {
      talks.delete(talk)
      for (const leg of legs.values()) if (leg.talk === talk) delete leg.talk
    },

    async record(recording) {
      recordings.add(recording)
    },
    async stopRecording(recording) {
      if (recordings.delete(recording)) report({ name: 'recording.finished', recording })
    },
    async takeRecording() {
      return { seconds: 1 }
    },

    async hangUp(leg, reason) {
      if (!gone(leg)) end(leg, reason, 'hung up by us')
    },
    async release(leg) {
      if (gone(leg)) return
      released.push(leg)
      legs.delete(leg)
    },
  }

  return {
    port,
    legs,
    talks,
    recordings,
    phones,
    /** What each outside line is, and what comes of every call by it, if not what the phone does. */
    trunks,
    released,
    listen(listener: (event: TelephonyEvent) => void) {
      report = listener
    },
    connect: () => report({ name: 'connection.changed', state: 'connected' }),
    /** Every verb fails until repaired. */
    breakDown(reason: Error) {
      broken = reason
    },
    repair() {
      broken = undefined
    },
    verbs: () => verbs,

    ring({
      extension,
      ...call
    }: {
      from?: string
      to: string
      at?: number
      extension?: string
    }): ScriptedLeg {
      const leg = randomUUID()
      const made: ScriptedLeg = {
        leg,
        direction: 'in',
        isUp: false,
        hasMusic: false,
        heard: [],
        at: 0,
        ...call,
      }
      legs.set(leg, made)
      report({
        name: 'leg.offered',
        leg,
        at: call.at ?? 0,
        to: call.to,
        ...(call.from ? { from: call.from } : {}),
        ...(extension ? { extension } : {}),
      })
      return made
    },
    /** A phone of the house is used, without us too. */
    phoneIs: (phone: string, state: PhoneState) => report({ name: 'phone.changed', phone, state }),
    press: (leg: ScriptedLeg, key: string) => report({ name: 'key.pressed', leg: leg.leg, key }),
    /** By the transfer key of his phone. */
    transfers: (leg: ScriptedLeg, to: string) => report({ name: 'transfer.asked', leg: leg.leg, to }),
    /** His phone joins two of its calls: whoever it spoke with has its place. */
    joinsCalls(leg: ScriptedLeg, to: string): ScriptedLeg {
      const { talk, ...place } = leg
      const made: ScriptedLeg = { ...place, leg: randomUUID(), to, ...(talk !== undefined && { talk }) }
      legs.set(made.leg, made)
      delete leg.talk
      report({ name: 'leg.replaced', leg: leg.leg, by: made.leg, to })
      return made
    },
    hangUp: (leg: ScriptedLeg) => end(leg.leg, 'hung up'),
    /** A phone did not answer while nobody listened: it was kept for us. */
    tellEnd: ({ leg }: ScriptedLeg, outcome: DialOutcome) =>
      report({ name: 'leg.ended', leg, because: outcome, at: 0, outcome }),
    /** The ringing phone takes the call. */
    pickUp(to: string) {
      const ringing = [...legs.values()].find(
        (leg) => leg.to === to && leg.direction === 'out' && !leg.isUp && !leg.ended,
      )
      if (ringing) dialling.get(ringing.leg)?.('answered')
      return ringing
    },
    /** The ringing phone does not take it. */
    refuse(to: string, outcome: Exclude<DialOutcome, 'answered'>) {
      for (const { leg } of legs.values()) if (legs.get(leg)?.to === to) dialling.get(leg)?.(outcome)
    },
    alive: () => [...legs.values()].filter((leg) => leg.ended === undefined),
  }
}
export type ScriptedExchange = ReturnType<typeof openScriptedExchange>
