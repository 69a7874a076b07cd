import { randomUUID } from 'node:crypto'
import type { Clock } from '#core/clock.ts'
import { openTurns } from '#core/in-turn.ts'
import type { CallId, Moment, OrderId, Phone } from '#core/schema.ts'
import type { Result } from './results.ts'
import type { QualityDatabase, Survey, Try } from './tables.ts'

export interface NewSurvey {
  key: string
  kind: Survey['kind']
  order: OrderId | undefined
  phone: Phone
  next_at: Moment
  expires_at: Moment
}

/** Who is to be asked, on the disk. */
export type Surveys = ReturnType<typeof openSurveys>

export function openSurveys(parts: { clock: Clock; database: QualityDatabase; rest: number }) {
  const { clock, database, rest } = parts
  const turns = openTurns()

  const set = async (id: string, values: Partial<Survey>) => {
    await database.updateTable('quality_surveys').set(values).where('id', '=', id).execute()
  }
  const get = (id: string) =>
    database.selectFrom('quality_surveys').selectAll().where('id', '=', id).executeTakeFirst()

  /** Nobody is asked twice within the days of rest, whatever is asked by which way. */
  async function claim({ id, phone, asked_at }: Survey): Promise<boolean> {
    if (asked_at !== null) return true
    return await turns.take(phone, async () => {
      const other = await database
        .selectFrom('quality_surveys')
        .select('id')
        .where('phone', '=', phone)
        .where('id', '!=', id)
        .where('asked_at', '>', clock.now() - rest)
        .executeTakeFirst()
      if (other) return false
      await set(id, { asked_at: clock.now() })
      return true
    })
  }

  return {
    get,
    set,
    claim,

    /** `undefined` when there was one of this key already. */
    async add({ order, ...about }: NewSurvey): Promise<Survey | undefined> {
      const row: Survey = {
        ...about,
        id: randomUUID(),
        order_id: order ?? null,
        state: 'open',
        result: null,
        created_at: clock.now(),
        asked_at: null,
      }
      const done = await database
        .insertInto('quality_surveys')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst()
      return Number(done.numInsertedOrUpdatedRows ?? 0) > 0 ? row : undefined
    },

    open: (): Promise<Survey[]> =>
      database
        .selectFrom('quality_surveys')
        .selectAll()
        .where('state', '=', 'open')
        .where('kind', '=', 'after-trip')
        .execute(),

    close: (id: string, result: Result) => set(id, { state: 'closed', result }),

    triesOf: (survey: string): Promise<Try[]> =>
      database
        .selectFrom('quality_tries')
        .selectAll()
        .where('survey', '=', survey)
        .orderBy('attempt')
        .execute(),

    /** The id of its call is on the disk before anybody is rung. */
    async beginTry(survey: string, attempt: number): Promise<Try> {
      const row: Try = { call: randomUUID(), survey, attempt, at: clock.now(), result: null }
      await database.insertInto('quality_tries').values(row).execute()
      return row
    },

    /** With what follows from it: another try, or the end of the whole. */
    async endTry(call: CallId, survey: string, result: Result, nextAt: Moment | undefined) {
      await database.transaction().execute(async (hand) => {
        await hand.updateTable('quality_tries').set({ result }).where('call', '=', call).execute()
        const follows = nextAt === undefined ? { state: 'closed' as const, result } : { next_at: nextAt }
        await hand.updateTable('quality_surveys').set(follows).where('id', '=', survey).execute()
      })
    },

    /** How the surveys planned between two moments came out. */
    async outcomes(from: Moment, until: Moment): Promise<{ result: string; surveys: number }[]> {
      const rows = await database
        .selectFrom('quality_surveys')
        .select(['result'])
        .select(({ fn }) => fn.countAll().as('surveys'))
        .where('kind', '=', 'after-trip')
        .where('created_at', '>=', from)
        .where('created_at', '<', until)
        .groupBy('result')
        .execute()
      return rows.map(({ result, surveys }) => ({ result: result ?? 'open', surveys: Number(surveys) }))
    },

    async prune(before: Moment) {
      const old = database.selectFrom('quality_surveys').select('id').where('created_at', '<', before)
      await database.deleteFrom('quality_tries').where('survey', 'in', old).execute()
      await database.deleteFrom('quality_surveys').where('created_at', '<', before).execute()
    },
  }
}
