import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '#core/clock.ts'
import { lineCalledLast } from '#core/database/line-called-last.ts'
import type { Tables } from '#core/database/tables.ts'
import type { CallId, Moment, OrderId, Phone } from '#core/schema.ts'
import type { Level, Result } from './results.ts'
import type { CallbackTables, Notice, Try } from './tables.ts'

export type NewNotice = Pick<
  Notice,
  'key' | 'rule' | 'order_id' | 'phone' | 'stage' | 'is_asked' | 'is_urgent' | 'by' | 'next_at' | 'expires_at'
>
export type NewTry = Pick<Try, 'notice' | 'phone' | 'line' | 'car' | 'told'>

/** What is known of whom we call about what, on the disk. */
export type Notices = ReturnType<typeof openNotices>

export function openNotices(parts: { clock: Clock; database: Kysely<Tables & CallbackTables> }) {
  const { clock, database } = parts
  type Hand = Kysely<Tables & CallbackTables> | Transaction<Tables & CallbackTables>

  const set = (id: string, change: Partial<Notice>, hand: Hand = database) =>
    hand.updateTable('status_callback_notices').set(change).where('id', '=', id).execute()

  return {
    find: (key: string): Promise<Notice | undefined> =>
      database.selectFrom('status_callback_notices').selectAll().where('key', '=', key).executeTakeFirst(),

    get: (id: string): Promise<Notice | undefined> =>
      database.selectFrom('status_callback_notices').selectAll().where('id', '=', id).executeTakeFirst(),

    open: (): Promise<Notice[]> =>
      database.selectFrom('status_callback_notices').selectAll().where('state', '=', 'open').execute(),

    of: (order: OrderId): Promise<Notice[]> =>
      database
        .selectFrom('status_callback_notices')
        .selectAll()
        .where('order_id', '=', order)
        .orderBy('created_at')
        .execute(),

    /** `undefined` when there is one of this key already. */
    async add(notice: NewNotice): Promise<Notice | undefined> {
      const row: Notice = {
        ...notice,
        id: randomUUID(),
        state: 'open',
        result: null,
        created_at: clock.now(),
      }
      const done = await database
        .insertInto('status_callback_notices')
        .values(row)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .executeTakeFirst()
      return Number(done.numInsertedOrUpdatedRows ?? 0) > 0 ? row : undefined
    },

    async reopen(notice: Notice, change: NewNotice): Promise<Notice> {
      const again = { ...change, state: 'open', result: null, created_at: clock.now() } as const
      await set(notice.id, again)
      return { ...notice, ...again }
    },

    set: async (id: string, change: Partial<Pick<Notice, 'stage' | 'next_at' | 'expires_at' | 'result'>>) => {
      await set(id, change)
    },

    async close(id: string, result: Result) {
      await set(id, { state: 'closed', result })
    },

    /** As if nobody had ever thought of it. */
    async remove(id: string) {
      await database.deleteFrom('status_callback_notices').where('id', '=', id).execute()
    },

    triesOf: (notice: string): Promise<Try[]> =>
      database
        .selectFrom('status_callback_tries')
        .selectAll()
        .where('notice', '=', notice)
        .orderBy('attempt')
        .execute(),

    findTry: (call: CallId): Promise<Try | undefined> =>
      database.selectFrom('status_callback_tries').selectAll().where('call', '=', call).executeTakeFirst(),

    /** The id of its call is on the disk before anybody is rung. */
    async beginTry(attempt: number, about: NewTry): Promise<Try> {
      const row: Try = { ...about, attempt, call: randomUUID(), at: clock.now(), level: null, result: null }
      await database.insertInto('status_callback_tries').values(row).execute()
      return row
    },

    async reach(call: CallId, level: Level) {
      await database.updateTable('status_callback_tries').set({ level }).where('call', '=', call).execute()
    },

    /** With what follows from it: another try, or the result of the whole. */
    async endTry({ call, notice }: Try, result: Result, follows: { next_at: Moment } | { result: Result }) {
      await database.transaction().execute(async (hand) => {
        await hand.updateTable('status_callback_tries').set({ result }).where('call', '=', call).execute()
        await set(notice, follows, hand)
      })
    },

    async callsSince(phone: Phone, since: Moment): Promise<number> {
      const { count } = await database
        .selectFrom('status_callback_tries')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('phone', '=', phone)
        .where('at', '>=', since)
        .where((each) =>
          each.or([each('result', 'is', null), each('result', 'not in', ['line_error', 'cancelled'])]),
        )
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    lineOf: (phone: Phone) => lineCalledLast(database, phone),

    async hasEnded(call: CallId): Promise<boolean> {
      const row = await database
        .selectFrom('calls')
        .select('ended_at')
        .where('id', '=', call)
        .executeTakeFirst()
      return row !== undefined && row.ended_at !== null
    },

    async prune(before: Moment) {
      const old = database
        .selectFrom('status_callback_notices')
        .select('id')
        .where('state', '=', 'closed')
        .where('created_at', '<', before)
      await database.deleteFrom('status_callback_tries').where('notice', 'in', old).execute()
      await database
        .deleteFrom('status_callback_notices')
        .where('state', '=', 'closed')
        .where('created_at', '<', before)
        .execute()
    },
  }
}
