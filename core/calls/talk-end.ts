import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { Telephony } from '../ports/telephony.ts'
import type { LegId } from '../schema.ts'
import type { LiveCall } from './live-call.ts'

export type TalkEnding = { is: 'left' | 'too-long' } | { is: 'sent'; place: string; because: string }

export function becauseOf(how: TalkEnding, call: LiveCall): string {
  if (how.is === 'sent') return how.because
  if (how.is === 'too-long') return 'it has lasted as long as it may'
  return call.signal.aborted ? 'the caller left' : 'the partner left'
}

export async function endLegAndTalk(call: LiveCall, leg: LegId, talk: string, telephony: Telephony) {
  call.partners.delete(leg)
  await Promise.allSettled([telephony.hangUp(leg, 'normal'), telephony.part(talk)])
}

/** Tells the end of the present talk, and of the hold in it; does nothing when there is none. */
export function endTalk(call: LiveCall, bus: CallBus, clock: Clock, because: string) {
  const { state } = call
  if (state.is !== 'talking') return
  tellUnheld(call, bus, clock)
  if (!call.move({ name: 'call.talk-ended' })) return
  bus.publish('call.talk-ended', { call: call.id, talk: state.talk, with: state.with, because })
}

export function tellHeld(
  call: LiveCall,
  bus: CallBus,
  clock: Clock,
  about: { talk: string; with: string; by: string },
) {
  const { heldSince: since } = call
  call.heldSince ??= clock.now()
  bus.publish('call.held', { call: call.id, ...about, ...(since !== undefined && { since }) })
}

export function tellUnheld(call: LiveCall, bus: CallBus, clock: Clock) {
  const { state, heldSince } = call
  if (heldSince === undefined || state.is !== 'talking') return
  call.heldSince = undefined
  const seconds = (clock.now() - heldSince) / 1_000
  bus.publish('call.unheld', { call: call.id, talk: state.talk, with: state.with, seconds })
}
