import type { CallRow } from '../database/tables.ts'
import type { Moment } from '../schema.ts'
import type { LiveCall } from './live-call.ts'

/** What is kept of a call, enough to find and take it over after a restart. */
export function toRow(call: LiveCall): CallRow {
  const { state } = call
  return {
    id: call.id,
    leg: call.leg,
    from_phone: call.from ?? null,
    to_number: call.to,
    line: call.line.name,
    language: call.language,
    at: call.at,
    answered_at: call.answeredAt ?? null,
    talking_at: call.talkingAt ?? null,
    ended_at: null,
    state: state.is,
    state_since: sinceOf(call),
    phase_with: withOf(call),
    talk: state.is === 'talking' ? state.talk : null,
    partner_leg: call.partner?.leg ?? null,
    priority: call.priority,
    result: call.result === 'lost' ? null : call.result,
    because: null,
  }
}

function withOf({ state, partner }: LiveCall): string | null {
  if (state.is === 'conversing') return state.with
  if (state.is === 'waiting') return state.place
  if (state.is === 'talking') return state.with
  return partner?.address ?? null
}

function sinceOf({ state, at }: LiveCall): Moment {
  return state.is === 'waiting' || state.is === 'talking' ? state.since : at
}
