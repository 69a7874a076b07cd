/**
 * What happened, kept. Facts and the calls' present state are gathered in memory and stored in one
 * transaction every few milliseconds. While the database is away nothing is thrown at a call: everything
 * stays in memory up to a bound, is found there by whoever reads, and is stored when the database is back.
 */
import type { Logger } from 'pino'
import type { FactName, FactOfNoCall, Stamped } from '../call-bus/events.ts'
import type { Clock } from '../clock.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import type { Moment } from '../schema.ts'
import { type Batch, type IntentEnd, noBatch, openBatchWriter } from './journal-batch.ts'
import type { CallRow, Database, FactsTable } from './tables.ts'

export interface CallsAsked {
  /** `true` for calls of this moment, `false` for ended ones. */
  live?: boolean
  phone?: string
  /** Calls that rang earlier than this one. */
  before?: { at: number; id: string }
  limit: number
}

export interface Journal extends AsyncDisposable {
  /**
   * No fact of an earlier run has a larger id, nor had any that was told and not stored before a kill: a program that
   * heard it and comes back must not take a new fact for it. The bus counts on from here.
   */
  readonly lastFactId: number
  /** How many facts and calls wait in memory, and how many facts had to be given up. */
  readonly waiting: { facts: number; calls: number; lost: number }
  append(fact: Stamped): void
  /** The whole row; the newest one of a call counts. */
  keepCall(row: CallRow): void
  /** Stored together with the facts given so far. */
  closeIntent(end: IntentEnd): void
  /** Resolves once all given so far is stored; rejects with DATABASE_UNAVAILABLE when it cannot be now. */
  flush(): Promise<void>
  storyOf(call: string): Promise<Stamped[]>
  /** The facts of one name that speak of these calls. */
  factsOf<Name extends FactName>(calls: readonly string[], name: Name): Promise<Stamped<Name>[]>
  /** The facts of one name since a moment, the oldest first. Facts of calls are asked for by their call. */
  factsNamed<Name extends FactOfNoCall>(name: Name, since: Moment): Promise<Stamped<Name>[]>
  /** Newest first. */
  findCalls(asked: CallsAsked): Promise<CallRow[]>
  findCall(id: string): Promise<CallRow | undefined>
  /** Oldest first: what a restart takes up again. */
  openCalls(): Promise<CallRow[]>
  factsSince(id: number, limit: number): Promise<Stamped[]>
}

/** What a plugin may know of the journal. */
export type JournalReader = Pick<
  Journal,
  'findCalls' | 'findCall' | 'storyOf' | 'factsOf' | 'factsNamed' | 'flush'
>

interface JournalParts {
  database: Database
  clock: Clock
  log: Logger
  /** Milliseconds. */
  flushEvery?: number
  /** Beyond so many unstored facts the oldest are given up, counted and reported. */
  keepAtMost?: number
}

/** From so many facts in one transaction, they are gathered so many times longer: it halves what each costs. */
const busyFrom = 10
const busyFactor = 5
/** More than can have been told and not stored, also when the database was away for long. */
const leap = 1_000_000
const slowestRetry = 1_000
const lastTries = 5

