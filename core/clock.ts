import { setTimeout as pause } from 'node:timers/promises'

/** Time as the house sees it; tests put in a clock that they move themselves (`test/support/test-clock.ts`). */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Resolves after so many milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after so many milliseconds; the returned function takes it back. */
  after(milliseconds: number, callback: () => void): () => void
}

export const realClock: Clock = {
  now: () => Date.now(),

  async sleep(milliseconds, signal) {
    try {
      await pause(milliseconds, undefined, signal ? { signal } : undefined)
    } catch (thrown) {
      throw signal?.aborted ? signal.reason : thrown
    }
  },

  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}
