import { type Kysely, sql } from 'kysely'
import type { FactData, FactName, Stamped } from '#core/call-bus/events.ts'
import { toErrand } from '#core/calls/call-row.ts'
import type { JournalReader } from '#core/database/journal.ts'
import type { Tables } from '#core/database/tables.ts'
import type { CallId, Moment, OrderId, Phone } from '#core/schema.ts'

/** A recorded talk as the journal knows it. */
export interface Talk {
  /** Absent when the caller withheld it. */
  phone?: Phone
  /** Who rang whom: a call of ours is outgoing. */
  direction: 'incoming' | 'outgoing'
  startedAt: Moment
  operator?: string
  /** The one the call became about, or the caller's as he rang. */
  order?: OrderId
}

/** `undefined` while the journal does not know the call. */
export async function findTalk(
  journal: Pick<JournalReader, 'findCall' | 'storyOf'>,
  { call, recording }: { call: CallId; recording: string },
): Promise<Talk | undefined> {
  const row = await journal.findCall(call)
  if (!row) return undefined

  const story = await journal.storyOf(call)
  const begun = story.find(
    (fact) => fact.name === 'call.recording-started' && fact.data.recording === recording,
  )
  const before = begun ? story.filter(({ id }) => id < begun.id) : story
  const operator = last(before, 'call.talking')?.data.with
  const errand = toErrand(row)
  const order =
    last(before, 'call.about-order')?.data.order ??
    errand?.about.order ??
    last(story, 'call.identified')?.data.order

  return {
    direction: errand ? 'outgoing' : 'incoming',
    startedAt: begun?.at ?? row.talking_at ?? row.at,
    ...(row.from_phone !== null && { phone: row.from_phone }),
    ...(operator !== undefined && { operator }),
    ...(order !== undefined && { order }),
  }
}

/** What was recorded while nobody here listened. */
export async function recordedSince(
  database: Kysely<Tables>,
  since: Moment,
): Promise<(FactData<'call.recorded'> & { at: Moment })[]> {
  const rows = await database
    .selectFrom('facts')
    .select(['at', 'data'])
    // Spelt out: the index is of this name alone.
    .where('name', '=', sql.lit('call.recorded' as const))
    .where('at', '>', since)
    .execute()
  return rows.map(({ at, data }) => ({ ...(JSON.parse(data) as FactData<'call.recorded'>), at }))
}

function last<Name extends FactName>(story: readonly Stamped[], name: Name) {
  return story.findLast((fact): fact is Extract<Stamped, { name: Name }> => fact.name === name)
}
