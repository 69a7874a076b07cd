import type { CallBus } from '../call-bus/call-bus.ts'
import type { Caller } from './caller.ts'
import type { LiveCall } from './live-call.ts'

/** What a conversation writes down of the caller. */
export function openNotes(call: LiveCall, bus: CallBus): Pick<Caller, 'chose' | 'served'> {
  return {
    chose(what) {
      Object.assign(call.chosen, what)
      bus.publish('call.chosen', { call: call.id, what })
    },

    served(because) {
      call.result = 'self_served'
      bus.publish('call.served', { call: call.id, because })
    },
  }
}
