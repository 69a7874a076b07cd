import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import { CallEnded } from '../errors.ts'
import type { DialOutcome, Telephony } from '../ports/telephony.ts'
import type { LegId, Moment } from '../schema.ts'
import type { Partner } from './caller.ts'
import type { LiveCall } from './live-call.ts'

/** A phone that an earlier life of ours rang for a call. */
export interface RungBefore {
  leg: LegId
  address: string
  /** It ended while nobody listened, or just before. */
  ended?: Missed
}

type Missed = Exclude<DialOutcome, 'answered'>

interface Wanted {
  /** Seconds. */
  ringFor: number
  /** What the phone shows. */
  number: string | undefined
}

/** Rings phones for somebody on the line. */
export interface Ringer {
  /**
   * Whoever answers there, or why nobody did. A phone that rings for this call since before our restart is not
   * rung again.
   */
  ring(call: LiveCall, address: string, wanted: Wanted, stop: AbortSignal): Promise<Came>
  /**
   * It rings on, has been answered, or is over, until the conversation that began anew asks for it; not for ever.
   */
  ringOn(call: LiveCall, rung: RungBefore): void
  /**
   * Has the phone that rings for this call answer by itself; false when none rings there. It is let go and rung
   * once more, told to answer: one that does not obey rings on until it is lifted or its time is over.
   */
  answer(call: LiveCall, address: string, by: string): boolean
}

type Came = Partner | Missed

interface Ringing {
  wanted: Wanted
  until: Moment
  outcome: Promise<Came>
  /** Lets it go to be rung again, told to answer by itself. */
  answer(by: string): void
}

/** One attempt to reach the phone, on a leg of its own. */
interface Attempt extends RungBefore {
  again?: true
  /** The leg that rang there until now. */
  insteadOf?: LegId
  /** Who has it answer by itself. */
  by?: string | undefined
}

interface Kept {
  ringing: Ringing
  stop: AbortController
  answered?: Partner
  relax(): void
}

/** How long nobody may ask for a phone that rings on, in milliseconds: a sentence or a short menu. */
const askedForWithin = 10_000
/** Seconds; the exchange still knows how long it was to ring. */
const longestRinging = 120
/** Seconds a phone that was told to answer has at least, however late that was. */
const timeToAnswer = 3
/** A phone that says so may have taken amiss that it is told to answer. */
const worthAnotherTry: ReadonlySet<DialOutcome> = new Set(['busy', 'unreachable', 'failed'])

