import type { Identity } from '#core/calls/call.ts'
import type { Verdict } from '#core/calls/reception.ts'
import type { Saying } from '#core/voice/words.ts'
import type { Entry } from './number-lists.ts'
import type { NumberList } from './settings.ts'

/** A list the number is on, and what is written there. */
export interface Finding {
  list: NumberList
  entry: Pick<Entry, 'reason'>
}

const usualPriority = 10

/** A refusal outweighs every preference; of several preferences the largest counts. */
export function toVerdict(findings: readonly Finding[], farewell: Saying | undefined): Verdict {
  const refusal = findings.find(({ list }) => list.effect === 'refuse')
  if (refusal) return { refuse: farewell, because: why(refusal) }

  const [first, ...rest] = findings
  if (!first) return 'welcome'
  const dearest = rest.reduce((best, each) => (priorityOf(each) > priorityOf(best) ? each : best), first)
  return { prefer: priorityOf(dearest), because: why(dearest) }
}

/** What the dispatch program itself thinks of a caller our lists say nothing about. */
export function toDispatchVerdict(identity: Identity, farewell: Saying | undefined): Verdict {
  if (!identity.lookedUp) return 'welcome'
  if (identity.card.category === 'black')
    return { refuse: farewell, because: 'black in the dispatch program' }
  if (identity.card.isVip) return { prefer: usualPriority, because: 'VIP in the dispatch program' }
  return 'welcome'
}

function priorityOf({ list }: Finding): number {
  return list.effect === 'priority' ? (list.priority ?? usualPriority) : 0
}

function why({ list, entry }: Finding): string {
  return entry.reason ? `on the list ${list.title}: ${entry.reason}` : `on the list ${list.title}`
}
