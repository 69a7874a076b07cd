/**
 * Marks go to the dispatch program, each once as far as it lets us know: first it is asked something harmless, so that
 * one who is away is told later; of a mark that was on its way when something broke nobody can say whether it
 * arrived, and it is not sent again.
 */
import type { Logger } from 'pino'
import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import type { Dispatch } from '#core/ports/dispatch.ts'
import type { MarkRow, QualityDatabase, Subject, ToldState } from './tables.ts'

/** Older marks stay with us, as when the dispatch program learned to take them only now. */
const freshFor = 7 * 24 * 60 * 60_000
const atOnce = 50

export function openFeedback(parts: {
  clock: Clock
  database: QualityDatabase
  dispatch: Dispatch
  intents: Intents
  log: Logger
  signal: AbortSignal
  subjects: readonly Subject[]
}) {
  const { clock, database, dispatch, intents, log, signal, subjects } = parts
  const turns = openTurns()
  const rows = () => database.selectFrom('quality_marks').selectAll()
  const note = async (id: string, told: ToldState) =>
    void (await database.updateTable('quality_marks').set({ told }).where('id', '=', id).execute())

  const telling = intents.declare<{ mark: string }, Exclude<ToldState, 'sending'>>('quality.feedback', {
    async find({ mark }) {
      const row = await rows().where('id', '=', mark).executeTakeFirst()
      return row?.told === 'sending' ? await unsure(mark) : undefined
    },

    async perform({ mark: id }, until) {
      const { mark, phone, order_id, subject, who } = await rows()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      if (order_id !== null && dispatch.capabilities.has('findOrder'))
        await dispatch.findOrder(order_id, until)
      await note(id, 'sending')
      const text = `${subject} ${who}: ${mark}/5`
      const order = order_id === null ? {} : { order: order_id }
      try {
        await dispatch.saveFeedback({ phone, mark: mark ?? 0, text, ...order }, until)
      } catch (thrown) {
        if (!(thrown instanceof CallbusError && thrown.code === 'DISPATCH_REFUSED')) return await unsure(id)
        log.warn({ mark: id, reason: thrown.message }, 'The dispatch program does not take a mark')
        await note(id, 'refused')
        return 'refused'
      }
      await note(id, 'written')
      return 'written'
    },
  })

  async function unsure(mark: string) {
    log.warn({ mark }, 'Whether a mark reached the dispatch program is not known; it is not sent again')
    await note(mark, 'unsure')
    return 'unsure' as const
  }

  async function due(): Promise<MarkRow[]> {
    return await rows()
      .where('told', 'is', null)
      .where('marked_at', '>', clock.now() - freshFor)
      .where('phone', '!=', '')
      .where('subject', 'in', subjects)
      .orderBy('marked_at')
      .limit(atOnce)
      .execute()
  }

  async function tellAll() {
    for (const { id, call } of await due()) {
      const intent = { key: `quality.feedback:${id}`, call, data: { mark: id } }
      await telling.carryOut(intent, signal).catch((thrown: unknown) => {
        signal.throwIfAborted()
        log.warn({ mark: id, reason: reasonOf(thrown) }, 'A mark waits for the dispatch program to answer')
      })
    }
  }

  return {
    /** Whatever was marked and not told yet; what cannot be told now is told another time. */
    async tell(): Promise<void> {
      if (subjects.length === 0 || !dispatch.capabilities.has('saveFeedback')) return
      await turns.take('tell', tellAll).catch((thrown: unknown) => {
        if (!signal.aborted)
          log.error({ reason: reasonOf(thrown) }, 'Marks could not be read; they are told another time')
      })
    },
  }
}
