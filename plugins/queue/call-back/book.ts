/** Call-backs on the disk: each change is written before it is acted upon. */
import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import type { Moment } from '#core/schema.ts'
import type { CallBacksTable, CallBackTables, CallBackTriesTable } from './tables.ts'

export type CallBack = CallBacksTable
export type Try = CallBackTriesTable
type Change = Partial<Omit<CallBack, 'id'>>

export interface CallBackBook {
  add(row: CallBack): Promise<void>
  /** The row it is given is changed as well. */
  set(row: CallBack, change: Change): Promise<void>
  /** He is going to be rung. */
  beginTry(row: CallBack, attempt: number): Promise<Try>
  endTry(row: CallBack, mine: Try, outcome: string, change: Change): Promise<void>
  triesOf(id: string): Promise<Try[]>
  open(): Promise<CallBack[]>
  /** Whom a text message is owed, of those that ended since then. */
  owedTexts(since: Moment): Promise<CallBack[]>
  /** Those who asked since then, the latest first. */
  since(moment: Moment): Promise<CallBack[]>
  find(id: string): Promise<CallBack | undefined>
}

export function openCallBackBook({
  clock,
  database,
}: {
  clock: Clock
  database: Pick<Kysely<CallBackTables>, 'insertInto' | 'updateTable' | 'selectFrom' | 'transaction'>
}): CallBackBook {
  const change = (id: string, next: Change, within: Pick<typeof database, 'updateTable'> = database) =>
    within.updateTable('queue_call_backs').set(next).where('id', '=', id).execute()

  return {
    async add(row) {
      await database.insertInto('queue_call_backs').values(row).execute()
    },

    async set(row, next) {
      await change(row.id, next)
      Object.assign(row, next)
    },

    async beginTry(row, attempt) {
      const mine = { call: randomUUID(), call_back: row.id, attempt, at: clock.now(), outcome: null }
      await database.transaction().execute(async (transaction) => {
        await transaction.insertInto('queue_call_back_tries').values(mine).execute()
        await change(row.id, { state: 'dialling' }, transaction)
      })
      row.state = 'dialling'
      return mine
    },

    async endTry(row, mine, outcome, next) {
      await database.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('queue_call_back_tries')
          .set({ outcome })
          .where('call', '=', mine.call)
          .execute()
        await change(row.id, next, transaction)
      })
      Object.assign(row, next)
    },

    triesOf: (id) =>
      database
        .selectFrom('queue_call_back_tries')
        .selectAll()
        .where('call_back', '=', id)
        .orderBy('attempt')
        .execute(),

    open: () =>
      database
        .selectFrom('queue_call_backs')
        .selectAll()
        .where('closed_at', 'is', null)
        .orderBy('arrived_at')
        .execute(),

    owedTexts: (since) =>
      database
        .selectFrom('queue_call_backs')
        .selectAll()
        .where('closed_at', '>', since)
        .where('text', '=', 'owed')
        .orderBy('closed_at')
        .execute(),

    since: (moment) =>
      database
        .selectFrom('queue_call_backs')
        .selectAll()
        .where('asked_at', '>=', moment)
        .orderBy('asked_at', 'desc')
        .execute(),

    find: (id) => database.selectFrom('queue_call_backs').selectAll().where('id', '=', id).executeTakeFirst(),
  }
}
