import { setImmediate as breathe } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Moment, Phone } from '#core/schema.ts'
import type { Finding } from './screen.ts'
import type { NumberList } from './settings.ts'
import type { BlacklistTables, EntriesTable, HistoryTable } from './tables.ts'

/** What somebody says of a number when putting it on a list. */
export interface NewEntry {
  phone: Phone
  reason: string
  expiresAt?: Moment
}

export interface Entry extends NewEntry {
  list: string
  addedBy: string
  addedAt: Moment
}

export interface Change extends NewEntry {
  list: string
  change: 'added' | 'changed' | 'removed'
  by: string
  at: Moment
}

export interface Page<Item> {
  total: number
  entries: Item[]
}

interface Query {
  list?: string
  /** Part of a number or of a reason. */
  search?: string
  limit: number
  offset: number
}

/** The number lists of the site: kept in the database, looked up in memory. */
export interface NumberLists {
  readonly lists: readonly NumberList[]
  /** The lists this number is on at this moment; no database is asked. */
  find(phone: Phone): Finding[]
  count(list: string): number
  entries(query: Query): Page<Entry>
  entriesOf(list: string): Entry[]
  /** Newest first. */
  history(query: { list?: string; phone?: Phone; limit: number }): Promise<Change[]>

  /** Rejects with `CONFLICT` when the number is there already. */
  add(list: string, entry: NewEntry, by: string): Promise<Entry>
  /** Rejects with `NOT_FOUND` when the number is not there. */
  change(list: string, entry: NewEntry, by: string): Promise<Entry>
  /** Rejects with `NOT_FOUND` when the number is not there. */
  remove(list: string, phone: Phone, by: string): Promise<void>
  /** Adds what is new, changes what differs, removes nothing: all of it or, when the database fails, none. */
  take(
    list: string,
    entries: readonly NewEntry[],
    by: string,
  ): Promise<{ added: number; changed: number; same: number }>
}

interface Step {
  change: Change['change']
  entry: Entry
}

const day = 24 * 60 * 60 * 1000
/** Rows of one SQL statement, and facts published in one go, so that calls get their turn between. */
const portion = 500

export async function openNumberLists(options: {
  bus: CallBus
  cleanup: AsyncDisposableStack
  clock: Clock
  database: Pick<Kysely<BlacklistTables>, 'selectFrom' | 'transaction'>
  lists: readonly NumberList[]
  onTrouble(thrown: unknown): void
}): Promise<NumberLists> {
  const { bus, cleanup, clock, database, lists, onTrouble } = options
  const memory = new Map<string, Map<Phone, Entry>>(lists.map(({ name }) => [name, new Map()]))
  let turn: Promise<unknown> = Promise.resolve()
  let relax = () => {}
  let isOpen = true

  const stored = await database.selectFrom('blacklist_entries').selectAll().orderBy('added_at').execute()
  for (const row of stored) memory.get(row.list)?.set(row.phone, toEntry(row))
  cleanup.defer(async () => {
    isOpen = false
    relax()
    await turn
  })
  watchExpiry()

  function isLive(entry: Entry) {
    return entry.expiresAt === undefined || entry.expiresAt > clock.now()
  }

  function live(list: string, phone: Phone): Entry | undefined {
    const entry = memory.get(list)?.get(phone)
    return entry && isLive(entry) ? entry : undefined
  }

  function entriesOf(list: string): Entry[] {
    return [...(memory.get(list)?.values() ?? [])].filter(isLive)
  }

  /** One write at a time, so that memory ends as the database does. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  /** First the database, all or nothing; then memory, which counts from the next call; then the world. */
  async function carryOut(steps: readonly Step[], by: string) {
    const at = clock.now()
    await database.transaction().execute(async (transaction) => {
      for (const some of portions(steps)) await store(transaction, some, by, at)
    })
    for (const { change, entry } of steps) {
      if (change === 'removed') memory.get(entry.list)?.delete(entry.phone)
      else memory.get(entry.list)?.set(entry.phone, entry)
    }
    watchExpiry()
    for (const some of portions(steps)) {
      for (const { change, entry } of some) {
        bus.publish('number-list.changed', { list: entry.list, phone: entry.phone, change, by })
      }
      if (steps.length > portion) await breathe()
    }
  }

  /** The lookup minds the clock itself; this only lets everybody know that a number has left its list. */
  function watchExpiry() {
    relax()
    let next = Number.POSITIVE_INFINITY
    for (const entries of memory.values()) {
      for (const { expiresAt } of entries.values()) next = Math.min(next, expiresAt ?? next)
    }
    if (!isOpen || next === Number.POSITIVE_INFINITY) return
    relax = clock.after(Math.max(0, Math.min(next - clock.now(), day)), () => {
      inTurn(forgetExpired).catch((thrown: unknown) => {
        onTrouble(thrown)
        if (isOpen) relax = clock.after(day / 24, watchExpiry)
      })
    })
  }

  async function forgetExpired() {
    const gone = [...memory.values()].flatMap((entries) =>
      [...entries.values()].filter((entry) => !isLive(entry)),
    )
    if (gone.length > 0)
      await carryOut(
        gone.map((entry) => ({ change: 'removed', entry })),
        'blacklist',
      )
    else watchExpiry()
  }

  return {
    lists,
    entriesOf,

    find(phone) {
      const findings: Finding[] = []
      for (const list of lists) {
        const entry = live(list.name, phone)
        if (entry) findings.push({ list, entry })
      }
      return findings
    },

    count: (list) => entriesOf(list).length,

    entries({ list, search = '', limit, offset }) {
      const names = list === undefined ? [...memory.keys()] : [list]
      const found = names.flatMap(entriesOf).filter(matching(search))
      found.sort((one, other) => other.addedAt - one.addedAt || (one.phone < other.phone ? -1 : 1))
      return { total: found.length, entries: found.slice(offset, offset + limit) }
    },

    async history({ list, phone, limit }) {
      let rows = database.selectFrom('blacklist_history').selectAll().orderBy('at', 'desc').limit(limit)
      if (list !== undefined) rows = rows.where('list', '=', list)
      if (phone !== undefined) rows = rows.where('phone', '=', phone)
      return (await rows.execute()).map(toChange)
    },

    add: (list, entry, by) =>
      inTurn(async () => {
        if (live(list, entry.phone))
          throw new CallbusError('CONFLICT', { what: `This number on the list ${list}` })
        const added = { ...entry, list, addedBy: by, addedAt: clock.now() }
        await carryOut([{ change: 'added', entry: added }], by)
        return added
      }),

    change: (list, entry, by) =>
      inTurn(async () => {
        const present = live(list, entry.phone)
        if (!present) throw new CallbusError('NOT_FOUND', { what: `such number on the list ${list}` })
        const changed = { ...entry, list, addedBy: present.addedBy, addedAt: present.addedAt }
        await carryOut([{ change: 'changed', entry: changed }], by)
        return changed
      }),

    remove: (list, phone, by) =>
      inTurn(async () => {
        const entry = live(list, phone)
        if (!entry) throw new CallbusError('NOT_FOUND', { what: `such number on the list ${list}` })
        await carryOut([{ change: 'removed', entry }], by)
      }),

    take: (list, entries, by) =>
      inTurn(async () => {
        const steps: Step[] = []
        for (const entry of entries) {
          const present = live(list, entry.phone)
          if (!present) {
            steps.push({ change: 'added', entry: { ...entry, list, addedBy: by, addedAt: clock.now() } })
          } else if (present.reason !== entry.reason || present.expiresAt !== entry.expiresAt) {
            const { addedBy, addedAt } = present
            steps.push({ change: 'changed', entry: { ...entry, list, addedBy, addedAt } })
          }
        }
        if (steps.length > 0) await carryOut(steps, by)
        const added = steps.filter(({ change }) => change === 'added').length
        return { added, changed: steps.length - added, same: entries.length - steps.length }
      }),
  }
}

