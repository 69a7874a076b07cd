/** The formulas of the service level and of abandonment. */
import { share } from './figure-tables.ts'

export const serviceLevels = ['default', 'offered', 'answered', 'late_abandons', 'credit'] as const
export type ServiceLevel = (typeof serviceLevels)[number]

/** O, A, B, B_s, A_T and B_T of the reference. */
export interface Counts {
  offered: number
  answered: number
  abandoned: number
  shortAbandons: number
  answeredInTime: number
  abandonedInTime: number
}

export function serviceLevel(counts: Counts, definition: ServiceLevel = 'default'): number | undefined {
  const { answered: A, abandoned: B, shortAbandons, answeredInTime, abandonedInTime } = counts
  switch (definition) {
    case 'default':
      return share(answeredInTime, A + B - shortAbandons)
    case 'offered':
      return share(answeredInTime, A + B)
    case 'answered':
      return share(answeredInTime, A)
    case 'late_abandons':
      return share(answeredInTime, A + B - abandonedInTime)
    case 'credit':
      return share(answeredInTime + abandonedInTime, A + B)
  }
}

export function abandonRate(
  { offered, abandoned, shortAbandons }: Counts,
  isRaw = false,
): number | undefined {
  return isRaw ? share(abandoned, offered) : share(abandoned - shortAbandons, offered - shortAbandons)
}
