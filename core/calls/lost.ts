import type { CallBus } from '../call-bus/call-bus.ts'
import type { Journal } from '../database/journal.ts'
import type { CallRow } from '../database/tables.ts'
import type { Moment } from '../schema.ts'
import { toErrand } from './call-row.ts'

/** Closes a call that ended while we were away; what was heard of its end, if anything. */
export function closeLost(
  row: CallRow,
  heard: { because: string; at: Moment } | undefined,
  { bus, journal, now }: { bus: CallBus; journal: Pick<Journal, 'keepCall'>; now: Moment },
) {
  const because = heard ? `${heard.because}, while Callbus was away` : 'it ended while Callbus was away'
  const unserved = toErrand(row) ? 'not_reached' : 'lost'
  const result = row.talking_at === null ? (row.result ?? unserved) : 'answered'
  if (row.state === 'talking' && row.talk !== null)
    bus.publish('call.talk-ended', { call: row.id, talk: row.talk, with: row.phase_with ?? '', because })
  bus.publish('call.ended', { call: row.id, result, because })
  journal.keepCall({ ...row, state: 'ended', ended_at: heard?.at ?? now, result, because })
}
