/** The rows behind each figure: whatever is counted can be opened. */
import { type RawBuilder, sql } from 'kysely'
import type { Limits } from './entry-figures.ts'
import {
  entriesIn,
  type FigureDatabase,
  type Filter,
  isAbandoned,
  isAnswered,
  isRepeated,
  isTransferred,
  piecesOf,
  wait,
} from './figure-tables.ts'
import type { Interval } from './intervals.ts'
import { type callResults, callsIn, resultOf } from './lost-calls.ts'

export const countedEntries = [
  'offered',
  'answered',
  'abandoned',
  'short_abandons',
  'answered_in_time',
  'abandoned_in_time',
  'transferred',
  'repeated',
  'told',
  'promises_kept',
] as const
export type CountedEntries = (typeof countedEntries)[number]

function conditionOf(figure: CountedEntries, { inTime, short, repeatWithin }: Limits): RawBuilder<unknown> {
  switch (figure) {
    case 'offered':
      return sql`1 = 1`
    case 'answered':
      return isAnswered
    case 'abandoned':
      return isAbandoned
    case 'short_abandons':
      return sql`${isAbandoned} and ${wait} < ${sql.lit(short)}`
    case 'answered_in_time':
      return sql`${isAnswered} and ${wait} <= ${sql.lit(inTime)}`
    case 'abandoned_in_time':
      return sql`${isAbandoned} and ${wait} <= ${sql.lit(inTime)}`
    case 'transferred':
      return sql`${isAnswered} and ${isTransferred}`
    case 'repeated':
      return sql`${isAnswered} and ${isRepeated(repeatWithin)}`
    case 'told':
      return sql`${isAnswered} and e.told is not null`
    case 'promises_kept':
      return sql`${isAnswered} and ${wait} <= e.told * 1000`
  }
}

export interface EntryRow {
  entry: string
  call: string
  queue: string
  phone?: string
  enteredAt: number
  leftAt: number
  wait: number
  outcome: string
  operator?: string
  sentTo?: string
  told?: number
}

export interface Page {
  limit: number
  offset: number
}

export async function entryRows(
  database: FigureDatabase,
  asked: Filter & {
    interval: Interval
    limits: Limits
    figure: CountedEntries
    outcome?: string
    operator?: string
  } & Page,
): Promise<EntryRow[]> {
  const { interval, limits, figure, outcome, operator, limit, offset } = asked
  const { rows } = await sql<{
    id: string
    call: string
    queue: string
    phone: string | null
    entered_at: number
    left_at: number
    outcome: string
    operator: string | null
    sent_to: string | null
    told: number | null
  }>`with ${piecesOf([interval])}
    select e.id, e.call, e.queue, e.phone, e.entered_at, e.left_at, e.outcome, e.operator, e.sent_to, e.told
    from pieces p join queue_entries e on ${entriesIn(asked)} where ${conditionOf(figure, limits)}
    ${outcome === undefined ? sql`` : sql`and e.outcome = ${outcome}`}
    ${operator === undefined ? sql`` : sql`and e.operator = ${operator}`}
    order by e.entered_at, e.id limit ${sql.lit(limit)} offset ${sql.lit(offset)}`.execute(database)
  return rows.map((row) => ({
    entry: row.id,
    call: row.call,
    queue: row.queue,
    enteredAt: Number(row.entered_at),
    leftAt: Number(row.left_at),
    wait: (Number(row.left_at) - Number(row.entered_at)) / 1_000,
    outcome: row.outcome,
    ...(row.phone !== null && { phone: row.phone }),
    ...(row.operator !== null && { operator: row.operator }),
    ...(row.sent_to !== null && { sentTo: row.sent_to }),
    ...(row.told !== null && { told: row.told }),
  }))
}

export interface CallRow {
  call: string
  phone?: string
  at: number
  line: string
  result: string
}

export async function callRows(
  database: FigureDatabase,
  { interval, result, limit, offset }: { interval: Interval; result?: (typeof callResults)[number] } & Page,
): Promise<CallRow[]> {
  const { rows } = await sql<{ id: string; phone: string | null; at: number; line: string; result: string }>`
    with ${piecesOf([interval])},
      judged as (select c.id, c.from_phone as phone, c.at, c.line, ${resultOf} as result
        from pieces p join calls c on ${callsIn})
    select id, phone, at, line, result from judged
    ${result === undefined ? sql`` : sql`where result = ${result}`}
    order by at, id limit ${sql.lit(limit)} offset ${sql.lit(offset)}`.execute(database)
  return rows.map(({ id, phone, at, line, result: came }) => ({
    call: id,
    at: Number(at),
    line,
    result: came,
    ...(phone !== null && { phone }),
  }))
}

export interface TimeRow {
  operator: string
  state: string
  reason?: string
  queue?: string
  call?: string
  from: number
  until: number
}

/** What an operator did, as it was, not cut at the bounds. */
export async function timeRows(
  database: FigureDatabase,
  { interval, operator, limit, offset }: { interval: Interval; operator: string } & Page,
): Promise<TimeRow[]> {
  const rows = await database
    .selectFrom('queue_times')
    .selectAll()
    .where('operator', '=', operator)
    .where('started_at', '<', interval.until)
    .where('ended_at', '>', interval.from)
    .orderBy('started_at')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(({ operator: who, state, reason, queue, call, started_at, ended_at }) => ({
    operator: who,
    state,
    from: started_at,
    until: ended_at,
    ...(reason !== null && { reason }),
    ...(queue !== null && { queue }),
    ...(call !== null && { call }),
  }))
}
