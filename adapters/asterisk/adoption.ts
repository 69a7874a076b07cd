import type { Survey } from '#core/ports/telephony.ts'
import type { Ari } from './ari/ari.ts'
import type { Guard } from './guard.ts'
import { type Legs, newLeg } from './legs.ts'
import type { Playbacks } from './playbacks.ts'

/** Takes legs of an earlier life into our hands. */
export async function adopt(
  found: Survey['legs'],
  { ari, guard, legs, playbacks }: { ari: Ari; guard: Guard; legs: Legs; playbacks: Playbacks },
): Promise<void> {
  const adopted = found
    .filter(({ leg, direction, state }) => !legs.has(leg) && (direction === 'in' || state === 'up'))
    .map(({ leg: id, direction, talk }) =>
      newLeg({
        id,
        direction,
        lane: ari.chooseLane(),
        talk,
        guardUntil: direction === 'in' && !talk ? 0 : undefined,
        hearsOldMusic: talk === undefined,
      }),
    )
  for (const leg of adopted) legs.set(leg.id, leg)
  await Promise.all(
    adopted.map(async (leg) => {
      // Nothing of ours is played into a talk.
      if (leg.talk !== undefined) return
      await playbacks.stopForgotten(leg)
      guard.attend(leg)
    }),
  )
}
