/** The ledger of lost calls: what came of each call as a whole, of those who rang us. */
import { type RawBuilder, sql } from 'kysely'
import { type FigureDatabase, piecesOf, share } from './figure-tables.ts'
import type { Interval } from './intervals.ts'

export const callResults = [
  'refused',
  'answered',
  'self_served',
  'callback_done',
  'recovered',
  'lost',
  'system',
] as const
export type CallResult = (typeof callResults)[number]

/** Milliseconds within which a lost caller who is reached counts as recovered. */
const recoveredWithin = 2 * 3_600_000

/** Somebody talked to this number soon after, whoever of the two rang. */
const isReached = sql`exists (select 1 from calls l where l.from_phone = c.from_phone and l.id <> c.id
  and l.at > c.at and l.at <= c.ended_at + ${sql.lit(recoveredWithin)} and l.talking_at is not null)`
const hasAsked = sql`exists (select 1 from queue_entries q where q.call = c.id and q.outcome = 'callback')`

/** The first that fits. */
export const resultOf: RawBuilder<CallResult> = sql`(case
  when c.result = 'refused' then 'refused'
  when c.talking_at is not null then 'answered'
  when c.result = 'self_served' then 'self_served'
  when ${hasAsked} and ${isReached} then 'callback_done'
  when ${isReached} then 'recovered'
  when c.result = 'system' then 'system'
  else 'lost' end)`

/** Calls that we made ourselves, and codes that phones of the house dial, are in no figure of those who rang us. */
export const callsIn = sql`c.at >= p.started and c.at < p.stopped and c.errand is null and c.ended_at is not null
  and c.to_number not like '*%'`

/** A menu has spoken with him before any queue did. */
const sawMenu = sql`exists (select 1 from facts f where f.call = c.id and f.name = 'call.conversing'
  and f.data not like '%"by":"queue"%' and f.data not like '%"by":"operators"%')`
/** He had no order when he called, and had one when he hung up. */
const wantedOrder = sql`exists (select 1 from facts f where f.call = c.id and f.name = 'call.identified'
  and f.data not like '%"order":%')`
const gotOrder = sql`exists (select 1 from facts f where f.call = c.id and f.name = 'call.about-order')`

export interface Ledger {
  n: number
  calls: number
  results: Record<CallResult, number>
  /** Of those lost, how many were reached in time after all. */
  recoveredShare: number | undefined
  containment: number | undefined
  orderConversion: number | undefined
}

export async function ledgerOf(database: FigureDatabase, intervals: readonly Interval[]): Promise<Ledger[]> {
  const { rows } = await sql<{
    n: number
    result: CallResult
    times: number
    menu: number
    wanted: number
    got: number
  }>`with ${piecesOf(intervals)},
      judged as (select p.n, ${resultOf} as result,
        case when ${sawMenu} then 1 else 0 end as menu,
        case when c.talking_at is not null and ${wantedOrder} then 1 else 0 end as wanted,
        case when c.talking_at is not null and ${wantedOrder} and ${gotOrder} then 1 else 0 end as got
        from pieces p join calls c on ${callsIn})
    select n, result, count(*) as times, sum(menu) as menu, sum(wanted) as wanted, sum(got) as got
    from judged group by n, result`.execute(database)

  return intervals.map((_, n) => {
    const own = rows.filter((row) => Number(row.n) === n)
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      own.reduce((all, row) => all + Number(of(row)), 0)
    const times = (result: CallResult) => Number(own.find((row) => row.result === result)?.times ?? 0)
    const recovered = times('recovered') + times('callback_done')
    const contained = Number(own.find(({ result }) => result === 'self_served')?.menu ?? 0)
    return {
      n,
      calls: sum((row) => row.times),
      results: Object.fromEntries(callResults.map((result) => [result, times(result)])) as Ledger['results'],
      recoveredShare: share(recovered, recovered + times('lost')),
      containment: share(
        contained,
        sum((row) => row.menu),
      ),
      orderConversion: share(
        sum((row) => row.got),
        sum((row) => row.wanted),
      ),
    }
  })
}
