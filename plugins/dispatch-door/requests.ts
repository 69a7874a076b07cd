import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Clock } from '#core/clock.ts'
import type { JournalReader } from '#core/database/journal.ts'
import type { Tables } from '#core/database/tables.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { Stage } from '#core/ports/dispatch.ts'
import { nextKnown, type Told } from './stages.ts'
import type { DoorTables, RequestsTable } from './tables.ts'

/** What a program tells or wants, as it becomes a fact. */
export type Wish =
  | { name: 'order.stage-changed'; data: Omit<FactData<'order.stage-changed'>, 'from' | 'stage'>; told: Told }
  | { name: 'callback.requested'; data: FactData<'callback.requested'> }
  | { name: 'join.requested'; data: FactData<'join.requested'> }

export interface Request {
  /** Whose key it is: the keys of two programs never meet. */
  asker: string
  /** The same in every try. */
  key: string
  wish: Wish
}

export interface Acceptance {
  request: string
  outcome: RequestsTable['outcome']
  /** It was accepted before; nothing was done again. */
  isRepeat: boolean
}

/**
 * What programs tell us and want of us: each request is written down before it is answered, becomes a fact
 * once, and is known when it comes again, also after a restart.
 */
export interface Requests {
  /** Rejects with KEY_REUSED, or with DATABASE_UNAVAILABLE when it cannot be written down. */
  accept(request: Request): Promise<Acceptance>
  /** Somebody else told of an order. */
  noteStage(order: string, stage: Stage): Promise<void>
  /** Tells what a dead process had accepted and not told. */
  tellLeftOvers(): Promise<void>
  /** Answers how many were forgotten. */
  prune(keepDays: number): Promise<number>
}

type Name = Wish['name']
type Fact = { [Each in Name]: { name: Each; data: FactData<Each> } }[Name]

const day = 24 * 60 * 60 * 1_000
const clockMayJump = 60_000

export function openRequests({
  bus,
  cleanup,
  clock,
  database,
  journal,
  log,
}: {
  bus: Pick<CallBus, 'publish'>
  cleanup: AsyncDisposableStack
  clock: Clock
  database: Kysely<Tables & DoorTables>
  journal: Pick<JournalReader, 'flush'>
  log: Logger
}): Requests {
  /** One after the other: who is written down first is told first, and an order has one line of time. */
  let turn: Promise<unknown> = Promise.resolve()
  const telling = new Set<Promise<void>>()
  cleanup.defer(async () => {
    await turn
    await Promise.all(telling)
  })

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  function writing<Value>(write: (transaction: Transaction<Tables & DoorTables>) => Promise<Value>) {
    return database
      .transaction()
      .execute(write)
      .catch((thrown: unknown) => {
        if (thrown instanceof CallbusError) throw thrown
        throw new CallbusError('DATABASE_UNAVAILABLE', { reason: reasonOf(thrown) }, { cause: thrown })
      })
  }

  async function write(transaction: Transaction<Tables & DoorTables>, { asker, key, wish }: Request) {
    const asked = JSON.stringify(wish)
    const before = await transaction
      .selectFrom('dispatch_door_requests')
      .selectAll()
      .where('asker', '=', asker)
      .where('key', '=', key)
      .executeTakeFirst()
    if (before && before.asked !== asked) throw new CallbusError('KEY_REUSED', { key })
    if (before) return { row: before, fact: undefined, isRepeat: true }

    const id = randomUUID()
    const { outcome, fact } = await decide(transaction, wish, id)
    const row: RequestsTable = {
      id,
      asker,
      key,
      asked,
      outcome,
      accepted_at: clock.now(),
      fact: fact ? JSON.stringify(fact) : null,
      is_told: fact ? 0 : 1,
    }
    await transaction.insertInto('dispatch_door_requests').values(row).execute()
    return { row, fact, isRepeat: false }
  }

  async function decide(
    transaction: Transaction<Tables & DoorTables>,
    wish: Wish,
    request: string,
  ): Promise<{ outcome: Acceptance['outcome']; fact?: Fact }> {
    switch (wish.name) {
      case 'callback.requested':
        return { outcome: 'accepted', fact: { name: wish.name, data: { ...wish.data, request } } }
      case 'join.requested':
        return { outcome: 'accepted', fact: { name: wish.name, data: { ...wish.data, request } } }
      case 'order.stage-changed': {
        const { outcome, from } = await learn(transaction, wish.data.order, wish.told)
        if (outcome !== 'moved') return { outcome }
        const data = { ...wish.data, stage: wish.told.stage, ...(from && { from }), request }
        return { outcome, fact: { name: wish.name, data } }
      }
    }
  }

  async function learn(transaction: Transaction<Tables & DoorTables>, id: string, told: Told) {
    const before = await transaction
      .selectFrom('dispatch_door_orders')
      .select(['stage', 'at'])
      .where('id', '=', id)
      .executeTakeFirst()
    const next = nextKnown(before, told)
    const values = { ...next.known, touched_at: clock.now() }
    await transaction
      .insertInto('dispatch_door_orders')
      .values({ id, ...values })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
      .execute()
    return next
  }

  function tell(id: string, fact: Fact) {
    bus.publish(fact.name, fact.data)
    const noted = markTold([id])
    telling.add(noted)
    void noted.finally(() => telling.delete(noted))
  }

  /** Only once the journal has it: what is told and not stored when we are killed is told by the next process. */
  async function markTold(ids: readonly string[]) {
    try {
      await journal.flush()
      await database
        .updateTable('dispatch_door_requests')
        .set({ is_told: 1 })
        .where('id', 'in', ids)
        .execute()
    } catch (thrown) {
      log.warn(
        { reason: reasonOf(thrown) },
        'What was told could not be noted; the journal is asked after a restart',
      )
    }
  }

  /** Whether the journal has the fact of a request. */
  async function isInJournal({ accepted_at, id }: RequestsTable, { name }: Fact): Promise<boolean> {
    const rows = await database
      .selectFrom('facts')
      .select('data')
      .where('name', '=', name)
      .where('at', '>=', accepted_at - clockMayJump)
      .execute()
    return rows.some(({ data }) => (JSON.parse(data) as Fact['data']).request === id)
  }

  return {
    accept: (request) =>
      inTurn(async () => {
        const { row, fact, isRepeat } = await writing((transaction) => write(transaction, request))
        if (fact) tell(row.id, fact)
        return { request: row.id, outcome: row.outcome, isRepeat }
      }),

    noteStage: (order, stage) =>
      inTurn(async () => {
        await writing((transaction) => learn(transaction, order, { stage }))
      }),

    tellLeftOvers: () =>
      inTurn(async () => {
        const rows = await database
          .selectFrom('dispatch_door_requests')
          .selectAll()
          .where('is_told', '=', 0)
          .orderBy('accepted_at')
          .execute()
        for (const row of rows) {
          const fact = JSON.parse(row.fact ?? 'null') as Fact | null
          if (fact && !(await isInJournal(row, fact))) {
            log.warn(
              { request: row.id, fact: fact.name },
              'A request accepted before the restart is told now',
            )
            tell(row.id, fact)
          } else await markTold([row.id])
        }
      }),

    async prune(keepDays) {
      const limit = clock.now() - keepDays * day
      const done = await database
        .deleteFrom('dispatch_door_requests')
        .where('accepted_at', '<', limit)
        .where('is_told', '=', 1)
        .executeTakeFirst()
      await database.deleteFrom('dispatch_door_orders').where('touched_at', '<', limit).execute()
      return Number(done.numDeletedRows)
    },
  }
}
