import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Clock } from '#core/clock.ts'
import type { JournalReader } from '#core/database/journal.ts'
import type { Tables } from '#core/database/tables.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { DispatchRequest, Stage } from '#core/ports/dispatch.ts'
import type { Services } from '#core/services.ts'
import { nextKnown, type Told } from './stages.ts'
import type { DoorTables, RequestsTable } from './tables.ts'

/** That an order moved. */
export interface Telling {
  name: 'order.stage-changed'
  data: Omit<StageFact, 'from' | 'stage' | 'request'>
  told: Told
}

/** What a program tells or wants. */
export type Wish = Telling | DispatchRequest

export interface Request {
  /** Whose key it is: the keys of two programs never meet. */
  asker: string
  /** The same in every try. */
  key: string
  wish: Wish
}

export interface Acceptance {
  outcome: RequestsTable['outcome']
  /** It was accepted before; nothing was done again. */
  isRepeat: boolean
}

/**
 * What programs tell us and want of us: each request is written down before it is answered, becomes a fact
 * once, and is known when it comes again, also after a restart. Requests to act go the way of the house's own.
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

type StageFact = FactData<'order.stage-changed'>
type Doors = Transaction<Tables & DoorTables>

/** As long as the house itself knows a request to act. */
const secondsOfDay = 24 * 60 * 60
const day = secondsOfDay * 1_000
const clockMayJump = 60_000

export function openRequests({
  bus,
  cleanup,
  clock,
  database,
  journal,
  keepRequest,
  log,
}: {
  bus: Pick<CallBus, 'publish'>
  cleanup: AsyncDisposableStack
  clock: Clock
  database: Kysely<Tables & DoorTables>
  journal: Pick<JournalReader, 'factsNamed' | 'flush'>
  keepRequest: Services['keepRequest']
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

  async function reaching<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work
    } catch (thrown) {
      if (thrown instanceof CallbusError) throw thrown
      throw new CallbusError('DATABASE_UNAVAILABLE', { reason: reasonOf(thrown) }, { cause: thrown })
    }
  }

  async function acceptOne(request: Request): Promise<Acceptance> {
    const { asker, key, wish } = request
    const before = await reaching(
      database
        .selectFrom('dispatch_door_requests')
        .selectAll()
        .where('asker', '=', asker)
        .where('key', '=', key)
        .executeTakeFirst(),
    )
    if (before && before.asked !== JSON.stringify(wish)) throw new CallbusError('KEY_REUSED', { key })
    if (before) return { outcome: before.outcome, isRepeat: true }
    return wish.name === 'order.stage-changed' ? await hearOf(request, wish) : await keep(request, wish)
  }

  /** The house keeps it first: killed between the two, we find it there when the program asks again. */
  async function keep(request: Request, wish: DispatchRequest): Promise<Acceptance> {
    const repeats = { key: `${request.asker}:${request.key}`, seconds: secondsOfDay }
    const isRepeat = (await keepRequest(wish, repeats)) === 'repeat'
    await reaching(insert(database, request, { outcome: 'accepted' }))
    return { outcome: 'accepted', isRepeat }
  }

  async function hearOf(request: Request, { data, told }: Telling): Promise<Acceptance> {
    const id = randomUUID()
    const { outcome, fact } = await reaching(
      database.transaction().execute(async (transaction) => {
        const { outcome, from } = await learn(transaction, data.order, told)
        const fact = { ...data, stage: told.stage, ...(from && { from }), request: id }
        const isMove = outcome === 'moved'
        await insert(transaction, request, isMove ? { id, outcome, fact } : { outcome })
        return { outcome, fact: isMove ? fact : undefined }
      }),
    )
    if (fact) tell(id, fact)
    return { outcome, isRepeat: false }
  }

  async function insert(
    into: Doors | Kysely<Tables & DoorTables>,
    { asker, key, wish }: Request,
    { id = randomUUID(), outcome, fact }: { id?: string; outcome: Acceptance['outcome']; fact?: StageFact },
  ) {
    const row: RequestsTable = {
      id,
      asker,
      key,
      asked: JSON.stringify(wish),
      outcome,
      accepted_at: clock.now(),
      fact: fact ? JSON.stringify(fact) : null,
      is_told: fact ? 0 : 1,
    }
    await into.insertInto('dispatch_door_requests').values(row).execute()
  }

  async function learn(transaction: Doors, id: string, told: Told) {
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

  function tell(id: string, fact: StageFact) {
    bus.publish('order.stage-changed', fact)
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
  async function isInJournal({ accepted_at, id }: RequestsTable): Promise<boolean> {
    const moves = await journal.factsNamed('order.stage-changed', accepted_at - clockMayJump)
    return moves.some(({ data }) => data.request === id)
  }

  return {
    accept: (request) => inTurn(() => acceptOne(request)),

    noteStage: (order, stage) =>
      inTurn(async () => {
        await database.transaction().execute((transaction) => learn(transaction, order, { stage }))
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
          const fact = JSON.parse(row.fact ?? 'null') as StageFact | null
          if (fact && !(await isInJournal(row))) {
            log.warn({ request: row.id, order: fact.order }, 'A move accepted before the restart is told now')
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
