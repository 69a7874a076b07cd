import type { Kysely } from 'kysely'
import type { FactData } from '#core/call-bus/events.ts'
import type { Moment, OrderId, Phone } from '#core/schema.ts'
import type { LinksTable, RecordingsTable, RecordLinkTables } from './tables.ts'

/** A link with the recording it leads to. */
export type Link = LinksTable & Omit<RecordingsTable, 'state' | 'next_at'>

/** Which recordings there are to attach, to what, and how far that has come. */
export interface Ledger {
  /** The same recording again changes nothing. */
  add(recorded: FactData<'call.recorded'> & { at: Moment }, lookAt: Moment): Promise<void>
  change(recording: string, values: Partial<RecordingsTable>): Promise<void>
  /** What is to be looked at by now. */
  due(state: 'new' | 'watched', now: Moment): Promise<RecordingsTable[]>
  watchedOf(phones: readonly Phone[]): Promise<RecordingsTable[]>
  isWatching(): Promise<boolean>

  /** One link for each recording and order, each with an id of its own. */
  link(recording: string, order: OrderId | undefined, at: Moment): Promise<void>
  hasOrder(recording: string): Promise<boolean>
  waiting(now: Moment, atMost: number): Promise<Link[]>
  find(id: string): Promise<Link | undefined>
  changeLink(id: string, values: Partial<LinksTable>): Promise<void>

  /** When something is due next. */
  nextAt(): Promise<Moment | undefined>
  forget(before: Moment): Promise<void>
}

export function openLedger(database: Kysely<RecordLinkTables>): Ledger {
  const recordings = () => database.selectFrom('call_record_links_recordings').selectAll()
  const links = () =>
    database
      .selectFrom('call_record_links_links as link')
      .innerJoin('call_record_links_recordings as recording', 'recording.recording', 'link.recording')
      .selectAll('link')
      .select(['call', 'seconds', 'stored_at', 'phone', 'started_at', 'operator', 'direction'])

  return {
    async add({ recording, call, seconds, at }, lookAt) {
      const unknown = { phone: null, started_at: null, operator: null, direction: null }
      await database
        .insertInto('call_record_links_recordings')
        .values({ recording, call, seconds, stored_at: at, ...unknown, state: 'new', next_at: lookAt })
        .onConflict((conflict) => conflict.column('recording').doNothing())
        .execute()
    },

    async change(recording, values) {
      await database
        .updateTable('call_record_links_recordings')
        .set(values)
        .where('recording', '=', recording)
        .execute()
    },

    due: (state, now) =>
      recordings().where('state', '=', state).where('next_at', '<=', now).orderBy('next_at').execute(),

    watchedOf: (phones) =>
      phones.length === 0
        ? Promise.resolve([])
        : recordings().where('state', '=', 'watched').where('phone', 'in', phones).execute(),

    async isWatching() {
      return (await recordings().where('state', '=', 'watched').limit(1).executeTakeFirst()) !== undefined
    },

    async link(recording, order = '', at) {
      const present = await database
        .selectFrom('call_record_links_links')
        .select('id')
        .where('recording', '=', recording)
        .execute()
      await database
        .insertInto('call_record_links_links')
        .values({
          id: `${recording}-${present.length + 1}`,
          recording,
          order_id: order,
          state: 'waiting',
          made_at: at,
          attempts: 0,
          next_at: at,
          record_id: null,
          because: null,
        })
        .onConflict((conflict) => conflict.columns(['recording', 'order_id']).doNothing())
        .execute()
    },

    async hasOrder(recording) {
      const found = await database
        .selectFrom('call_record_links_links')
        .select('id')
        .where('recording', '=', recording)
        .where('order_id', '!=', '')
        .executeTakeFirst()
      return found !== undefined
    },

    waiting: (now, atMost) =>
      links()
        .where('link.state', '=', 'waiting')
        .where('link.next_at', '<=', now)
        .orderBy('link.next_at')
        .limit(atMost)
        .execute(),

    find: (id) => links().where('link.id', '=', id).executeTakeFirst(),

    async changeLink(id, values) {
      await database.updateTable('call_record_links_links').set(values).where('id', '=', id).execute()
    },

    async nextAt() {
      const [recording, link] = await Promise.all([
        database
          .selectFrom('call_record_links_recordings')
          .select(({ fn }) => fn.min('next_at').as('at'))
          .where('state', '!=', 'done')
          .executeTakeFirst(),
        database
          .selectFrom('call_record_links_links')
          .select(({ fn }) => fn.min('next_at').as('at'))
          .where('state', '=', 'waiting')
          .executeTakeFirst(),
      ])
      const moments = [recording?.at, link?.at].filter((at) => at !== null && at !== undefined)
      return moments.length > 0 ? Math.min(...moments) : undefined
    },

    async forget(before) {
      const old = database
        .selectFrom('call_record_links_recordings')
        .select('recording')
        .where('stored_at', '<', before)
      await database.deleteFrom('call_record_links_links').where('recording', 'in', old).execute()
      await database.deleteFrom('call_record_links_recordings').where('stored_at', '<', before).execute()
    },
  }
}