export async function openJournal({
  database,
  clock,
  log,
  flushEvery = 20,
  keepAtMost = 100_000,
}: JournalParts): Promise<Journal> {
  const lastFactId = await lastIdOf(database)
  const write = openBatchWriter(database)

  let { facts, calls, ends } = noBatch()
  let lost = 0
  let failures = 0
  let isBusy = false
  let storing: Promise<void> | undefined
  let takeBackTimer: (() => void) | undefined
  let closed = false

  function schedule(): void {
    if (takeBackTimer || storing || closed) return
    const usual = isBusy ? flushEvery * busyFactor : flushEvery
    const pause = failures ? Math.min(slowestRetry, flushEvery * 2 ** failures) : usual
    takeBackTimer = clock.after(pause, () => {
      takeBackTimer = undefined
      store().catch(() => {})
    })
  }

  /** One attempt for everything that waits now. */
  async function store(): Promise<void> {
    takeBackTimer?.()
    takeBackTimer = undefined
    if (!isWaiting()) return

    const batch = { facts, calls, ends }
    ;({ facts, calls, ends } = noBatch())
    isBusy = batch.facts.length >= busyFrom
    inHand = batch
    storing = database.transaction().execute((transaction) => write(transaction, batch))
    try {
      await storing
      if (failures)
        log.info({ facts: batch.facts.length, lost }, 'The database is back; facts are stored again')
      failures = 0
    } catch (thrown) {
      failures += 1
      takeBack(batch)
      const error = new CallbusError('DATABASE_UNAVAILABLE', { reason: reasonOf(thrown) }, { cause: thrown })
      if (failures === 1) log.error({ code: error.code, err: error, waiting: facts.length }, error.message)
      throw error
    } finally {
      inHand = noBatch()
      storing = undefined
      if (isWaiting()) schedule()
    }
  }

  /** What is on its way to the database just now: readers must still see it. */
  let inHand = noBatch()

  const isWaiting = () => facts.length > 0 || calls.size > 0 || ends.length > 0

  function takeBack(batch: Batch): void {
    facts = batch.facts.concat(facts)
    calls = new Map([...batch.calls, ...calls])
    ends = batch.ends.concat(ends)
    giveUpOldest()
  }

  function giveUpOldest(): void {
    const tooManyFacts = facts.length - keepAtMost
    if (tooManyFacts > 0) {
      if (!lost)
        log.error(
          { code: 'DATABASE_UNAVAILABLE', keepAtMost },
          'Memory for unstored facts is full; the oldest are given up',
        )
      facts = facts.slice(tooManyFacts)
      lost += tooManyFacts
    }
    // Live calls are always kept: a restart needs them. Their number is bounded by the exchange.
    for (const [id, row] of calls) {
      if (calls.size <= keepAtMost) break
      if (row.ended_at !== null) calls.delete(id)
    }
  }

  function unstored(): FactsTable[] {
    return inHand.facts.concat(facts)
  }

  function unstoredCalls(): Map<string, CallRow> {
    return new Map([...inHand.calls, ...calls])
  }

  async function flush(): Promise<void> {
    while (storing) await storing.catch(() => {})
    if (isWaiting()) await store()
  }

  return {
    lastFactId,

    get waiting() {
      return { facts: inHand.facts.length + facts.length, calls: unstoredCalls().size, lost }
    },

    append(fact) {
      facts.push(toRow(fact))
      // Cutting one by one would copy the whole memory each time.
      if (facts.length > keepAtMost * 1.1) giveUpOldest()
      schedule()
    },

    keepCall(row) {
      calls.set(row.id, { ...row })
      schedule()
    },

    closeIntent(end) {
      ends.push(end)
      schedule()
    },

    flush,

    async storyOf(call) {
      const mine = unstored().filter((row) => row.call === call)
      const rows = await reading(
        database.selectFrom('facts').selectAll().where('call', '=', call).orderBy('id').execute(),
      )
      return merge(rows, mine).map(toFact)
    },

    async factsOf<Name extends FactName>(calls: readonly string[], name: Name) {
      if (!calls.length) return []
      const mine = unstored().filter(
        (row) => row.name === name && row.call !== null && calls.includes(row.call),
      )
      const rows = await reading(
        database
          .selectFrom('facts')
          .selectAll()
          .where('call', 'in', calls)
          .where('name', '=', name)
          .orderBy('id')
          .execute(),
      )
      return merge(rows, mine).map(toFact) as Stamped<Name>[]
    },

    async factsNamed<Name extends FactOfNoCall>(name: Name, since: Moment) {
      const mine = unstored().filter((row) => row.name === name && row.at >= since)
      const rows = await reading(readFacts(database, name, since))
      return merge(rows, mine).map(toFact) as Stamped<Name>[]
    },

    async factsSince(id, limit) {
      const mine = unstored().filter((row) => row.id > id)
      const rows = await reading(
        database.selectFrom('facts').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute(),
      )
      return merge(rows, mine).slice(0, limit).map(toFact)
    },

    async findCalls(asked) {
      const mine = [...unstoredCalls().values()]
      let query = database.selectFrom('calls').selectAll()
      if (asked.live !== undefined) query = query.where('ended_at', asked.live ? 'is' : 'is not', null)
      if (asked.phone !== undefined) query = query.where('from_phone', '=', asked.phone)
      if (asked.before) {
        const { at, id } = asked.before
        query = query.where(({ eb, or, and }) =>
          or([eb('at', '<', at), and([eb('at', '=', at), eb('id', '<', id)])]),
        )
      }
      // A call that changed in memory may no longer fit: ask for so many more that the page stays full.
      const rows = await reading(
        query
          .orderBy('at', 'desc')
          .orderBy('id', 'desc')
          .limit(asked.limit + mine.length)
          .execute(),
      )
      return newest(rows, mine)
        .filter((row) => fits(row, asked))
        .sort((one, other) => other.at - one.at || (other.id < one.id ? -1 : 1))
        .slice(0, asked.limit)
    },

    async findCall(id) {
      return (
        unstoredCalls().get(id) ??
        (await reading(database.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst()))
      )
    },

    async openCalls() {
      const mine = [...unstoredCalls().values()]
      const rows = await reading(
        database.selectFrom('calls').selectAll().where('ended_at', 'is', null).execute(),
      )
      return newest(rows, mine)
        .filter((row) => row.ended_at === null)
        .sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1))
    },

    async [Symbol.asyncDispose]() {
      closed = true
      takeBackTimer?.()
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await flush()
        } catch (thrown) {
          if (attempt < lastTries) continue
          log.error(
            { code: 'DATABASE_UNAVAILABLE', err: thrown, facts: facts.length },
            'Closed with facts that could not be stored',
          )
          return
        }
      }
    },
  }
}

