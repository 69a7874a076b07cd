import type { CallRow } from '../database/tables.ts'
import { type DialOutcome, dialOutcomes } from '../ports/telephony.ts'
import type { Moment } from '../schema.ts'
import type { Errand } from './call.ts'
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
    errand: call.errand ? JSON.stringify(call.errand) : null,
    chosen: Object.keys(call.chosen).length > 0 ? JSON.stringify(call.chosen) : null,
    held_since: call.heldSince ?? null,
  }
}

export function toErrand({ errand }: CallRow): Errand | undefined {
  return errand === null ? undefined : (JSON.parse(errand) as Errand)
}

export function toChosen({ chosen }: CallRow): Record<string, string> {
  return chosen === null ? {} : (JSON.parse(chosen) as Record<string, string>)
}

/** What came of ringing somebody, of a call that has ended. */
export function toOutcome(row: CallRow): DialOutcome {
  if (row.answered_at !== null) return 'answered'
  return dialOutcomes.find((outcome) => outcome === row.because) ?? 'failed'
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
