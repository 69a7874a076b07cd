/** The figures of call-backs, a query over those that were asked for in a period and are over. */
import { type Kysely, sql } from 'kysely'
import type { Moment } from '#core/schema.ts'
import type { CallBackTables } from './tables.ts'

export async function callBackFigures(
  database: Pick<Kysely<CallBackTables>, 'selectFrom'>,
  { from, until, queue }: { from: Moment; until: Moment; queue?: string },
) {
  const asked = database
    .selectFrom('queue_call_backs')
    .where('asked_at', '>=', from)
    .where('asked_at', '<', until)
    .where('closed_at', 'is not', null)
    .$if(queue !== undefined, (each) => each.where('queue', '=', queue ?? ''))
  const rows = await asked
    .select(['state', sql<number>`count(*)`.as('times')])
    .groupBy('state')
    .execute()
  const { requested, reached, kept } = await asked
    .select([
      sql<number>`count(*)`.as('requested'),
      sql<number>`count(reached_at)`.as('reached'),
      sql<number>`coalesce(sum(case when reached_at <= promised_at then 1 else 0 end), 0)`.as('kept'),
    ])
    .executeTakeFirstOrThrow()
  const { attempts } = await database
    .selectFrom('queue_call_back_tries')
    .where('call_back', 'in', asked.select('id'))
    .select(sql<number>`count(*)`.as('attempts'))
    .executeTakeFirstOrThrow()
  const share = (part: number) => (Number(requested) > 0 ? { share: Number(part) / Number(requested) } : {})
  return {
    requested: Number(requested),
    results: Object.fromEntries(rows.map(({ state, times }) => [state, Number(times)])),
    kept: share(kept).share,
    reached: share(reached).share,
    attempts: share(attempts).share,
  }
}
