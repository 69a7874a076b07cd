import { type Clock, realClock } from '#core/clock.ts'

/** Real time, but deadlines pass only when told. */
export function clockWithoutDeadlines() {
  const deadlines = new Set<() => void>()
  const clock: Clock = {
    ...realClock,
    after(_milliseconds, callback) {
      deadlines.add(callback)
      return () => deadlines.delete(callback)
    },
  }
  const passDeadlines = () => {
    for (const pass of deadlines) pass()
  }
  return { clock, passDeadlines }
}
