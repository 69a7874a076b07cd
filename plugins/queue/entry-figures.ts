/** What became of those who entered a queue, by piece of the period and, if asked, by operator. */
import { type RawBuilder, sql } from 'kysely'
import {
  count,
  entriesIn,
  type FigureDatabase,
  type Filter,
  isAbandoned,
  isAnswered,
  isRepeated,
  isTransferred,
  piecesOf,
  seconds,
  share,
  wait,
} from './figure-tables.ts'
import type { Counts } from './figures.ts'
import type { Interval } from './intervals.ts'

export interface Limits {
  /** Milliseconds. */
  inTime: number
  short: number
  repeatWithin: number
}

export interface Asked extends Filter {
  intervals: readonly Interval[]
  limits: Limits
  byOperator?: boolean
}

/** How values lie; percentiles by nearest rank over the raw values. */
export interface Spread {
  mean: number | undefined
  median: number | undefined
  p90: number | undefined
  longest: number | undefined
}

export interface EntryFigures {
  /** The piece of the period. */
  n: number
  operator: string
  counts: Counts
  transferred: number
  repeated: number
  told: number
  promisesKept: number
  outcomes: Record<string, number>
  waits: Spread
  abandons: Spread
  handling: Spread & { talk?: number; hold?: number; wrapUp?: number }
}

const none: Spread = { mean: undefined, median: undefined, p90: undefined, longest: undefined }

export async function entryFigures(database: FigureDatabase, asked: Asked): Promise<EntryFigures[]> {
  const { intervals, limits, byOperator = false } = asked
  const operator = byOperator ? sql`coalesce(e.operator, '')` : sql`''`
  const source = sql`from pieces p join queue_entries e on ${entriesIn(asked)}`
  const within = piecesOf(intervals)

  const counted = await sql<CountRow>`with ${within} select p.n, ${operator} as operator, count(*) as offered,
      ${count(isAnswered)} as answered, ${count(isAbandoned)} as abandoned,
      ${count(sql`${isAbandoned} and ${wait} < ${sql.lit(limits.short)}`)} as short_abandons,
      ${count(sql`${isAnswered} and ${wait} <= ${sql.lit(limits.inTime)}`)} as answered_in_time,
      ${count(sql`${isAbandoned} and ${wait} <= ${sql.lit(limits.inTime)}`)} as abandoned_in_time,
      ${count(sql`${isAnswered} and e.told is not null`)} as told,
      ${count(sql`${isAnswered} and ${wait} <= e.told * 1000`)} as kept,
      ${count(sql`${isAnswered} and ${isTransferred}`)} as transferred,
      ${count(sql`${isAnswered} and ${isRepeated(limits.repeatWithin)}`)} as repeated
    ${source} group by 1, 2`.execute(database)
  const outcomes = await sql<{ n: number; operator: string; outcome: string; times: number }>`with ${within}
    select p.n, ${operator} as operator, e.outcome, count(*) as times ${source} group by 1, 2, 3`.execute(
    database,
  )
  const waits = await spreadOf(
    database,
    within,
    sql`select p.n, ${operator} as operator, ${wait} as value ${source} where ${isAnswered}`,
  )
  const abandons = await spreadOf(
    database,
    within,
    sql`select p.n, ${operator} as operator, ${wait} as value ${source} where ${isAbandoned}`,
  )
  const spent = sql`join queue_times t on t.call = e.call and t.operator = e.operator and t.queue = e.queue
    and t.ended_at >= e.left_at where ${isAnswered}`
  const handling = await spreadOf(
    database,
    within,
    sql`select n, operator, sum(spent) as value from (
      select p.n, ${operator} as operator, e.id, t.ended_at - t.started_at as spent ${source} ${spent}
      and t.state in ('talking', 'wrap_up')) parts group by n, operator, id`,
  )
  const parts = await sql<{ n: number; operator: string; state: string; spent: number }>`with ${within}
    select p.n, ${operator} as operator, t.state, sum(t.ended_at - t.started_at) as spent ${source} ${spent}
    and t.state in ('talking', 'hold', 'wrap_up') group by 1, 2, 3`.execute(database)

  return counted.rows.map((row) => {
    const n = Number(row.n)
    const isSame = (other: { n: number; operator: string }) =>
      Number(other.n) === n && other.operator === row.operator
    const partOf = (state: string) =>
      parts.rows
        .filter((each) => isSame(each) && each.state === state)
        .reduce((sum, each) => sum + Number(each.spent), 0)
    const answered = Number(row.answered)
    const mean = (milliseconds: number) => seconds(share(milliseconds, answered))
    const [talk, hold, wrapUp] = [
      mean(partOf('talking') - partOf('hold')),
      mean(partOf('hold')),
      mean(partOf('wrap_up')),
    ]
    return {
      n,
      operator: row.operator,
      counts: {
        offered: Number(row.offered),
        answered,
        abandoned: Number(row.abandoned),
        shortAbandons: Number(row.short_abandons),
        answeredInTime: Number(row.answered_in_time),
        abandonedInTime: Number(row.abandoned_in_time),
      },
      transferred: Number(row.transferred),
      repeated: Number(row.repeated),
      told: Number(row.told),
      promisesKept: Number(row.kept),
      outcomes: Object.fromEntries(
        outcomes.rows.filter(isSame).map(({ outcome, times }) => [outcome, Number(times)]),
      ),
      waits: waits.find(isSame)?.spread ?? none,
      abandons: abandons.find(isSame)?.spread ?? none,
      handling: {
        ...(handling.find(isSame)?.spread ?? none),
        ...(talk !== undefined && { talk }),
        ...(hold !== undefined && { hold }),
        ...(wrapUp !== undefined && { wrapUp }),
      },
    }
  })
}

interface CountRow {
  n: number
  operator: string
  offered: number
  answered: number
  abandoned: number
  short_abandons: number
  answered_in_time: number
  abandoned_in_time: number
  told: number
  kept: number
  transferred: number
  repeated: number
}

async function spreadOf(database: FigureDatabase, within: RawBuilder<unknown>, values: RawBuilder<unknown>) {
  const rank = (percent: number) =>
    sql`max(case when place = (many * ${sql.lit(percent)} + 99) / 100 then value end)`
  const { rows } = await sql<{
    n: number
    operator: string
    mean: number
    median: number
    p90: number
    longest: number
  }>`with ${within}, raw_values as (${values}),
      ranked as (select n, operator, value, row_number() over (partition by n, operator order by value) as place,
        count(*) over (partition by n, operator) as many from raw_values)
    select n, operator, avg(value * 1.0) as mean, ${rank(50)} as median, ${rank(90)} as p90,
      max(value) as longest from ranked group by n, operator`.execute(database)
  return rows.map(({ n, operator, mean, median, p90, longest }) => ({
    n,
    operator,
    spread: { mean: seconds(mean), median: seconds(median), p90: seconds(p90), longest: seconds(longest) },
  }))
}
