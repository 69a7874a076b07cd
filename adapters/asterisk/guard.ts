/**
 * The dead-man's guard: the dialplan puts a time limit on each caller before handing him to us, after which
 * he goes to the island. We push it forward for those who wait and lift it for those who talk. Nothing is
 * asked for a call that is served before a third of the time has passed.
 */
import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Commands } from './commands.ts'
import type { Leg, Legs } from './legs.ts'

export interface Guard {
  /** When the limit of a leg that came from the dialplan then ends; it may have waited for us. */
  firstEnd(at: number): number
  /** Pushes it forward at once if little of it is left. */
  attend(leg: Leg): void
  /** Pushes it forward if the playback about to start would outlive it. */
  coverPlayback(leg: Leg, seconds: number): void
  /** Must be sent before a join on the same lane: a talk with a guard would be cut. */
  lift(leg: Leg): Promise<unknown>
  /** The leg is no longer in a talk: it gets a guard again. */
  restore(leg: Leg): void
  /** Looks after all who wait, again and again until stopped. */
  watch(): () => void
}

export function openGuard({
  commands,
  legs,
  clock,
  log,
  seconds,
}: {
  commands: Commands
  legs: Legs
  clock: Clock
  log: Logger
  seconds: number
}): Guard {
  const full = seconds * 1000

  function set(leg: Leg, value: number) {
    const uri = `channels/${encodeURIComponent(leg.id)}/variable?variable=TIMEOUT(absolute)&value=${value}`
    return commands.ask(leg.lane, 'POST', uri)
  }

  function push(leg: Leg, value: number) {
    const before = leg.guardUntil
    leg.guardUntil = clock.now() + value * 1000
    set(leg, value).catch((thrown: unknown) => {
      leg.guardUntil = before
      const reason = reasonOf(thrown)
      log.warn({ leg: leg.id, reason }, 'The guard of a waiting caller could not be pushed forward')
    })
  }

  function attend(leg: Leg) {
    const isShort = leg.guardUntil !== undefined && leg.guardUntil < clock.now() + (full * 2) / 3
    if (isShort && !leg.playback) push(leg, seconds)
  }

  function sweep() {
    for (const leg of legs.values()) attend(leg)
  }

  return {
    firstEnd: (at) => Math.min(clock.now(), at) + full,
    attend,

    coverPlayback(leg, playbackSeconds) {
      if (leg.guardUntil === undefined) return
      const remaining = (leg.guardUntil - clock.now()) / 1000
      if (remaining < (seconds * 2) / 3 || remaining < playbackSeconds + seconds / 3) {
        push(leg, Math.ceil(playbackSeconds) + seconds)
      }
    },

    async lift(leg) {
      if (leg.guardUntil === undefined) return
      leg.guardUntil = undefined
      await set(leg, 0)
    },

    restore(leg) {
      if (leg.direction === 'in') leg.guardUntil = 0
    },

    watch() {
      let stop = clock.after(full / 6, again)
      function again() {
        sweep()
        stop = clock.after(full / 6, again)
      }
      return () => stop()
    },
  }
}
