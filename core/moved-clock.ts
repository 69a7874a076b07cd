import type { Clock } from './clock.ts'

/** A clock that stands still until it is moved: in tests, and where a call is only rehearsed. */
export interface MovedClock extends Clock {
  /** Moves time on, ringing what falls due in order and letting it run in between. */
  advance(milliseconds: number): Promise<void>
  /** When the next alarm is due. */
  readonly nextAt: number | undefined
  /** How many alarms are set: a test can see that nothing was left behind. */
  readonly pending: number
}

interface Alarm {
  at: number
  ring: () => void
}

export function openMovedClock(start = Date.UTC(2026, 0, 15, 12)): MovedClock {
  let now = start
  const alarms = new Set<Alarm>()

  function after(milliseconds: number, ring: () => void) {
    const alarm = { at: now + milliseconds, ring }
    alarms.add(alarm)
    return () => void alarms.delete(alarm)
  }

  function nextAlarm(until: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of alarms) if (alarm.at <= until && (!first || alarm.at < first.at)) first = alarm
    return first
  }

  return {
    now: () => now,
    after,

    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const forget = after(milliseconds, () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        })
        function stop() {
          forget()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', stop, { once: true })
      })
    },

    async advance(milliseconds) {
      const until = now + milliseconds
      await settled()
      for (let alarm = nextAlarm(until); alarm; alarm = nextAlarm(until)) {
        alarms.delete(alarm)
        now = Math.max(now, alarm.at)
        alarm.ring()
        await settled()
      }
      now = until
      await settled()
    },

    get nextAt() {
      return nextAlarm(Number.POSITIVE_INFINITY)?.at
    },

    get pending() {
      return alarms.size
    },
  }
}

/** Lets everything run that can run without time passing, work on files too. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn = isAtFiles() ? 0 : turn + 1)
    await new Promise<void>((resolve) => setImmediate(resolve))
}

function isAtFiles(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))
}
