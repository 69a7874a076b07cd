/** An operator whose phone something else of the house rings is offered nobody meanwhile. */
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { CallId, LegId } from '#core/schema.ts'
import type { QueueEvent } from './engine-words.ts'
import { hasSecondLineFree, type OperatorState } from './operator-state.ts'
import type { Roster } from './roster.ts'

const reason = 'rung directly'

export function watchDirectRings(parts: {
  bus: CallBus
  roster: Pick<Roster, 'operatorAt'>
  stateOf(operator: string): OperatorState | undefined
  tell(event: QueueEvent): void
}): { endedFor(call: CallId): void } {
  const { bus, roster, stateOf, tell } = parts
  const rung = new Map<LegId, { operator: string; call: CallId }>()

  bus.on('call.operator-rung', ({ call, leg, operator: phone, insteadOf }) => {
    if (insteadOf !== undefined) return goesOnAs(leg, insteadOf)
    const operator = roster.operatorAt(phone)
    if (operator === undefined || !mayBeAsked(stateOf(operator))) return
    rung.set(leg, { operator, call })
    tell({ name: 'operator-moved', operator, move: { name: 'paused', reason } })
  })
  bus.on('call.operator-missed', ({ leg }) => over(leg))
  bus.on('call.talking', ({ leg }) => over(leg))
  bus.on('call.joined', ({ leg }) => over(leg))
  bus.on('call.ended', ({ call }) => endedFor(call))

  function endedFor(call: CallId) {
    for (const [leg, each] of rung) if (each.call === call) over(leg)
  }

  function goesOnAs(leg: LegId, before: LegId) {
    const ring = rung.get(before)
    if (rung.delete(before) && ring) rung.set(leg, ring)
  }

  function over(leg: LegId) {
    const operator = rung.get(leg)?.operator
    rung.delete(leg)
    // A pause that he has asked for meanwhile is his own.
    if (operator !== undefined && isOurs(stateOf(operator)))
      tell({ name: 'operator-moved', operator, move: { name: 'ready' } })
  }

  return { endedFor }
}

/** An offer of the queue is no ring of somebody else. */
function mayBeAsked(state: OperatorState | undefined): boolean {
  return state?.is === 'ready' || (state?.is === 'talking' && hasSecondLineFree(state))
}

function isOurs(state: OperatorState | undefined): boolean {
  const pause = state?.is === 'talking' ? state.next : state
  return pause?.is === 'not_ready' && pause.reason === reason
}
