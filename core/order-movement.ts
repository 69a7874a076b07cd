/**
 * From what was seen of an order, again and again, to how it moved. Pure: reads may come twice, late, in any
 * order or not at all, and the stage is that of the latest read.
 *
 * A read tells what was true at some moment between its start and its end, by one clock: ours for what we
 * read, the dispatch program's for what it tells by itself. One that ended before the last believed one began
 * is old news. Where two overlap and differ nobody can say which is newer, so the order is to be read again.
 */
import type { Stage } from './ports/dispatch.ts'

export interface Sighting<Seen extends { stage: Stage }> {
  seen: Seen
  startedAt: number
  endedAt: number
}

export type Movement<Seen extends { stage: Stage }> = {
  /** What is believed from now on. */
  believed: Sighting<Seen>
} & (
  | { is: 'moved'; from?: Stage }
  /** Nothing to tell. */
  | { is: 'still' }
  /** Read it again. */
  | { is: 'unsure' }
)

export function nextMovement<Seen extends { stage: Stage }>(
  believed: Sighting<Seen> | undefined,
  next: Sighting<Seen>,
  /** Two reads that say the same; a dispatch program may have several states of its own in one stage. */
  saysTheSame: (one: Seen, other: Seen) => boolean = (one, other) => one.stage === other.stage,
): Movement<Seen> {
  if (!believed) return { is: 'moved', believed: next }
  if (next.endedAt < believed.startedAt) return { is: 'still', believed }

  const isSame = saysTheSame(believed.seen, next.seen)
  const isLater = next.startedAt > believed.endedAt
  if (isLater && !isSame) return { is: 'moved', from: believed.seen.stage, believed: next }
  if (isLater) return { is: 'still', believed: next }
  return { is: isSame ? 'still' : 'unsure', believed }
}
