/** By which lines a phone is rung, the best first. */
import type { Route } from '#core/calls/routes.ts'
import type { Phone } from '#core/schema.ts'
import { type NumberPlan, toCarrier } from './number-plan.ts'
import type { Trunk } from './settings.ts'

/** Its carrier's line, then the spare ones, then those of other carriers; one that fails comes after all that work. */
export function chooseRoutes(
  phone: Phone,
  { trunks, plan, isUp }: { trunks: readonly Trunk[]; plan: NumberPlan; isUp: (trunk: string) => boolean },
): Route[] {
  const carrier = plan.carrierOf(phone)
  const ranked = trunks.map((trunk) => ({ trunk, rank: rankOf(trunk, carrier), works: isUp(trunk.name) }))
  // Sorting keeps the order of the settings among equals.
  ranked.sort((one, other) => Number(other.works) - Number(one.works) || one.rank - other.rank)
  return ranked.map(({ trunk: { name, number }, rank, works }) => ({
    trunk: name,
    ...(number !== undefined && { number }),
    because: `${reasons[rank](carrier)}${works ? '' : '; it seems to be down, nothing better is left'}`,
  }))
}

type Rank = 0 | 1 | 2
const reasons: Record<Rank, (carrier: string | undefined) => string> = {
  0: (carrier) => `the line of ${carrier}`,
  1: (carrier) => (carrier === undefined ? 'no carrier is known for the number' : 'a spare line'),
  2: () => 'the line of another carrier',
}

function rankOf({ carriers }: Trunk, carrier: string | undefined): Rank {
  if (carriers.length === 0) return 1
  return carrier !== undefined && carriers.some((each) => toCarrier(each) === carrier) ? 0 : 2
}
