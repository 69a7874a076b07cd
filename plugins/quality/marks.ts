import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import type { Moment } from '#core/schema.ts'
import type { MarkRow, QualityDatabase, Subject } from './tables.ts'

export type NewMark = Pick<MarkRow, 'survey' | 'call' | 'order_id' | 'phone' | 'subject' | 'who' | 'car'>

export interface MarksAsked {
  from: Moment
  until: Moment
  subject?: Subject | undefined
  who?: string | undefined
}

/** What one driver or dispatcher was given. */
export interface MarksOf {
  subject: Subject
  who: string
  car?: string
  asked: number
  answered: number
  /** How often 1, 2, 3, 4 and 5 were given. */
  given: number[]
}

export const bestMark = 5

/** Every question asked and its answer. */
export type Marks = ReturnType<typeof openMarks>

export function openMarks(parts: { bus: CallBus; clock: Clock; database: QualityDatabase }) {
  const { bus, clock, database } = parts

  function between({ from, until, subject, who }: MarksAsked) {
    let found = database
      .selectFrom('quality_marks')
      .where('asked_at', '>=', from)
      .where('asked_at', '<', until)
    if (subject !== undefined) found = found.where('subject', '=', subject)
    if (who !== undefined) found = found.where('who', '=', who)
    return found
  }

  return {
    /** The question, once; with the answer it has already. */
    async ask(about: NewMark): Promise<MarkRow> {
      const row: MarkRow = {
        ...about,
        id: randomUUID(),
        asked_at: clock.now(),
        mark: null,
        marked_at: null,
        told: null,
      }
      await database
        .insertInto('quality_marks')
        .values(row)
        .onConflict((conflict) => conflict.columns(['survey', 'subject']).doNothing())
        .execute()
      return await database
        .selectFrom('quality_marks')
        .selectAll()
        .where('survey', '=', about.survey)
        .where('subject', '=', about.subject)
        .executeTakeFirstOrThrow()
    },

    async give({ id, call, order_id, subject, who }: MarkRow, mark: number) {
      const values = { mark, marked_at: clock.now() }
      await database.updateTable('quality_marks').set(values).where('id', '=', id).execute()
      const order = order_id === null ? {} : { order: order_id }
      bus.publish('quality.marked', { call, ...order, subject, who, mark })
    },

    /** Newest first. */
    rows: (asked: MarksAsked & { limit: number }): Promise<MarkRow[]> =>
      between(asked).selectAll().orderBy('asked_at', 'desc').orderBy('id').limit(asked.limit).execute(),

    async report(asked: MarksAsked): Promise<MarksOf[]> {
      const times = (mark: number) => sql<number>`sum(case when mark = ${sql.lit(mark)} then 1 else 0 end)`
      const rows = await between(asked)
        .select(['subject', 'who'])
        .select(({ fn }) => [
          fn.countAll().as('asked'),
          fn.count('mark').as('answered'),
          fn.max('car').as('car'),
        ])
        .select([
          times(1).as('ones'),
          times(2).as('twos'),
          times(3).as('threes'),
          times(4).as('fours'),
          times(5).as('fives'),
        ])
        .groupBy(['subject', 'who'])
        .orderBy('subject')
        .orderBy('who')
        .execute()
      return rows.map(({ subject, who, car, ...counts }) => ({
        subject,
        who,
        ...(car && { car }),
        asked: Number(counts.asked),
        answered: Number(counts.answered),
        given: [counts.ones, counts.twos, counts.threes, counts.fours, counts.fives].map(Number),
      }))
    },

    async prune(before: Moment) {
      await database.deleteFrom('quality_marks').where('asked_at', '<', before).execute()
    },
  }
}