export function openRinger(parts: {
  bus: CallBus
  clock: Clock
  telephony: Telephony
  /** Makes the house follow a leg dialled for a call; aborts the controller when the leg ends. */
  follow(leg: LegId, call: LiveCall): AbortController
  /** The dialled leg did not come to be: the exchange will not tell of its end. */
  unfollow(leg: LegId, call: LiveCall): void
  site: string
  /** Heard by who answers before the conversation is there for him. */
  music: string
}): Ringer {
  const { bus, clock, telephony } = parts
  const kept = new Map<string, Kept>()
  const asked = new Map<string, Ringing>()

  function begin(call: LiveCall, first: Attempt, wanted: Wanted, stop: AbortSignal): Ringing {
    const telling = new AbortController()
    const ringing: Omit<Ringing, 'outcome'> & { by?: string } = {
      wanted,
      until: clock.now() + wanted.ringFor * 1_000,
      answer(by) {
        ringing.by ??= by
        telling.abort(new Error(`${by} has it answer by itself`))
      },
    }

    async function untilItIsKnown(): Promise<Came> {
      const plainly = await attempt(call, first, ringing, AbortSignal.any([stop, telling.signal]))
      if (plainly !== 'cancelled' || !isStillWanted(first)) return over(first, plainly)
      const told = { ...nextTo(first), by: ringing.by }
      const came = await attempt(call, told, ringing, stop)
      if (!worthAnotherTry.has(came as DialOutcome) || !isStillWanted(told)) return over(told, came)
      const last = nextTo(told)
      return over(last, await attempt(call, last, ringing, stop))
    }

    const isStillWanted = ({ leg }: Attempt) =>
      telling.signal.aborted && !stop.aborted && !call.signal.aborted && call.rung.delete(leg)

    function nextTo({ leg, address }: Attempt): Attempt {
      return { leg: call.nextLeg(parts.site), address, insteadOf: leg }
    }

    function over({ leg }: Attempt, came: Came): Came {
      if (typeof came === 'string') tellMissed(call, leg, bus, came)
      return came
    }

    return Object.assign(ringing, { outcome: untilItIsKnown() })
  }

  async function attempt(
    call: LiveCall,
    { address, by, ...about }: Attempt,
    { wanted, until }: Pick<Ringing, 'wanted' | 'until'>,
    stop: AbortSignal,
  ): Promise<Came> {
    const { leg, insteadOf } = about
    const { number } = wanted
    const following = parts.follow(leg, call)
    bus.publish('call.operator-rung', {
      call: call.id,
      operator: address,
      ...about,
      ...(by !== undefined && { by }),
    })
    call.rung.set(leg, address)
    const secondsLeft = Math.max(timeToAnswer, (until - clock.now()) / 1_000)
    try {
      const outcome = await telephony.dial(
        {
          leg,
          call: call.id,
          to: address,
          callerId: number === undefined ? {} : { number },
          ringFor: insteadOf === undefined ? wanted.ringFor : secondsLeft,
          onBehalfOf: call.leg,
          ...(by !== undefined && { answersItself: true }),
        },
        stop,
      )
      if (outcome === 'answered') {
        call.rung.delete(leg)
        return { leg, address, signal: following.signal }
      }
      notFollowed(new CallEnded(`the phone did not answer: ${outcome}`))
      return outcome
    } catch (thrown) {
      notFollowed(thrown)
      tellMissed(call, leg, bus, 'failed')
      throw thrown
    }

    function notFollowed(reason: unknown) {
      following.abort(reason)
      parts.unfollow(leg, call)
    }
  }

  /** The phone that rings on for this call, its ringing from now on stopped by whoever asks. */
  function takeKept(call: LiveCall, address: string, stop: AbortSignal): Ringing | undefined {
    const found = kept.get(keyOf(call, address))
    if (!found) return undefined
    found.relax()
    if (found.answered) call.rung.delete(found.answered.leg)
    const end = () => found.stop.abort(stop.reason)
    stop.addEventListener('abort', end, { once: true })
    if (stop.aborted) end()
    return found.ringing
  }

  /** Whoever asks for this phone at once is told what came of it, instead of ringing it a second time. */
  function remember(call: LiveCall, { leg, address }: RungBefore, ended: Missed) {
    const key = keyOf(call, address)
    call.rung.set(leg, address)
    tellMissed(call, leg, bus, ended)
    const relax = () => {
      takeBack()
      kept.delete(key)
      call.signal.removeEventListener('abort', relax)
    }
    const takeBack = clock.after(askedForWithin, relax)
    call.signal.addEventListener('abort', relax, { once: true })
    const ringing: Ringing = {
      wanted: { ringFor: 0, number: undefined },
      until: clock.now(),
      outcome: Promise.resolve(ended),
      answer() {},
    }
    kept.set(key, { ringing, stop: new AbortController(), relax })
  }

  return {
    async ring(call, address, wanted, stop) {
      const key = keyOf(call, address)
      const ringing =
        takeKept(call, address, stop) ?? begin(call, { leg: call.nextLeg(parts.site), address }, wanted, stop)
      Object.assign(ringing, { wanted, until: clock.now() + wanted.ringFor * 1_000 })
      asked.set(key, ringing)
      try {
        return await ringing.outcome
      } finally {
        if (asked.get(key) === ringing) asked.delete(key)
      }
    },

    answer(call, address, by) {
      const ringing = asked.get(keyOf(call, address))
      if (!ringing || !telephony.capabilities.tellsToAnswer(address)) return false
      ringing.answer(by)
      return true
    },

    ringOn(call, { ended, ...rung }) {
      if (ended !== undefined) return remember(call, rung, ended)
      const key = keyOf(call, rung.address)
      const stop = new AbortController()
      const wanted = { ringFor: longestRinging, number: undefined }
      const ringing = begin(call, { ...rung, again: true }, wanted, stop.signal)
      const hasLeft = () => {
        relax()
        tellMissed(call, rung.leg, bus, 'cancelled')
      }
      const letGo = () => {
        hasLeft()
        stop.abort(new Error('the conversation did not ask for this phone again'))
        void telephony.hangUp(rung.leg, 'normal').catch(() => undefined)
      }
      const takeBack = clock.after(askedForWithin, letGo)
      const relax = () => {
        takeBack()
        kept.delete(key)
        call.signal.removeEventListener('abort', letGo)
        before.answered?.signal.removeEventListener('abort', hasLeft)
      }
      call.signal.addEventListener('abort', letGo, { once: true })
      const before: Kept = { ringing, stop, relax }
      kept.set(key, before)
      ringing.outcome
        .then(async (came) => {
          if (typeof came === 'string' || kept.get(key) !== before) return
          before.answered = came
          // Until he is asked for he has not taken the call.
          call.rung.set(rung.leg, rung.address)
          came.signal.addEventListener('abort', hasLeft, { once: true })
          await telephony.startMusic(rung.leg, parts.music)
        })
        .catch(() => undefined)
    },
  }
}

function keyOf(call: LiveCall, address: string): string {
  return `${call.id} ${address}`
}

/** Tells that a rung phone did not take the call; does nothing when that is told already. */
export function tellMissed(call: LiveCall, leg: LegId, bus: CallBus, outcome: DialOutcome) {
  const operator = call.rung.get(leg)
  if (operator === undefined || !call.rung.delete(leg)) return
  bus.publish('call.operator-missed', { call: call.id, leg, operator, outcome })
}
