import type { Clock } from '#core/clock.ts'

/** A clock on which everything happens so many times faster. */
export function hurried(clock: Clock, times: number): Clock {
  const startedAt = clock.now()
  return {
    now: () => startedAt + Math.floor((clock.now() - startedAt) * times),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds / times, signal),
    after: (milliseconds, callback) => clock.after(milliseconds / times, callback),
  }
}
