import type { FactData } from '../call-bus/events.ts'
import type { Moment } from '../schema.ts'
import type { JournalReader } from './journal.ts'

/** How each order moved last since then, for whoever may not have finished hearing of it when we died. */
export async function latestMoves(
  journal: JournalReader,
  since: Moment,
): Promise<FactData<'order.stage-changed'>[]> {
  const moves = await journal.factsNamed('order.stage-changed', since)
  return [...new Map(moves.map(({ data }) => [data.order, data])).values()]
}
