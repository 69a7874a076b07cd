import type { Kysely } from 'kysely'
import type { FactData } from '#core/call-bus/events.ts'
import type { Tables } from '#core/database/tables.ts'
import type { CallId, Moment, OrderId, Phone } from '#core/schema.ts'

/** A recorded talk as the journal knows it. */
export interface Talk {
  /** Absent when the caller withheld it. */
  phone?: Phone
  startedAt: Moment
  operator?: string
  /** The caller's order as he rang. */
  order?: OrderId
}

/** `undefined` while the journal does not know the call. */
export async function findTalk(
  database: Kysely<Tables>,
  { call, recording }: { call: CallId; recording: string },
): Promise<Talk | undefined> {
  const row = await database
    .selectFrom('calls')
    .select(['from_phone', 'at', 'talking_at'])
    .where('id', '=', call)
    .executeTakeFirst()
  if (!row) return undefined

  const told = await database
    .selectFrom('facts')
    .select(['at', 'name', 'data'])
    .where('call', '=', call)
    .where('name', 'in', ['call.identified', 'call.talking', 'call.recording-started'])
    .orderBy('id')
    .execute()
  const facts = told.map(({ at, name, data }) => ({ at, name, data: JSON.parse(data) as object }))
  const begun = facts.findIndex(({ data }) => 'recording' in data && data.recording === recording)
  const talking = facts.slice(0, begun === -1 ? undefined : begun).findLast(named('call.talking'))
  const identified = facts.findLast(named('call.identified'))
  const { with: operator } = (talking?.data ?? {}) as Partial<FactData<'call.talking'>>
  const { order } = (identified?.data ?? {}) as Partial<FactData<'call.identified'>>

  return {
    startedAt: facts[begun]?.at ?? row.talking_at ?? row.at,
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
    .where('name', '=', 'call.recorded')
    .where('at', '>', since)
    .execute()
  return rows.map(({ at, data }) => ({ ...(JSON.parse(data) as FactData<'call.recorded'>), at }))
}

function named(name: string) {
  return (fact: { name: string }) => fact.name === name
}