async function store(
  transaction: Transaction<BlacklistTables>,
  steps: readonly Step[],
  by: string,
  at: Moment,
) {
  const kept = steps.filter(({ change }) => change !== 'removed').map(({ entry }) => toRow(entry))
  if (kept.length > 0) {
    await transaction
      .insertInto('blacklist_entries')
      .values(kept)
      .onConflict((conflict) =>
        conflict.columns(['list', 'phone']).doUpdateSet(({ ref }) => ({
          reason: ref('excluded.reason'),
          added_by: ref('excluded.added_by'),
          added_at: ref('excluded.added_at'),
          expires_at: ref('excluded.expires_at'),
        })),
      )
      .execute()
  }
  for (const { change, entry } of steps) {
    if (change !== 'removed') continue
    await transaction
      .deleteFrom('blacklist_entries')
      .where('list', '=', entry.list)
      .where('phone', '=', entry.phone)
      .execute()
  }
  await transaction
    .insertInto('blacklist_history')
    .values(
      steps.map(({ change, entry: { list, phone, reason, expiresAt } }) => {
        return { list, phone, change, reason, expires_at: expiresAt ?? null, by, at }
      }),
    )
    .execute()
}

function* portions<Item>(items: readonly Item[]) {
  for (let start = 0; start < items.length; start += portion) yield items.slice(start, start + portion)
}

function matching(search: string): (entry: Entry) => boolean {
  const text = search.trim().toLowerCase()
  const digits = text.replace(/[\s()+-]/g, '')
  if (digits !== '' && /^\d+$/.test(digits))
    return ({ phone, reason }) => phone.includes(digits) || reason.includes(text)
  return ({ reason }) => reason.toLowerCase().includes(text)
}

function toEntry({ list, phone, reason, added_by, added_at, expires_at }: EntriesTable): Entry {
  return { list, phone, reason, addedBy: added_by, addedAt: added_at, ...toExpiry(expires_at) }
}

function toRow({ list, phone, reason, addedBy, addedAt, expiresAt }: Entry): EntriesTable {
  return { list, phone, reason, added_by: addedBy, added_at: addedAt, expires_at: expiresAt ?? null }
}

function toChange({ list, phone, change, reason, expires_at, by, at }: HistoryTable): Change {
  return { list, phone, change, reason, by, at, ...toExpiry(expires_at) }
}

function toExpiry(moment: Moment | null): { expiresAt?: Moment } {
  return moment === null ? {} : { expiresAt: moment }
}
