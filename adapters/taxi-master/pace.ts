/** How long to rest before the next look at the orders: less while they move, more while they stand. */

interface Pace {
  /** Milliseconds. */
  fastest: number
  slowest: number
}

/** Of the time between two looks, at most a third may be Taxi-Master's work. */
const restPerWork = 2
const slowing = 1.5

export function openPace({ fastest, slowest }: Pace) {
  let pause = slowest

  return {
    /** Milliseconds before the next look. */
    pause: () => pause,

    looked({ moved, took }: { moved: number; took: number }) {
      const wanted = moved > 0 ? fastest : Math.min(pause * slowing, slowest)
      pause = Math.max(wanted, took * restPerWork)
    },

    failed() {
      pause = slowest
    },
  }
}
