/** What operators did, split exactly at the bounds of each piece of the period. */
import { sql } from 'kysely'
import type { LocalTime } from '#core/calendar.ts'
import type { Moment } from '#core/schema.ts'
import { type FigureDatabase, piecesOf, share } from './figure-tables.ts'
import type { Interval } from './intervals.ts'
import type { OperatorState } from './operator-state.ts'
import type { Settings } from './settings.ts'
import { plannedIn } from './shifts.ts'

/** What somebody does now and is not over yet. */
export interface Doing {
  operator: string
  state: OperatorState
}

export interface OperatorFigures {
  n: number
  operator: string
  ready: number
  ringing: number
  talking: number
  hold: number
  wrapUp: number
  notReady: number
  /** By the reason given. */
  pauses: Record<string, number>
  occupancy: number | undefined
  utilisation: number | undefined
  offers: number
  answered: number
  unanswered: number
  answerShare: number | undefined
  /** Seconds he should have been here, and the share of them that he was. */
  planned: number
  adherence: number | undefined
}

interface Asked {
  intervals: readonly Interval[]
  doing: readonly Doing[]
  settings: Pick<Settings, 'operators'>
  localTime: LocalTime
  now: Moment
}

type Spent = { n: number; operator: string; state: string; reason: string; milliseconds: number }

export async function operatorFigures(database: FigureDatabase, asked: Asked): Promise<OperatorFigures[]> {
  const { intervals, doing, now } = asked
  const within = piecesOf(intervals)
  const times = await sql<Spent>`with ${within}
    select p.n, t.operator, t.state, coalesce(t.reason, '') as reason,
      sum((case when t.ended_at < p.stopped then t.ended_at else p.stopped end)
        - (case when t.started_at > p.started then t.started_at else p.started end)) as milliseconds
    from pieces p join queue_times t on t.started_at < p.stopped and t.ended_at > p.started
    group by 1, 2, 3, 4`.execute(database)
  const offers = await sql<{ n: number; operator: string; outcome: string; times: number }>`with ${within}
    select p.n, o.operator, coalesce(o.outcome, '') as outcome, count(*) as times
    from pieces p join queue_offers o on o.at >= p.started and o.at < p.stopped
    group by 1, 2, 3`.execute(database)
  const spent = [...times.rows, ...doing.flatMap((each) => soFar(each, intervals, now))]
  const plans = await plansOf(database, asked)

  return intervals.flatMap((_, n) => {
    const [done, rung] = [
      spent.filter((row) => Number(row.n) === n),
      offers.rows.filter((row) => Number(row.n) === n),
    ]
    return [...new Set([...done, ...rung].map(({ operator }) => operator))].sort().map((operator) => {
      const his = done.filter((row) => row.operator === operator)
      const in_ = (state: string) =>
        his
          .filter((row) => row.state === state)
          .reduce((sum, { milliseconds }) => sum + Number(milliseconds) / 1_000, 0)
      const ended = (...outcomes: string[]) =>
        rung
          .filter((row) => row.operator === operator && outcomes.includes(row.outcome))
          .reduce((sum, each) => sum + Number(each.times), 0)
      const all = rung
        .filter((row) => row.operator === operator)
        .reduce((sum, each) => sum + Number(each.times), 0)
      const busy = in_('ringing') + in_('talking') + in_('wrap_up')
      const plan = plans.find((each) => each.n === n && each.operator === operator)
      return {
        n,
        operator,
        ready: in_('ready'),
        ringing: in_('ringing'),
        talking: in_('talking') - in_('hold'),
        hold: in_('hold'),
        wrapUp: in_('wrap_up'),
        notReady: in_('not_ready'),
        pauses: sumBy(
          his.filter(({ state }) => state === 'not_ready'),
          ({ reason }) => reason,
        ),
        occupancy: share(busy, busy + in_('ready')),
        utilisation: share(busy, busy + in_('ready') + in_('not_ready')),
        offers: all,
        answered: ended('answered'),
        unanswered: ended('unanswered', 'rejected'),
        answerShare: share(ended('answered'), all - ended('answered_elsewhere')),
        planned: (plan?.planned ?? 0) / 1_000,
        adherence: plan && share(plan.kept, plan.planned),
      }
    })
  })
}

interface Plan {
  n: number
  operator: string
  /** Milliseconds. */
  planned: number
  kept: number
}

/** For those who have a shift: how long they should have been here, up to now, and how long of that they were. */
async function plansOf(
  database: FigureDatabase,
  { intervals, doing, settings, localTime, now }: Asked,
): Promise<Plan[]> {
  const shifts = settings.operators.flatMap(({ id, shift }) =>
    shift
      ? intervals.flatMap(({ from, until }, n) =>
          from < now
            ? plannedIn({ from, until: Math.min(until, now) }, shift, localTime).map((piece) => ({
                n,
                operator: id,
                piece,
              }))
            : [],
        )
      : [],
  )
  if (shifts.length === 0) return []
  const rows = shifts.map(
    ({ n, operator, piece }) =>
      sql`(${sql.lit(n)}, cast(${operator} as varchar(60)), ${sql.lit(piece.from)}, ${sql.lit(piece.until)})`,
  )
  const kept = await sql<{ n: number; operator: string; kept: number }>`with
    shifts(n, operator, started, stopped) as (values ${sql.join(rows)})
    select s.n, s.operator, sum((case when t.ended_at < s.stopped then t.ended_at else s.stopped end)
      - (case when t.started_at > s.started then t.started_at else s.started end)) as kept
    from shifts s join queue_times t on t.operator = s.operator and t.state <> 'hold'
      and t.started_at < s.stopped and t.ended_at > s.started group by 1, 2`.execute(database)

  const plans = new Map<string, Plan>()
  for (const { n, operator, piece } of shifts) {
    const key = `${n} ${operator}`
    const plan = plans.get(key) ?? { n, operator, planned: 0, kept: keptIn(kept.rows, n, operator) }
    plan.planned += piece.until - piece.from
    const here = doing.find((each) => each.operator === operator)
    if (here) for (const { milliseconds } of soFar(here, [piece], now)) plan.kept += milliseconds
    plans.set(key, plan)
  }
  return [...plans.values()]
}

function keptIn(rows: readonly { n: number; operator: string; kept: number }[], n: number, operator: string) {
  return Number(rows.find((row) => Number(row.n) === n && row.operator === operator)?.kept ?? 0)
}

function soFar({ operator, state }: Doing, intervals: readonly Interval[], now: Moment): Spent[] {
  if (state.is === 'signed_out') return []
  return intervals.flatMap(({ from, until }, n) => {
    const milliseconds = Math.min(until, now) - Math.max(from, state.since)
    const reason = state.is === 'not_ready' ? state.reason : ''
    return milliseconds > 0 ? [{ n, operator, state: state.is, reason, milliseconds }] : []
  })
}

function sumBy(rows: readonly Spent[], keyOf: (row: Spent) => string): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const row of rows) sums[keyOf(row)] = (sums[keyOf(row)] ?? 0) + Number(row.milliseconds) / 1_000
  return sums
}
