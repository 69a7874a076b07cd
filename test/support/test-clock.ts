import type { Clock } from '#core/clock.ts'

export interface TestClock extends Clock {
  /** Moves time on, waking what is due in order, and lets what was woken run. */
  pass(milliseconds: number): Promise<void>
  /** How many sleeps and timers wait. */
  pending(): number
}

/** Time that stands still until the test moves it. */
export function openTestClock(startAt = Date.UTC(2026, 0, 1, 12)): TestClock {
  let now = startAt
  let order = 0
  const timers = new Map<number, { due: number; wake: () => void }>()

  function after(milliseconds: number, wake: () => void) {
    const id = ++order
    timers.set(id, { due: now + milliseconds, wake })
    return () => void timers.delete(id)
  }

  return {
    now: () => now,
    after,
    pending: () => timers.size,

    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const takeBack = after(milliseconds, resolve)
      const stop = () => reject(signal?.reason)
      signal?.addEventListener('abort', stop, { once: true })
      try {
        await promise
      } finally {
        takeBack()
        signal?.removeEventListener('abort', stop)
      }
    },

    async pass(milliseconds) {
      const until = now + milliseconds
      await settle()
      for (;;) {
        const next = [...timers].filter(([, timer]) => timer.due <= until).sort(byDue)[0]
        if (!next) break
        timers.delete(next[0])
        now = Math.max(now, next[1].due)
        next[1].wake()
        await settle()
      }
      now = until
      await settle()
    },
  }
}

/** Lets everything that can run without time passing run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve))
}

function byDue(
  [oneId, one]: [number, { due: number }],
  [otherId, other]: [number, { due: number }],
): number {
  return one.due - other.due || oneId - otherId
}
