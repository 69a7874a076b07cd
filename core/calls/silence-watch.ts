import type { Clock } from '../clock.ts'
import { CallbusError } from '../errors.ts'
import type { CallId } from '../schema.ts'
import type { Conversation } from './conversation.ts'

/** How often it is looked whether a flow has fallen silent, in milliseconds. */
const lookAround = 500

export interface SilenceWatch {
  /** Looks now and then until `stop`. */
  keepLooking(): void
  stop(): void
}

/** Takes callers away from flows that leave them in silence. */
export function openSilenceWatch(parts: {
  clock: Clock
  /** Milliseconds. */
  deadline: number
  conversations: ReadonlyMap<CallId, Conversation>
}): SilenceWatch {
  const { clock, deadline, conversations } = parts
  let stopLooking: (() => void) | undefined

  function look() {
    const limit = clock.now() - deadline
    for (const conversation of conversations.values()) {
      const since = conversation.silentSince()
      if (since === undefined || since > limit || conversation.signal.aborted) continue
      const { state } = conversation.call
      const plugin = state.is === 'conversing' ? state.with : 'core'
      conversation.revoke(
        new CallbusError('CONVERSATION_FAILED', { plugin, reason: 'it left the caller in silence' }),
      )
    }
  }

  return {
    keepLooking() {
      stopLooking ??= clock.after(lookAround, () => {
        stopLooking = undefined
        look()
        this.keepLooking()
      })
    },
    stop() {
      stopLooking?.()
      stopLooking = undefined
    },
  }
}
