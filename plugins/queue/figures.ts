/** The figures of a period, each a query over the journal. */
import { type Kysely, sql } from 'kysely'
import type { Moment } from '#core/schema.ts'
import type { QueueTables } from './tables.ts'

export interface Period {
  from: Moment
  until: Moment
  queue?: string
}

export const serviceLevels = ['default', 'offered', 'answered', 'late_abandons', 'credit'] as const
export type ServiceLevel = (typeof serviceLevels)[number]

/** O, A, B, B_s, A_T and B_T of the reference. */
export interface Counts {
  offered: number
  answered: number
  abandoned: number
  shortAbandons: number
  answeredInTime: number
  abandonedInTime: number
}

type Database = Pick<Kysely<QueueTables>, 'selectFrom'>

/** Without what it is a share of there is no share. */
const share = (part: number, whole: number) => (whole > 0 ? part / whole : undefined)

export function serviceLevel(counts: Counts, definition: ServiceLevel = 'default'): number | undefined {
  const { answered: A, abandoned: B, shortAbandons, answeredInTime, abandonedInTime } = counts
  switch (definition) {
    case 'default':
      return share(answeredInTime, A + B - shortAbandons)
    case 'offered':
      return share(answeredInTime, A + B)
    case 'answered':
      return share(answeredInTime, A)
    case 'late_abandons':
      return share(answeredInTime, A + B - abandonedInTime)
    case 'credit':
      return share(answeredInTime + abandonedInTime, A + B)
  }
}

export function abandonRate(
  { offered, abandoned, shortAbandons }: Counts,
  isRaw = false,
): number | undefined {
  return isRaw ? share(abandoned, offered) : share(abandoned - shortAbandons, offered - shortAbandons)
}

const wait = sql<number>`(left_at - entered_at)`
const isAnswered = sql`outcome = 'answered'`
const isAbandoned = sql`outcome = 'abandoned'`
const count = (condition: ReturnType<typeof sql>) =>
  sql<number>`coalesce(sum(case when ${condition} then 1 else 0 end), 0)`

function entriesOf(database: Database, { from, until, queue }: Period) {
  const entries = database
    .selectFrom('queue_entries')
    .where('entered_at', '>=', from)
    .where('entered_at', '<', until)
    .where('left_at', 'is not', null)
  return queue === undefined ? entries : entries.where('queue', '=', queue)
}

/** `inTime` and `short` in milliseconds. */
export async function countEntries(
  database: Database,
  period: Period,
  { inTime, short }: { inTime: number; short: number },
): Promise<Counts> {
  const row = await entriesOf(database, period)
    .select([
      sql<number>`count(*)`.as('offered'),
      count(isAnswered).as('answered'),
      count(isAbandoned).as('abandoned'),
      count(sql`${isAbandoned} and ${wait} < ${short}`).as('shortAbandons'),
      count(sql`${isAnswered} and ${wait} <= ${inTime}`).as('answeredInTime'),
      count(sql`${isAbandoned} and ${wait} <= ${inTime}`).as('abandonedInTime'),
    ])
    .executeTakeFirstOrThrow()
  return row
}

export async function outcomesOf(database: Database, period: Period): Promise<Record<string, number>> {
  const rows = await entriesOf(database, period)
    .select(['outcome', sql<number>`count(*)`.as('times')])
    .groupBy('outcome')
    .execute()
  return Object.fromEntries(rows.map(({ outcome, times }) => [outcome ?? '', Number(times)]))
}

/** Seconds; the percentiles by nearest rank over raw waits. */
export async function waitsOf(database: Database, period: Period) {
  const answered = entriesOf(database, period).where('outcome', '=', 'answered')
  const { calls, mean, longest } = await answered
    .select([
      sql<number>`count(*)`.as('calls'),
      sql<number | null>`avg(${wait})`.as('mean'),
      sql<number | null>`max(${wait})`.as('longest'),
    ])
    .executeTakeFirstOrThrow()

  async function percentile(part: number): Promise<number | undefined> {
    if (calls === 0) return undefined
    const row = await answered
      .select(wait.as('wait'))
      .orderBy(wait)
      .limit(1)
      .offset(Math.ceil(part * calls) - 1)
      .executeTakeFirst()
    return row && row.wait / 1_000
  }

  const seconds = (milliseconds: number | null) =>
    milliseconds === null ? undefined : Number(milliseconds) / 1_000
  return {
    averageAnswer: seconds(mean),
    median: await percentile(0.5),
    p90: await percentile(0.9),
    longest: seconds(longest),
  }
}

/** Answered callers who heard a time, and how many of them waited no longer. */
export async function promisesOf(database: Database, period: Period) {
  const { told, kept } = await entriesOf(database, period)
    .where('outcome', '=', 'answered')
    .where('told', 'is not', null)
    .select([sql<number>`count(*)`.as('told'), count(sql`${wait} <= told * 1000`).as('kept')])
    .executeTakeFirstOrThrow()
  return { told: Number(told), kept: share(Number(kept), Number(told)) }
}

/** What each operator did, in seconds, split exactly at the bounds of the period. */
export async function operatorsOf(database: Database, { from, until }: Period) {
  const times = await database
    .selectFrom('queue_times')
    .select(['operator', 'state', sql<number>`sum(${clipped(from, until)})`.as('milliseconds')])
    .where('started_at', '<', until)
    .where('ended_at', '>', from)
    .groupBy(['operator', 'state'])
    .execute()
  const offers = await database
    .selectFrom('queue_offers')
    .select(['operator', 'outcome', sql<number>`count(*)`.as('times')])
    .where('at', '>=', from)
    .where('at', '<', until)
    .groupBy(['operator', 'outcome'])
    .execute()
  return [...new Set([...times, ...offers].map(({ operator }) => operator))].sort().map((operator) => {
    const in_ = (state: string) =>
      Number(times.find((row) => row.operator === operator && row.state === state)?.milliseconds ?? 0) / 1_000
    const his = offers.filter((row) => row.operator === operator)
    const ended = (outcome: string) => Number(his.find((row) => row.outcome === outcome)?.times ?? 0)
    const all = his.reduce((sum, { times }) => sum + Number(times), 0)
    const busy = in_('ringing') + in_('talking') + in_('wrap_up')
    return {
      operator,
      ready: in_('ready'),
      ringing: in_('ringing'),
      talking: in_('talking'),
      wrapUp: in_('wrap_up'),
      notReady: in_('not_ready'),
      occupancy: share(busy, busy + in_('ready')),
      utilisation: share(busy, busy + in_('ready') + in_('not_ready')),
      offers: all,
      answered: ended('answered'),
      answerShare: share(ended('answered'), all - ended('answered_elsewhere')),
    }
  })
}

function clipped(from: Moment, until: Moment) {
  return sql<number>`(case when ended_at < ${until} then ended_at else ${until} end)
    - (case when started_at > ${from} then started_at else ${from} end)`
}
