/** What happened in the queues, kept so that every figure is a query: gathered in memory, stored off the path of calls. */
import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { CallId, Moment } from '#core/schema.ts'
import type {
  EntriesTable,
  GiftsTable,
  OffersTable,
  OperatorsTable,
  QueueTables,
  StrategiesTable,
  TimesTable,
} from './tables.ts'

export type QueueDatabase = Pick<Kysely<QueueTables>, 'selectFrom' | 'transaction'>

export interface QueueJournal {
  entered(entry: EntriesTable): void
  left(entry: string, end: Partial<EntriesTable>): void
  given(gift: GiftsTable): void
  takenBack(entry: string): void
  offered(offer: OffersTable): void
  offerEnded(id: string, outcome: string, at: Moment): void
  did(time: TimesTable): void
  operator(row: OperatorsTable): void
  /** What it keeps is asked for when it is stored. */
  remembers(queue: string, keep: () => unknown): void
  strategy(row: StrategiesTable): void
  strategyUndone(id: string, at: Moment): void
  /** Resolves once all given so far is stored, or cannot be now. */
  flush(): Promise<void>
}

type Write = (transaction: Transaction<QueueTables>) => Promise<unknown>

const flushEvery = 50
const slowestRetry = 2_000
/** Beyond so many the oldest are given up. */
const keptAtMost = 50_000

export function openQueueJournal(parts: {
  database: QueueDatabase
  clock: Clock
  log: Logger
  cleanup: AsyncDisposableStack
}): QueueJournal {
  const { database, clock, log } = parts
  let waiting: Write[] = []
  /** Only the latest counts. */
  const latest = new Map<string, Write>()
  let storing: Promise<void> | undefined
  let takeBack: (() => void) | undefined
  let failures = 0
  let isOpen = true

  function schedule() {
    if (takeBack || storing || !isOpen) return
    const pause = failures ? Math.min(slowestRetry, flushEvery * 2 ** failures) : flushEvery
    takeBack = clock.after(pause, () => {
      takeBack = undefined
      void store()
    })
  }

  function write(work: Write) {
    waiting.push(work)
    if (waiting.length > keptAtMost) waiting = waiting.slice(keptAtMost / 10)
    schedule()
  }

  function writeLatest(key: string, work: Write) {
    latest.set(key, work)
    schedule()
  }

  async function storeBatch() {
    const [batch, rows] = [waiting, new Map(latest)]
    waiting = []
    latest.clear()
    try {
      await database.transaction().execute(async (transaction) => {
        for (const work of [...batch, ...rows.values()]) await work(transaction)
      })
      failures = 0
    } catch (thrown) {
      failures += 1
      waiting = [...batch, ...waiting]
      for (const [key, work] of rows) if (!latest.has(key)) latest.set(key, work)
      if (failures === 1)
        log.error({ reason: reasonOf(thrown), err: thrown }, 'The queue journal waits for the database')
    }
  }

  async function store() {
    takeBack?.()
    takeBack = undefined
    while (storing) await storing
    if (waiting.length === 0 && latest.size === 0) return
    storing = storeBatch().finally(() => {
      storing = undefined
    })
    await storing
    if (waiting.length > 0 || latest.size > 0) schedule()
  }

  parts.cleanup.defer(async () => {
    await store()
    isOpen = false
    takeBack?.()
  })

  return {
    // The same row again means that an earlier commit succeeded without our hearing of it.
    entered: (row) =>
      write((database) =>
        database
          .insertInto('queue_entries')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute(),
      ),
    left: (id, end) =>
      write((database) => database.updateTable('queue_entries').set(end).where('id', '=', id).execute()),
    given: ({ entry, operator, until }) =>
      write((database) =>
        database
          .insertInto('queue_gifts')
          .values({ entry, operator, until })
          .onConflict((conflict) => conflict.column('entry').doUpdateSet({ operator, until }))
          .execute(),
      ),
    takenBack: (entry) =>
      write((database) => database.deleteFrom('queue_gifts').where('entry', '=', entry).execute()),
    offered: (row) =>
      write((database) =>
        database
          .insertInto('queue_offers')
          .values(row)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute(),
      ),
    offerEnded: (id, outcome, at) =>
      write((database) =>
        database.updateTable('queue_offers').set({ outcome, ended_at: at }).where('id', '=', id).execute(),
      ),
    did: (row) => write((database) => database.insertInto('queue_times').values(row).execute()),
    operator: (row) =>
      writeLatest(`operator ${row.id}`, (database) =>
        database
          .insertInto('queue_operators')
          .values(row)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet({ extension: row.extension, state: row.state }),
          )
          .execute(),
      ),
    remembers: (queue, keep) =>
      writeLatest(`queue ${queue}`, (database) => {
        const kept = JSON.stringify(keep())
        return database
          .insertInto('queue_memories')
          .values({ queue, kept })
          .onConflict((conflict) => conflict.column('queue').doUpdateSet({ kept }))
          .execute()
      }),
    strategy: (row) => write((database) => database.insertInto('queue_strategies').values(row).execute()),
    strategyUndone: (id, at) =>
      write((database) =>
        database.updateTable('queue_strategies').set({ undone_at: at }).where('id', '=', id).execute(),
      ),
    flush: store,
  }
}

/** What an earlier life of ours has left behind. */
export interface Left {
  open: ReadonlyMap<CallId, EntriesTable>
  /** By entry. */
  gifts: ReadonlyMap<string, GiftsTable>
  operators: ReadonlyMap<string, OperatorsTable>
  memories: ReadonlyMap<string, string>
  /** Of each queue the changes that count, the latest last. */
  strategies: ReadonlyMap<string, StrategiesTable[]>
  /** Of this day, by operator. */
  talked: ReadonlyMap<string, { milliseconds: number; calls: number }>
}

export async function readLeft(database: QueueDatabase, dayStart: Moment): Promise<Left> {
  const open = await database.selectFrom('queue_entries').selectAll().where('left_at', 'is', null).execute()
  const gifts = await database.selectFrom('queue_gifts').selectAll().execute()
  const operators = await database.selectFrom('queue_operators').selectAll().execute()
  const memories = await database.selectFrom('queue_memories').selectAll().execute()
  const changes = await database
    .selectFrom('queue_strategies')
    .selectAll()
    .where('undone_at', 'is', null)
    .orderBy('at')
    .execute()
  const talks = await database
    .selectFrom('queue_times')
    .select(['operator', 'started_at', 'ended_at', 'queue', 'call'])
    .where('state', '=', 'talking')
    .where('ended_at', '>', dayStart)
    .execute()
  const talked = new Map<string, { milliseconds: number; calls: number }>()
  const counted = new Set<string>()
  for (const talk of talks) {
    // A talk that went on after another one has several rows.
    const each = `${talk.operator} ${talk.call}`
    const before = talked.get(talk.operator) ?? { milliseconds: 0, calls: 0 }
    talked.set(talk.operator, {
      milliseconds: before.milliseconds + talk.ended_at - Math.max(talk.started_at, dayStart),
      calls: before.calls + (talk.queue === null || counted.has(each) ? 0 : 1),
    })
    counted.add(each)
  }
  return {
    open: new Map(open.map((row) => [row.call, row])),
    gifts: new Map(gifts.map((gift) => [gift.entry, gift])),
    operators: new Map(operators.map((row) => [row.id, row])),
    memories: new Map(memories.map(({ queue, kept }) => [queue, kept])),
    strategies: Map.groupBy(changes, ({ queue }) => queue),
    talked,
  }
}
