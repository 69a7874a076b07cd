import type { Logger } from 'pino'
import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import { reasonOf } from '../errors.ts'
import type { DialOutcome, Telephony } from '../ports/telephony.ts'
import type { CallId } from '../schema.ts'
import { toOutcome, toRow } from './call-row.ts'
import type { OutgoingCall } from './calls.ts'
import type { LiveCall } from './live-call.ts'
import type { TurnsToRing, TurnToRing } from './turns-to-ring.ts'

export interface Outgoing {
  ring(call: OutgoingCall, signal: AbortSignal, turn?: TurnToRing): Promise<DialOutcome>
  outcomeOf(id: CallId, signal?: AbortSignal): Promise<DialOutcome | undefined>
  /** Rings on, or hears who answered meanwhile, after a restart. */
  ringOn(call: LiveCall): void
  /** Cancels the rings under way. */
  stop(): Promise<void>
}

/** Calls that we make: each is in the journal before the exchange hears of it. */
export function openOutgoing(parts: {
  bus: CallBus
  clock: Clock
  journal: Journal
  log: Logger
  telephony: Telephony
  turns: TurnsToRing
  numberOf(call: LiveCall): string | undefined
  begin(call: OutgoingCall): LiveCall
  /** Somebody answered: he is received. */
  answered(call: LiveCall): void
  ended(call: LiveCall, outcome: DialOutcome): void
  /** Settles once the calls that outlived us were taken over. */
  takenOver(): Promise<void>
}): Outgoing {
  const { bus, clock, journal, log, telephony, turns } = parts
  const asked = new Map<CallId, Promise<DialOutcome>>()
  const ringing = new Map<CallId, Promise<DialOutcome>>()
  const leaving = new AbortController()
  /** What ends a ringing, also one that an earlier life of ours began. */
  const stops = new Map<CallId, AbortController>()

  function stopOf(id: CallId): AbortController {
    const stop = stops.get(id) ?? new AbortController()
    stops.set(id, stop)
    return stop
  }

  /** The signal ends the ringing for as long as this is waited for. */
  async function stoppable<Value>(id: CallId, signal: AbortSignal, work: () => Promise<Value>) {
    const stop = () => stopOf(id).abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      return await work()
    } finally {
      signal.removeEventListener('abort', stop)
      if (!ringing.has(id)) stops.delete(id)
    }
  }

  async function outcomeOf(id: CallId): Promise<DialOutcome | undefined> {
    const underWay = ringing.get(id)
    if (underWay) return await underWay
    const row = await journal.findCall(id)
    if (!row || row.ended_at !== null || row.answered_at !== null) return row && toOutcome(row)
    await parts.takenOver()
    return await outcomeOf(id)
  }

  async function place(order: OutgoingCall, turn: TurnToRing): Promise<DialOutcome> {
    const call = parts.begin(order)
    turn[Symbol.dispose]()
    try {
      journal.keepCall(toRow(call))
      await journal.flush()
    } catch (thrown) {
      parts.ended(call, 'failed')
      throw thrown
    }
    tell(call)
    return await dial(call)
  }

  function tell(call: LiveCall) {
    const { errand, from } = call
    if (!errand || from === undefined) return
    bus.publish('call.placed', {
      call: call.id,
      leg: call.leg,
      to: from,
      line: call.line.name,
      place: errand.place,
      about: errand.about,
      because: errand.because,
      ...(call.again ? { again: true } : {}),
    })
  }

  async function dial(call: LiveCall): Promise<DialOutcome> {
    const number = parts.numberOf(call)
    const outcome = await telephony
      .dial(
        {
          leg: call.leg,
          call: call.id,
          to: call.from ?? '',
          callerId: number === undefined ? {} : { number },
          ringFor: call.errand?.ringFor ?? 0,
          ...(call.errand?.trunk !== undefined && { trunk: call.errand.trunk }),
        },
        AbortSignal.any([stopOf(call.id).signal, leaving.signal]),
      )
      .catch((thrown: unknown): DialOutcome => {
        log.error({ call: call.id, reason: reasonOf(thrown), err: thrown }, 'A phone could not be rung')
        return 'failed'
      })
    if (outcome !== 'answered') {
      parts.ended(call, outcome)
      // Stopped before it was found to ring on, it would ring on.
      if (outcome === 'cancelled') await telephony.hangUp(call.leg, 'normal').catch(() => undefined)
      return outcome
    }
    call.isAnswered = true
    call.answeredAt = clock.now()
    if (call.result === 'not_reached') call.result = 'reached'
    bus.publish('call.answered', { call: call.id })
    parts.answered(call)
    return outcome
  }

  async function ringUnlessRung(
    order: OutgoingCall,
    signal: AbortSignal,
    given?: TurnToRing,
  ): Promise<DialOutcome> {
    const known = await outcomeOf(order.id)
    if (known) return known
    using turn = given ?? (await turns.take(signal, order.isUrgent ?? false))
    return await followed(ringing, order.id, place(order, turn))
  }

  function followed(book: typeof ringing, id: CallId, work: Promise<DialOutcome>): Promise<DialOutcome> {
    book.set(id, work)
    const forget = () => {
      book.delete(id)
      if (book === ringing && !asked.has(id)) stops.delete(id)
    }
    work.then(forget, forget)
    return work
  }

  return {
    async ring(order, signal, turn) {
      signal.throwIfAborted()
      return await (asked.get(order.id) ??
        followed(
          asked,
          order.id,
          stoppable(order.id, signal, () => ringUnlessRung(order, signal, turn)),
        ))
    },
    outcomeOf: (id, signal) => (signal ? stoppable(id, signal, () => outcomeOf(id)) : outcomeOf(id)),
    ringOn(call) {
      tell(call)
      void followed(ringing, call.id, dial(call))
    },
    async stop() {
      turns.close()
      leaving.abort(new Error('the house closes'))
      await Promise.allSettled(ringing.values())
    },
  }
}
