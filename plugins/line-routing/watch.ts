import type { Services } from '#core/plugin.ts'
import type { Moment } from '#core/schema.ts'
import {
  awayBecause,
  faultOf,
  type Health,
  isUsable,
  nextHealth,
  type Seen,
  unknownHealth,
} from './health.ts'
import type { Settings } from './settings.ts'
import type { AlarmsTable } from './tables.ts'

/** How long the exchange may take to say how its lines are, in milliseconds. */
const patience = 5_000

export interface Watch {
  isUp(trunk: string): boolean
  list(): { trunk: string; fault: string | undefined; registration: Health['registration'] }[]
  see(trunk: string, seen: Seen): void
  /** Looks at the other end of every line, again and again. */
  keepLooking(signal: AbortSignal): Promise<void>
}

export interface WatchParts extends Pick<Services, 'clock' | 'log' | 'routes'> {
  settings: Settings
  /** What did not work when an earlier life of ours ended. */
  left: readonly AlarmsTable[]
  changed(trunk: string, fault: string | undefined): void
}

export function openWatch({ clock, log, routes, settings, left, changed }: WatchParts): Watch {
  const { failures, within, rest } = settings.health
  const rules = { failures, within: within * 1_000, rest: rest * 1_000 }
  const known = new Map(
    settings.trunks.map(({ name }) => [name, toHealth(left.find(({ trunk }) => trunk === name))]),
  )

  function see(trunk: string, seen: Seen) {
    const before = known.get(trunk)
    if (!before) return
    const after = nextHealth(before, seen, clock.now(), rules)
    known.set(trunk, after)
    const fault = faultOf(after)
    if ((fault === undefined) !== (faultOf(before) === undefined)) changed(trunk, fault)
  }

  async function look() {
    for (const { name, state } of await routes.trunks(AbortSignal.timeout(patience)))
      see(name, { name: 'looked', state })
  }

  return {
    see,
    isUp: (trunk) => isUsable(known.get(trunk) ?? unknownHealth, clock.now()),
    list: () =>
      [...known].map(([trunk, health]) => ({
        trunk,
        fault: faultOf(health),
        registration: health.registration,
      })),
    async keepLooking(signal) {
      while (!signal.aborted) {
        await look().catch((err: unknown) => log.warn({ err }, 'The exchange did not say how its lines are'))
        await clock.sleep(settings.health.look * 1_000, signal).catch(() => undefined)
      }
    },
  }
}

/** It has to prove that it works again. */
function toHealth(row: AlarmsTable | undefined, restsUntil: Moment = 0): Health {
  if (!row) return unknownHealth
  return row.because === awayBecause
    ? { registration: 'down', failed: [] }
    : { registration: 'unknown', failed: [], restsUntil }
}
