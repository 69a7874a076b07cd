/** Misbehaviour on demand. */
import type { Clock } from '#core/clock.ts'

export interface Fault {
  /** Milliseconds before the answer; `Infinity` never answers. */
  delay?: number
  /** Works at once and answers when this is settled. */
  answerLater?: Promise<void>
  status?: number
  /** Sent in place of the answer. */
  nonsense?: string | Buffer
  /** Drops the connection without a word. */
  reset?: boolean
  /** Does the work and drops the connection in place of the answer. */
  lostAnswer?: boolean
  /** Answers this code in place of the work. */
  code?: number
  /** Does the work and keeps the answer to itself. */
  mute?: boolean
  /** Only requests of this method. */
  only?: string
  /** Ends by itself after so many requests. */
  times?: number
}

export function openFaults(clock: Clock) {
  let active: Fault[] = []

  return {
    add(fault: Fault): () => void {
      const mine = { ...fault }
      active.push(mine)
      return () => {
        active = active.filter((each) => each !== mine)
      }
    },

    clear() {
      active = []
    },

    /** The fault that meets this request, if any. */
    next(method: string): Fault | undefined {
      const fault = active.find(({ only = method }) => only === method)
      if (fault?.times !== undefined) {
        fault.times -= 1
        if (fault.times <= 0) active = active.filter((each) => each !== fault)
      }
      return fault
    },

    /** Whether there will be an answer at all. */
    async delayed(fault: Fault | undefined): Promise<boolean> {
      if (fault?.delay === Number.POSITIVE_INFINITY) return false
      if (fault?.delay) await clock.sleep(fault.delay)
      return true
    },
  }
}
