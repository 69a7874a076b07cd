import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import { CallEnded } from '../errors.ts'
import type { DialOutcome, Telephony } from '../ports/telephony.ts'
import type { LegId } from '../schema.ts'
import type { Partner } from './caller.ts'
import type { LiveCall } from './live-call.ts'

/** A phone that an earlier life of ours rang for a call. */
export interface RungBefore {
  leg: LegId
  address: string
}

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
  ring(
    call: LiveCall,
    address: string,
    wanted: Wanted,
    stop: AbortSignal,
  ): Promise<Partner | Exclude<DialOutcome, 'answered'>>
  /** It rings on, or has been answered, until the conversation that began anew asks for it; not for ever. */
  ringOn(call: LiveCall, rung: RungBefore): void
}

interface Ringing extends RungBefore {
  following: AbortController
  outcome: Promise<DialOutcome>
}

interface Kept {
  ringing: Ringing
  stop: AbortController
  isAnswered: boolean
  relax(): void
}

/** How long nobody may ask for a phone that rings on, in milliseconds: a sentence or a short menu. */
const askedForWithin = 10_000
/** Seconds; the exchange still knows how long it was to ring. */
const longestRinging = 120

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

  function begin(
    call: LiveCall,
    { leg, address, again }: RungBefore & { again?: true },
    { ringFor, number }: Wanted,
    stop: AbortSignal,
  ): Ringing {
    const following = parts.follow(leg, call)
    bus.publish('call.operator-rung', {
      call: call.id,
      leg,
      operator: address,
      ...(again && { again }),
    })
    call.rung.set(leg, address)
    const dialled = telephony.dial(
      {
        leg,
        call: call.id,
        to: address,
        callerId: number === undefined ? {} : { number },
        ringFor,
        onBehalfOf: call.leg,
      },
      stop,
    )
    return { leg, address, following, outcome: concluded(call, leg, following, dialled) }
  }

  async function concluded(
    call: LiveCall,
    leg: LegId,
    following: AbortController,
    dialled: Promise<DialOutcome>,
  ): Promise<DialOutcome> {
    const miss = (outcome: DialOutcome, reason: unknown) => {
      following.abort(reason)
      parts.unfollow(leg, call)
      tellMissed(call, leg, bus, outcome)
    }
    const outcome = await dialled.catch((thrown: unknown) => {
      miss('failed', thrown)
      throw thrown
    })
    if (outcome === 'answered') call.rung.delete(leg)
    else miss(outcome, new CallEnded(`the phone did not answer: ${outcome}`))
    return outcome
  }

  /** The phone that rings on for this call, its ringing from now on stopped by whoever asks. */
  function takeKept(call: LiveCall, address: string, stop: AbortSignal): Ringing | undefined {
    const found = kept.get(keyOf(call, address))
    if (!found) return undefined
    found.relax()
    const { ringing } = found
    if (found.isAnswered) call.rung.delete(ringing.leg)
    const end = () => found.stop.abort(stop.reason)
    stop.addEventListener('abort', end, { once: true })
    if (stop.aborted) end()
    return ringing
  }

  return {
    async ring(call, address, wanted, stop) {
      const { leg, following, outcome } =
        takeKept(call, address, stop) ?? begin(call, { leg: call.nextLeg(parts.site), address }, wanted, stop)
      const came = await outcome
      return came === 'answered' ? { leg, address, signal: following.signal } : came
    },

    ringOn(call, rung) {
      const key = keyOf(call, rung.address)
      const stop = new AbortController()
      const wanted = { ringFor: longestRinging, number: undefined }
      const ringing = begin(call, { ...rung, again: true }, wanted, stop.signal)
      const letGo = () => {
        relax()
        stop.abort(new Error('the conversation did not ask for this phone again'))
        tellMissed(call, rung.leg, bus, 'cancelled')
        void telephony.hangUp(rung.leg, 'normal').catch(() => undefined)
      }
      const hasLeft = () => {
        relax()
        tellMissed(call, rung.leg, bus, 'cancelled')
      }
      const takeBack = clock.after(askedForWithin, letGo)
      const relax = () => {
        takeBack()
        kept.delete(key)
        call.signal.removeEventListener('abort', letGo)
        ringing.following.signal.removeEventListener('abort', hasLeft)
      }
      call.signal.addEventListener('abort', letGo, { once: true })
      const before: Kept = { ringing, stop, isAnswered: false, relax }
      kept.set(key, before)
      ringing.outcome
        .then(async (outcome) => {
          if (outcome !== 'answered' || kept.get(key) !== before) return
          before.isAnswered = true
          // Until he is asked for he has not taken the call.
          call.rung.set(rung.leg, rung.address)
          ringing.following.signal.addEventListener('abort', hasLeft, { once: true })
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