export async function readFacts(
  database: Database,
  name: FactOfNoCall,
  since: Moment,
): Promise<FactsTable[]> {
  return await database
    .selectFrom('facts')
    .selectAll()
    // The index is of such facts alone.
    .where('call', 'is', null)
    .where('name', '=', name)
    .where('at', '>=', since)
    .orderBy('id')
    .execute()
}

async function lastIdOf(database: Database): Promise<number> {
  const row = await reading(
    database
      .selectFrom('facts')
      .select(({ fn }) => fn.max('id').as('largest'))
      .executeTakeFirst(),
  )
  return row?.largest ? row.largest + leap : 0
}

async function reading<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked
  } catch (thrown) {
    throw new CallbusError('DATABASE_UNAVAILABLE', { reason: reasonOf(thrown) }, { cause: thrown })
  }
}

function fits(row: CallRow, asked: CallsAsked): boolean {
  if (asked.live !== undefined && asked.live !== (row.ended_at === null)) return false
  if (asked.phone !== undefined && asked.phone !== row.from_phone) return false
  const { before } = asked
  return !before || row.at < before.at || (row.at === before.at && row.id < before.id)
}

function newest(stored: CallRow[], unstored: CallRow[]): CallRow[] {
  return [...new Map([...stored, ...unstored].map((row) => [row.id, row])).values()]
}

function merge(stored: FactsTable[], unstored: FactsTable[]): FactsTable[] {
  const rows = new Map([...stored, ...unstored].map((row) => [row.id, row]))
  return [...rows.values()].sort((one, other) => one.id - other.id)
}

function toRow({ id, at, name, data }: Stamped): FactsTable {
  return { id, at, name, call: 'call' in data ? (data.call ?? null) : null, data: JSON.stringify(data) }
}

export function toFact({ id, at, name, data }: FactsTable): Stamped {
  return { id, at, name, data: JSON.parse(data) } as Stamped
}
