/** Remembers what was asked lately, so that a request sent twice is done once. */
import type { Clock } from '#core/clock.ts'

const mostRemembered = 10_000

export function openRepeats(clock: Pick<Clock, 'now'>, seconds: number) {
  /** The oldest first, by when they were first asked. */
  const first = new Map<string, number>()

  function forgetOld(now: number) {
    for (const [request, at] of first) {
      if (now - at < seconds * 1000 && first.size <= mostRemembered) return
      first.delete(request)
    }
  }

  return {
    /** Whether the same was done within the window. */
    isRepeat(request: string): boolean {
      forgetOld(clock.now())
      return first.has(request)
    },

    wasDone(request: string) {
      first.set(request, clock.now())
    },
  }
}
