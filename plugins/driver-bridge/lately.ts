import type { Clock } from '#core/clock.ts'
import type { Moment, Phone } from '#core/schema.ts'
import type { Joins, Two } from './joins.ts'
import type { Role } from './settings.ts'

/** Whom we have rung a short time ago, and about what: he may dial back. */
export interface Lately {
  rang(phone: Phone, two: Two, at?: Moment): void
  of(phone: Phone): Two | undefined
}

/** `minutes` is how long it is remembered. */
export async function openLately(parts: {
  clock: Clock
  joins: Pick<Joins, 'since'>
  minutes: number
}): Promise<Lately> {
  const { clock, joins, minutes } = parts
  const rung = new Map<Phone, { two: Two; until: Moment }>()
  const window = minutes * 60_000

  function rang(phone: Phone, two: Two, at = clock.now()) {
    if (window === 0) return
    for (const [old, { until }] of rung) if (until <= clock.now()) rung.delete(old)
    rung.set(phone, { two, until: at + window })
  }

  // Of an earlier life it is not known whether the second phone was rung; he who was not does not dial back.
  for (const join of await joins.since(clock.now() - window))
    for (const phone of join.isRung ? [join.client, join.driver] : [join[other(join.first)]])
      rang(phone, join, join.at)

  return {
    rang,

    of(phone) {
      const known = rung.get(phone)
      return known && known.until > clock.now() ? known.two : undefined
    },
  }
}

function other(role: Role): Role {
  return role === 'driver' ? 'client' : 'driver'
}
