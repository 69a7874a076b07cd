/** An operator whose phone is away or used without us is shown so and not offered anybody until it is free. */
import type { HousePhones } from '#core/calls/house-phones.ts'
import type { Clock } from '#core/clock.ts'
import type { PhoneState } from '#core/ports/telephony.ts'
import type { Desk } from './desk.ts'
import type { OperatorState } from './operator-state.ts'
import type { Roster } from './roster.ts'

const phoneReasons: Record<Exclude<PhoneState, 'free'>, string> = {
  busy: 'in another call',
  away: 'the phone is away',
}
/** The exchange and we say that a talk is over at nearly the same moment; this is no other call. */
const settledAfter = 1_000

export function keepPresence(parts: {
  housePhones: HousePhones
  clock: Clock
  cleanup: AsyncDisposableStack
  desk: Pick<Desk, 'tell'>
  roster: Roster
  stateOf(operator: string): OperatorState | undefined
}): { look(operator: string): void } {
  const { housePhones, clock, cleanup, desk, roster, stateOf } = parts
  const pending = new Map<string, () => void>()
  const reasons = Object.values(phoneReasons)

  function agree(operator: string) {
    const extension = roster.extensionOf(operator)
    const phone = extension === undefined ? undefined : housePhones.stateOf(extension)
    const state = stateOf(operator)
    if (phone === undefined || !state) return
    if (state.is === 'not_ready' && reasons.includes(state.reason)) {
      if (phone === 'free') desk.tell({ name: 'operator-moved', operator, move: { name: 'ready' } })
      else if (state.reason !== phoneReasons[phone]) pause(operator, phone)
    } else if (state.is === 'ready' && phone !== 'free') pause(operator, phone)
  }

  function pause(operator: string, phone: Exclude<PhoneState, 'free'>) {
    const move = { name: 'paused', reason: phoneReasons[phone] } as const
    desk.tell({ name: 'operator-moved', operator, move })
  }

  function look(operator: string) {
    if (housePhones.stateOf(roster.extensionOf(operator) ?? '') === undefined) return
    pending.get(operator)?.()
    pending.set(
      operator,
      clock.after(settledAfter, () => {
        pending.delete(operator)
        agree(operator)
      }),
    )
  }

  cleanup.defer(
    housePhones.onChanged((phone) => {
      const operator = roster.operatorAt(phone)
      if (operator !== undefined) look(operator)
    }),
  )
  cleanup.defer(() => {
    for (const takeBack of pending.values()) takeBack()
  })
  return { look }
}
