/** What all queries for figures share. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '#core/database/tables.ts'
import type { Interval } from './intervals.ts'
import type { QueueTables } from './tables.ts'

export type FigureDatabase = Kysely<Tables & QueueTables>

/** `pieces(n, started, stopped)`: what the figures are grouped by. */
export function piecesOf(intervals: readonly Interval[]): RawBuilder<unknown> {
  const rows = intervals.map(
    ({ from, until }, n) => sql`(${sql.lit(n)}, ${sql.lit(from)}, ${sql.lit(until)})`,
  )
  return sql`pieces(n, started, stopped) as (values ${sql.join(rows)})`
}

export interface Filter {
  queue?: string | undefined
}

/** The stays that ended, of those who entered within a piece. */
export function entriesIn({ queue }: Filter): RawBuilder<unknown> {
  return sql`e.entered_at >= p.started and e.entered_at < p.stopped and e.left_at is not null${
    queue === undefined ? sql`` : sql` and e.queue = ${queue}`
  }`
}

export const wait = sql`(e.left_at - e.entered_at)`
export const isAnswered = sql`e.outcome = 'answered'`
export const isAbandoned = sql`e.outcome = 'abandoned'`

/** He was given on: to a person, or to another queue, which is another stay of the same call. */
export const isTransferred = sql`(exists (
  select 1 from queue_entries l where l.call = e.call and l.entered_at >= e.left_at and l.id <> e.id)
  or exists (select 1 from facts f where f.call = e.call and f.name = 'call.transferred' and f.at >= e.left_at))`

/** The same number has called again. */
export function isRepeated(within: number): RawBuilder<unknown> {
  return sql`exists (select 1 from calls c where c.from_phone = e.phone and c.errand is null
    and c.id <> e.call and c.at > e.entered_at and c.at <= e.left_at + ${sql.lit(within)})`
}

export function count(condition: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`coalesce(sum(case when ${condition} then 1 else 0 end), 0)`
}

/** Without what it is a share of there is no share. */
export function share(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined
}

/** Milliseconds of the database as seconds of people. */
export function seconds(milliseconds: number | string | null | undefined): number | undefined {
  return milliseconds === null || milliseconds === undefined ? undefined : Number(milliseconds) / 1_000
}
