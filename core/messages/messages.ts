/**
 * Tells people something. A message is on disk before `tell` resolves and is tried, with pauses that grow, until it
 * is handed over or given up, also by the next process. Handing over and writing that down are two things: after a
 * kill between them the same message goes out again under the same id.
 */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { openLocalTime } from '../calendar.ts'
import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import type { MessagesTable, Tables } from '../database/tables.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import type { Attachment, Message, MessageCarrier } from '../ports/messages.ts'
import { type Person, responsibleFor } from './responsible.ts'
import type { MessageSettings } from './settings.ts'

export interface Telling {
  /** Names it for ever: told again under the same id it is told once. */
  id: string
  /** Those responsible for what it is about, or one person by name. */
  to: 'responsible' | { person: string }
  /** What it is about, as the duties name it: `queue`, `lines`, `complaints`. */
  about: string
  subject: string
  text: string
  because: string
  attachment?: Attachment
}

export interface Messages {
  /** Resolves with the names of who will be told, once that is on disk; rejects with `DATABASE_UNAVAILABLE`. */
  tell(telling: Telling): Promise<string[]>
}

const deadline = 30_000
const firstPause = 5_000
const longestPause = 15 * 60_000
const hour = 3_600_000
/** How long it is remembered what was told. */
const remembered = 90 * 24 * hour

export interface MessagesParts {
  database: Pick<Kysely<Tables>, 'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom'>
  carriers: ReadonlyMap<string, MessageCarrier>
  settings: MessageSettings
  bus: Pick<CallBus, 'publish'>
  clock: Clock
  log: Logger
  timeZone: string
}

export async function openMessages(parts: MessagesParts): Promise<Messages & AsyncDisposable> {
  const { database, carriers, settings, bus, clock, log } = parts
  const localTime = openLocalTime(parts.timeZone)
  const closing = new AbortController()
  const underWay = new Map<string, Promise<void>>()

  await database
    .deleteFrom('messages')
    .where('ended_at', '<', clock.now() - remembered)
    .execute()
  const open = await database.selectFrom('messages').selectAll().where('ended_at', 'is', null).execute()
  for (const row of open) deliver(row)

  function peopleFor({ to, about }: Telling): Person[] {
    if (to === 'responsible') return responsibleFor(settings, about, localTime, clock.now())
    return settings.people.filter(({ name }) => name === to.person)
  }

  function toRow(telling: Telling, person: string, way: string): MessagesTable {
    const { id, about, subject, text, because, attachment } = telling
    const now = clock.now()
    return {
      id: `${id}/${person}/${way}`,
      person,
      way,
      about,
      data: JSON.stringify({ at: now, subject, text, because, attachment }),
      attempts: 0,
      next_at: now,
      created_at: now,
      ended_at: null,
      outcome: null,
    }
  }

  /** Whether it was not there before. */
  async function write(row: MessagesTable): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await database
      .insertInto('messages')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return Number(numInsertedOrUpdatedRows) > 0
  }

  function deliver(row: MessagesTable) {
    if (underWay.has(row.id)) return
    const work = keepTrying(row)
      .catch((thrown: unknown) => {
        if (!closing.signal.aborted)
          log.error({ message: row.id, reason: reasonOf(thrown) }, 'A message waits for the next start')
      })
      .finally(() => underWay.delete(row.id))
    underWay.set(row.id, work)
  }

  async function keepTrying(row: MessagesTable): Promise<void> {
    for (let { attempts, next_at } = row; ; ) {
      const pause = next_at - clock.now()
      if (pause > 0) await clock.sleep(pause, closing.signal)
      attempts += 1
      const failure = await handOver(row)
      if (!failure) return await end(row, 'delivered', attempts)
      closing.signal.throwIfAborted()
      next_at = clock.now() + Math.min(longestPause, firstPause * 2 ** (attempts - 1))
      const isLate = next_at > row.created_at + settings.giveUpAfter * hour
      if (failure.isFinal || isLate) return await end(row, 'lost', attempts, failure.because)
      log.warn({ message: row.id, way: row.way, reason: failure.because }, 'A message is tried again later')
      await database.updateTable('messages').set({ attempts, next_at }).where('id', '=', row.id).execute()
    }
  }

  /** What kept it, if anything did. */
  async function handOver(row: MessagesTable): Promise<{ because: string; isFinal: boolean } | undefined> {
    const carrier = carriers.get(row.way)
    const address = settings.people.find(({ name }) => name === row.person)?.at[row.way]
    if (!carrier || address === undefined)
      return { because: `${row.person} is not told by ${row.way} any more`, isFinal: true }
    const message = { id: row.id, ...(JSON.parse(row.data) as Omit<Message, 'id'>) }
    const late = new AbortController()
    const relax = clock.after(deadline, () => late.abort(new Error(`it took longer than ${deadline} ms`)))
    try {
      await carrier.carry(
        withinReach(message, carrier),
        address,
        AbortSignal.any([late.signal, closing.signal]),
      )
      return undefined
    } catch (thrown) {
      const isFinal = thrown instanceof CallbusError && thrown.code === 'MESSAGE_REFUSED'
      return { because: reasonOf(thrown).slice(0, 500), isFinal }
    } finally {
      relax()
    }
  }

  async function end(row: MessagesTable, outcome: 'delivered' | 'lost', attempts: number, because = '') {
    const { id, person, way, about } = row
    await database
      .updateTable('messages')
      .set({ ended_at: clock.now(), outcome, attempts })
      .where('id', '=', id)
      .execute()
    const told = { message: id.slice(0, 200), about, person, way }
    if (outcome === 'delivered') return bus.publish('message.delivered', told)
    log.error({ message: id, way, reason: because }, 'A message was lost; its person was not told by it')
    bus.publish('message.lost', { ...told, because })
  }

  return {
    async tell(telling) {
      const people = peopleFor(telling)
      const rows = people.flatMap(({ name, at }) =>
        Object.keys(at)
          .filter((way) => carriers.has(way))
          .map((way) => toRow(telling, name, way)),
      )
      if (rows.length === 0)
        log.warn({ message: telling.id, about: telling.about }, 'Nobody is there to be told')
      try {
        for (const row of rows) if (await write(row)) deliver(row)
      } catch (thrown) {
        throw new CallbusError('DATABASE_UNAVAILABLE', { reason: reasonOf(thrown) }, { cause: thrown })
      }
      return [...new Set(rows.map(({ person }) => person))]
    },

    async [Symbol.asyncDispose]() {
      closing.abort(new Error('the house closes'))
      await Promise.allSettled(underWay.values())
    },
  }
}

/** Whoever cannot be sent a file is told that there is one. */
function withinReach(message: Message, { capabilities }: MessageCarrier): Message {
  if (!message.attachment || capabilities.attachments) return message
  const { attachment, ...rest } = message
  return { ...rest, text: `${rest.text}\n\n[${attachment.name}]` }
}
