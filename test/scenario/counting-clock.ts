import { type Clock, realClock } from '#core/clock.ts'

export interface CountingClock extends Clock {
  /** Timers that have neither fired nor been taken back. */
  pending(): number
}

/** The real clock, which knows how many wait for it. */
export function countingClock(): CountingClock {
  let pending = 0
  return {
    now: realClock.now,
    pending: () => pending,

    async sleep(milliseconds, signal) {
      pending += 1
      try {
        await realClock.sleep(milliseconds, signal)
      } finally {
        pending -= 1
      }
    },

    after(milliseconds, callback) {
      let isPending = true
      pending += 1
      const settle = () => {
        if (isPending) pending -= 1
        isPending = false
      }
      const takeBack = realClock.after(milliseconds, () => {
        settle()
        callback()
      })
      return () => {
        settle()
        takeBack()
      }
    },
  }
}
