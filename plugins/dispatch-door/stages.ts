/**
 * From what a program tells of an order to how it moved. Pure: the same may be told twice, late or in any
 * order, and the stage is that of the latest moment. Of two stages of one moment, as clocks of whole seconds
 * tell them, the one further along counts, whichever came first.
 */
import { nextMovement } from '#core/order-movement.ts'
import { type Stage, stages } from '#core/ports/dispatch.ts'

export interface Known {
  stage: Stage
  /** By the clock of the program. */
  at: number
}

export interface Told {
  stage: Stage
  /** Without it: just now, later than all before. */
  at?: number
}

export type Outcome =
  | 'moved'
  /** It was there already. */
  | 'known'
  /** Something later was told before. */
  | 'old'

export function nextKnown(
  known: Known | undefined,
  told: Told,
): { known: Known; outcome: Outcome; from?: Stage } {
  const now: Known = { stage: told.stage, at: told.at ?? (known?.at ?? 0) + 1 }
  const movement = nextMovement(known && toSighting(known), toSighting(now))
  const from = known && { from: known.stage }

  switch (movement.is) {
    case 'moved':
      return { known: now, outcome: 'moved', ...from }
    case 'unsure':
      return isFurther(now, movement.believed.seen)
        ? { known: now, outcome: 'moved', ...from }
        : { known: movement.believed.seen, outcome: 'old' }
    case 'still':
      return { known: movement.believed.seen, outcome: now.at < movement.believed.seen.at ? 'old' : 'known' }
  }
}

function toSighting(seen: Known) {
  return { seen, startedAt: seen.at, endedAt: seen.at }
}

function isFurther(one: Known, other: Known): boolean {
  return stages.indexOf(one.stage) > stages.indexOf(other.stage)
}
