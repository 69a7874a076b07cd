import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Journal } from '../database/journal.ts'
import type { Tables } from '../database/tables.ts'
import { isSilence, reasonOf } from '../errors.ts'
import type { CallId } from '../schema.ts'

/** One kind of effect towards people or money. */
export interface Deed<Data, Outcome extends string> {
  /**
   * Looks at the outside world: what came of it if it was done, `undefined` if it was not. Asked after a restart
   * and before whatever failed is tried again.
   */
  find(data: Data, signal: AbortSignal): Promise<Outcome | undefined>
  perform(data: Data, signal: AbortSignal): Promise<Outcome>
  /** Told once, when the outcome is known; the facts published here are stored with the end of the intent. */
  settled?(data: Data, outcome: Outcome, call: CallId | undefined): void
}

export interface Intent<Data> {
  /** Names this one effect for ever: the same key is never carried out twice. */
  key: string
  call?: CallId
  data: Data
}

/** Effects that happen exactly once: written before they are done, closed after, looked up after a restart. */
export interface Intents {
  /** Declares a kind; what a dead process left open of it is settled now. */
  declare<Data extends object, Outcome extends string>(
    kind: string,
    deed: Deed<Data, Outcome>,
  ): Declared<Data, Outcome>
}

export interface Declared<Data, Outcome extends string> {
  carryOut(intent: Intent<Data>, signal: AbortSignal): Promise<Outcome>
}

/** How long an effect may take once it has been written, in milliseconds: longer than any caller waits. */
const effectDeadline = 15_000
/** Between two attempts to settle what a dead process left open. */
const settleAgainAfter = 5_000
/** Of what was meant longer ago than this, in milliseconds, one failure is enough. */
const meantFor = 10 * 60_000

/** Whether it has been tried before, and whether it is tried again while a neighbour is silent. */
type Standing = 'new' | 'left over' | 'awaited'

export function openIntents(options: {
  database: Kysely<Tables>
  journal: Pick<Journal, 'closeIntent' | 'flush'>
  clock: Clock
  log: Logger
  cleanup: AsyncDisposableStack
}): Intents {
  const { database, journal, clock, log, cleanup } = options
  const underWay = new Map<string, Promise<string>>()
  const closing = new AbortController()
  cleanup.defer(async () => {
    closing.abort(new Error('the house closes'))
    await Promise.allSettled(underWay.values())
  })

  /** The row of the key, made if there was none, never before its call is known on disk: after a kill it is the same call. */
  async function write(kind: string, intent: Intent<object>) {
    if (intent.call !== undefined) await journal.flush()
    const row = {
      key: intent.key,
      kind,
      call: intent.call ?? null,
      data: JSON.stringify(intent.data),
      state: 'open' as const,
      outcome: null,
      opened_at: clock.now(),
      closed_at: null,
    }
    await database
      .insertInto('intents')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute()
    return await read(intent.key)
  }

  const read = (key: string) =>
    database.selectFrom('intents').selectAll().where('key', '=', key).executeTakeFirstOrThrow()

  /** Stored with the facts told of it, in one transaction: after a kill it is either closed and told, or open. */
  async function close(key: string, state: 'done' | 'failed', outcome: string) {
    journal.closeIntent({ key, state, outcome, closed_at: clock.now() })
    await journal.flush().catch((thrown: unknown) => {
      log.error({ intent: key, reason: reasonOf(thrown) }, 'The end of an intent waits for the database')
    })
  }

  /** Runs to its end even if the caller who asked hangs up: a half-done effect helps nobody. */
  async function bounded<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const late = new AbortController()
    const relax = clock.after(effectDeadline, () =>
      late.abort(new Error(`took longer than ${effectDeadline} ms`)),
    )
    try {
      return await work(AbortSignal.any([late.signal, closing.signal]))
    } finally {
      relax()
    }
  }

  return {
    declare<Data extends object, Outcome extends string>(
      kind: string,
      deed: Deed<Data, Outcome>,
    ): Declared<Data, Outcome> {
      async function carryOutOnce(intent: Intent<Data>): Promise<Outcome> {
        const fresh = clock.now()
        let row = await write(kind, intent)
        if (row.state === 'open' && row.opened_at < fresh) {
          // Its end may wait in memory for the database.
          await journal.flush()
          row = await read(intent.key)
        }
        if (row.state === 'done') return row.outcome as Outcome
        const standing = row.state === 'failed' || row.opened_at < fresh ? 'left over' : 'new'
        return await bounded((signal) => settle(intent, standing, signal))
      }

      async function settle(
        { key, call, data }: Intent<Data>,
        standing: Standing,
        signal: AbortSignal,
      ): Promise<Outcome> {
        // Not knowing is no failure: what cannot be looked up now stays as it is.
        const found = standing === 'new' ? undefined : await deed.find(data, signal)
        const outcome = found ?? (await performed(key, data, standing, signal))
        deed.settled?.(data, outcome, call)
        await close(key, 'done', outcome)
        return outcome
      }

      async function performed(
        key: string,
        data: Data,
        standing: Standing,
        signal: AbortSignal,
      ): Promise<Outcome> {
        try {
          return await deed.perform(data, signal)
        } catch (thrown) {
          const isTriedAgain = standing === 'awaited' && isSilence(thrown)
          if (!closing.signal.aborted && !isTriedAgain)
            await close(key, 'failed', reasonOf(thrown).slice(0, 500))
          throw thrown
        }
      }

      /** How many of them are still open. */
      async function settleLeftOvers(startedAt: number): Promise<number> {
        const open = () =>
          database
            .selectFrom('intents')
            .selectAll()
            .where('kind', '=', kind)
            .where('state', '=', 'open')
            .where('opened_at', '<', startedAt)
            .execute()
        for (const row of await open()) {
          try {
            const intent = {
              key: row.key,
              data: JSON.parse(row.data) as Data,
              ...(row.call === null ? {} : { call: row.call }),
            }
            const isAwaited = clock.now() - row.opened_at < meantFor
            const outcome = await shared(row.key, async () => {
              // Whoever asked for it again meanwhile may have closed it while others were settled.
              await journal.flush()
              const now = await read(row.key)
              if (now.state === 'done') return now.outcome as Outcome
              return await bounded((signal) => settle(intent, isAwaited ? 'awaited' : 'left over', signal))
            })
            log.info({ intent: row.key, outcome }, 'An intent left open was settled')
          } catch (thrown) {
            log.error(
              { intent: row.key, reason: reasonOf(thrown) },
              'An intent left open could not be settled now',
            )
          }
        }
        return closing.signal.aborted ? 0 : (await open()).length
      }

      async function settleUntilDone(startedAt: number) {
        while (!closing.signal.aborted) {
          try {
            if ((await settleLeftOvers(startedAt)) === 0) return
          } catch (thrown) {
            log.error({ kind, reason: reasonOf(thrown) }, 'Intents left open could not be read')
          }
          await clock.sleep(settleAgainAfter, closing.signal).catch(() => undefined)
        }
      }

      function shared(key: string, work: () => Promise<Outcome>): Promise<Outcome> {
        const running = underWay.get(key) ?? work().finally(() => underWay.delete(key))
        underWay.set(key, running)
        return running as Promise<Outcome>
      }

      const leftOvers = settleUntilDone(clock.now())
      cleanup.defer(() => leftOvers)

      return {
        async carryOut(intent, signal) {
          signal.throwIfAborted()
          return await shared(intent.key, () => carryOutOnce(intent))
        },
      }
    },
  }
}
