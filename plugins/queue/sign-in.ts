/** How somebody comes to his place, whichever way he says so. */
import { CallbusError } from '#core/errors.ts'
import type { Desk } from './desk.ts'
import type { OperatorState } from './operator-state.ts'
import type { Roster } from './roster.ts'

export type WayIn = (operator: string, extension: string | undefined) => void

/** Rejects with `CONFLICT` or `REQUEST_INVALID` when he cannot sit there. */
export function openSignIn(parts: {
  desk: Pick<Desk, 'tell'>
  roster: Roster
  stateOf(operator: string): OperatorState | undefined
}): WayIn {
  const { desk, roster, stateOf } = parts
  return (operator, extension) => {
    const state = stateOf(operator)?.is
    if (extension !== undefined && (state === 'ringing' || state === 'talking'))
      throw new CallbusError('REQUEST_INVALID', { mistakes: `${operator} is ${state} at another phone` })
    roster.seat(operator, extension)
    desk.tell({ name: 'operator-moved', operator, move: { name: 'signed-in' } })
  }
}
