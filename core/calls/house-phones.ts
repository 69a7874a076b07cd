/** What the phones of the house are doing, as the exchange says: also what they do without us. */
import type { Logger } from 'pino'
import type { CallBus } from '../call-bus/call-bus.ts'
import { reasonOf } from '../errors.ts'
import type { PhoneEvent, PhoneState, TelephonyEvent } from '../ports/telephony.ts'

export interface HousePhones {
  /** `undefined` while the exchange has not said. */
  stateOf(phone: string): PhoneState | undefined
  /** Called on each change; the returned function takes it back. */
  onChanged(listener: (phone: string, state: PhoneState) => void): () => void
}

export function openHousePhones({ bus, log }: { bus: Pick<CallBus, 'publish'>; log: Logger }): HousePhones & {
  hear(event: PhoneEvent): void
} {
  const states = new Map<string, PhoneState>()
  const trunks = new Map<string, 'connected' | 'lost'>()
  const listeners = new Set<(phone: string, state: PhoneState) => void>()

  function changed(phone: string, state: PhoneState) {
    if (states.get(phone) === state) return
    states.set(phone, state)
    for (const listener of listeners) {
      try {
        listener(phone, state)
      } catch (thrown) {
        log.error(
          { phone, reason: reasonOf(thrown), err: thrown },
          'A listener to phones failed; the others heard it',
        )
      }
    }
  }

  return {
    stateOf: (phone) => states.get(phone),

    onChanged(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    hear(event) {
      if (event.name === 'phone.changed') return changed(event.phone, event.state)
      const { trunk, state } = event
      const before = trunks.get(trunk)
      trunks.set(trunk, state)
      // A trunk that was never away is no news.
      if (before === state || (before === undefined && state === 'connected')) return
      bus.publish('connection.changed', { neighbour: `trunk ${trunk}`, state })
    },
  }
}

export function isPhoneEvent(event: TelephonyEvent): event is PhoneEvent {
  return event.name === 'phone.changed' || event.name === 'trunk.changed'
}
