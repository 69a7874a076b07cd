/**
 * What a neighbour asked us to do: on the disk before he has his answer, taken once however often he asks,
 * and told to those who act on it, by the next process when this one dies before they have finished.
 */
import type { Logger } from 'pino'
import type { Repeats } from './adapter.ts'
import type { HouseBus } from './call-bus/call-bus.ts'
import type { Stamped } from './call-bus/events.ts'
import type { Clock } from './clock.ts'
import { type Journal, readFacts, toFact } from './database/journal.ts'
import type { Database, IntentRow } from './database/tables.ts'
import { CallbusError, reasonOf } from './errors.ts'
import { inTime } from './in-time.ts'
import type { DispatchRequest } from './ports/dispatch.ts'
import type { Moment } from './schema.ts'

export interface KeptRequests {
  /** What the adapter of this name reports requests by. */
  keeperFor(adapter: string): (request: DispatchRequest, repeats: Repeats) => Promise<'new' | 'repeat'>
  /** From now on, and first of all what a dead process left, requests are told. Disposing ends that. */
  startTelling(): Disposable
  /** Forgets what is too old to be a repeat or to be acted on; how many there were. */
  prune(): Promise<number>
}

interface Waiting {
  key: string
  request: DispatchRequest
  /** As a dead process published it: told again, it is the same fact. */
  fact?: Stamped
}

const kind = 'request'
/** Named whenever rows are asked for: the index begins with them. */
const states = ['open', 'done', 'failed'] as const
/** How long whoever asks may wait for the disk, and how long between two tries, in milliseconds. */
const writeDeadline = 800
const writeAgainAfter = 100
/** Nobody wants a call that he asked for so many milliseconds ago, before we were down. */
const staleAfter = 10 * 60_000
const day = 24 * 60 * 60_000
const mostRemembered = 50_000

export async function openKeptRequests(house: {
  database: Database
  journal: Pick<Journal, 'flush'>
  bus: Pick<HouseBus, 'stamp' | 'tell'>
  clock: Clock
  log: Logger
}): Promise<KeptRequests> {
  const { database, journal, bus, clock, log } = house
  /** When each was last asked for, the longest ago first; a repeat waits for the disk as well. */
  const lastAsked = new Map<string, { at: number; written: Promise<void> }>()
  const waiting: Waiting[] = []
  let isTelling = false

  for (const row of await readRequests(database, clock.now() - day)) {
    lastAsked.set(row.key.slice(0, row.key.lastIndexOf('@')), {
      at: row.opened_at,
      written: Promise.resolve(),
    })
    if (row.state === 'open') await takeUp(row)
  }

  async function takeUp({ key, opened_at, data }: IntentRow) {
    if (opened_at < clock.now() - staleAfter) {
      log.warn({ request: key }, 'A request is too old to be acted on after the restart')
      return await close(key, 'failed', 'found too late after a restart')
    }
    const request = JSON.parse(data) as DispatchRequest
    const fact = await factOf(key, request.name, opened_at)
    waiting.push({ key, request, ...(fact && { fact }) })
  }

  async function factOf(
    key: string,
    name: DispatchRequest['name'],
    since: number,
  ): Promise<Stamped | undefined> {
    const facts = await readFacts(database, name, since)
    return facts.map(toFact).find(({ data }) => 'request' in data && data.request === key)
  }

  /** Until it is written, or so late that whoever asked has been told no. */
  async function write(key: string, request: DispatchRequest, at: number): Promise<void> {
    let isLate = false
    const late = () => {
      isLate = true
      const reason = `a request was not written within ${writeDeadline} ms`
      return new CallbusError('DATABASE_UNAVAILABLE', { reason })
    }
    const tries = async () => {
      while (!(await isInserted(key, request, at))) {
        if (isLate) return
        await clock.sleep(writeAgainAfter)
      }
      if (isLate) await close(key, 'failed', 'written too late')
    }
    const trying = tries()
    trying.catch((thrown: unknown) => log.error({ err: thrown }, 'A late request could not be closed'))
    await inTime(trying, { clock, milliseconds: writeDeadline, late })
  }

  async function isInserted(key: string, request: DispatchRequest, at: number): Promise<boolean> {
    const row = { key, kind, call: null, data: JSON.stringify(request), outcome: null, closed_at: null }
    try {
      await database
        .insertInto('intents')
        .values({ ...row, state: 'open', opened_at: at })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute()
      return true
    } catch (thrown) {
      log.warn({ request: key, reason: reasonOf(thrown) }, 'A request could not be written')
      return false
    }
  }

  async function close(key: string, state: 'done' | 'failed', outcome: string) {
    await database
      .updateTable('intents')
      .set({ state, outcome, closed_at: clock.now() })
      .where('key', '=', key)
      .execute()
  }

  /** It stays open until all who listen have finished, so that none of them is stopped in the middle for good. */
  async function tell({ key, request, fact }: Waiting) {
    try {
      await bus.tell(fact ?? stamped(key, request))
      if (!isTelling) return
      await journal.flush()
      await close(key, 'done', 'told')
    } catch (thrown) {
      log.error({ request: key, reason: reasonOf(thrown) }, 'A request stays open until the next start')
    }
  }

  function stamped(key: string, request: DispatchRequest): Stamped {
    switch (request.name) {
      case 'callback.requested': {
        const { name, ...data } = request
        return bus.stamp(name, { request: key, ...data })
      }
      case 'join.requested': {
        const { name, ...data } = request
        return bus.stamp(name, { request: key, ...data })
      }
    }
  }

  function forgetOld(now: number) {
    for (const [key, { at }] of lastAsked) {
      if (now - at < day && lastAsked.size <= mostRemembered) return
      lastAsked.delete(key)
    }
  }

  return {
    keeperFor: (adapter) => async (request, repeats) => {
      const now = clock.now()
      const key = `${adapter}:${repeats.key}`
      const before = lastAsked.get(key)
      if (before && now - before.at < repeats.seconds * 1_000) {
        await before.written
        return 'repeat'
      }
      const own = `${key}@${now.toString(36)}`
      const written = write(own, request, now)
      lastAsked.delete(key)
      lastAsked.set(key, { at: now, written })
      forgetOld(now)
      try {
        await written
      } catch (thrown) {
        lastAsked.delete(key)
        throw thrown
      }
      if (isTelling) void tell({ key: own, request })
      else waiting.push({ key: own, request })
      return 'new'
    },

    startTelling() {
      isTelling = true
      for (const each of waiting.splice(0)) void tell(each)
      return {
        [Symbol.dispose]() {
          isTelling = false
        },
      }
    },

    async prune() {
      const result = await database
        .deleteFrom('intents')
        .where('kind', '=', kind)
        .where('state', 'in', states)
        .where('opened_at', '<', clock.now() - day)
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}

/** Since a moment, the oldest first. */
export async function readRequests(database: Database, since: Moment): Promise<IntentRow[]> {
  return await database
    .selectFrom('intents')
    .selectAll()
    .where('kind', '=', kind)
    .where('state', 'in', ['open', 'done'])
    .where('opened_at', '>', since)
    .orderBy('opened_at')
    .execute()
}
