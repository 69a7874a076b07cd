/**
 * Whoever was not reached at the last try gets a text message, once. First the dispatch program is asked something
 * harmless, so that one who is away is told later; of a text that was on its way when something broke nobody can
 * say whether it arrived, and it is not sent again.
 */
import type { Logger } from 'pino'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import { defineWords, type Services } from '#core/plugin.ts'
import type { CallBack, CallBackBook } from './book.ts'
import type { TextState } from './tables.ts'

export interface CallBackTexts {
  /** There is a way to send them. */
  arePossible(): boolean
  /** All that are owed; what cannot be sent now is sent a little later. */
  send(): void
}

/** Later it would only puzzle him. */
const freshFor = 60 * 60_000
const againAfter = 60_000

const words = defineWords('queue', {
  notReached: {
    ru: 'Вы просили перезвонить, но дозвониться до вас не удалось. Пожалуйста, позвоните нам ещё раз.',
    uk: 'Ви просили зателефонувати, але додзвонитися до вас не вдалося. Будь ласка, зателефонуйте нам ще раз.',
    pl: 'Oddzwanialiśmy na prośbę, ale bez skutku. Prosimy o ponowny telefon.',
    en: 'You asked us to call you back, but we could not reach you. Please call us again.',
  },
})

export function openCallBackTexts(parts: {
  book: CallBackBook
  calls: Pick<Services['calls'], 'lineOf'>
  cleanup: AsyncDisposableStack
  clock: Services['clock']
  dispatch: Services['dispatch']
  intents: Services['intents']
  log: Logger
  isOn: boolean
}): CallBackTexts {
  const { book, calls, clock, dispatch, log } = parts
  const closing = new AbortController()
  const turns = openTurns()
  parts.cleanup.defer(() => closing.abort(new Error('the house closes')))

  const texting = parts.intents.declare<{ callBack: string }, TextState>('queue.call-back-text', {
    async find({ callBack }) {
      const row = await book.find(callBack)
      return row?.text === 'sending' ? await unsure(row) : undefined
    },

    async perform({ callBack }, signal) {
      const row = await book.find(callBack)
      if (!row) return 'refused'
      const text = words.notReached.in(calls.lineOf(row.line).language)
      if (dispatch.capabilities.has('identify')) await dispatch.identify(row.phone, signal)
      await book.set(row, { text: 'sending' })
      try {
        await dispatch.sendSms(row.phone, text, signal)
      } catch (thrown) {
        if (!(thrown instanceof CallbusError && thrown.code === 'DISPATCH_REFUSED')) return await unsure(row)
        log.warn({ callBack, reason: thrown.message }, 'The dispatch program does not send a text message')
        return await known(row, 'refused')
      }
      return await known(row, 'sent')
    },
  })

  async function known(row: CallBack, text: TextState) {
    await book.set(row, { text })
    return text
  }

  async function unsure(row: CallBack) {
    log.warn({ callBack: row.id }, 'Whether a text message left is not known; it is not sent again')
    return await known(row, 'unsure')
  }

  async function sendOwed(): Promise<boolean> {
    const owed = await book.owedTexts(clock.now() - freshFor)
    for (const { id } of owed) {
      const intent = { key: `queue.call-back-text:${id}`, data: { callBack: id } }
      await texting.carryOut(intent, closing.signal).catch((thrown: unknown) => {
        closing.signal.throwIfAborted()
        log.warn({ callBack: id, reason: reasonOf(thrown) }, 'A text message waits for the dispatch program')
      })
    }
    return owed.length > 0
  }

  async function sendAll() {
    while (await sendOwed()) await clock.sleep(againAfter, closing.signal)
  }

  return {
    arePossible: () => parts.isOn && dispatch.capabilities.has('sendSms'),

    send() {
      turns.take('send', sendAll).catch((thrown: unknown) => {
        if (!closing.signal.aborted)
          log.error({ reason: reasonOf(thrown) }, 'Text messages could not be read')
      })
    },
  }
}
