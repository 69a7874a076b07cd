/** Those who hung up and keep their place: each is called back once, over hang-ups, kills and restarts. */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Call, Services } from '#core/plugin.ts'
import type { CallId, Moment, Phone } from '#core/schema.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import type { Decision, QueueEvent } from '../engine-words.ts'
import type { CallBack, CallBackBook, Try } from './book.ts'
import { type End, hungUp, joined, OnTheLine, type Pursued, pursue } from './pursuit.ts'
import type { CallBackSettings } from './settings.ts'
import type { EndState } from './tables.ts'
import type { CallBackTexts } from './texts.ts'

export const callBackPlace = 'queue-call-back'

export interface Wish {
  /** The call in which he asks. */
  call?: CallId
  from?: Phone | undefined
  phone: Phone
  queue: string
  line: string
  priority: number
  arrivedAt: Moment
  /** Seconds he was told it takes. */
  within?: number | undefined
  by: string
}

/** What a call that comes to a queue has to do with a call-back. */
export type Known =
  /** We called him back, and here he is. */
  | { is: 'returned'; callBack: CallBack }
  /** He rings by himself: the call-back is over, and his place is his. */
  | { is: 'early'; callBack: CallBack }
  /** The call in which he asked for it. */
  | { is: 'asking'; callBack: CallBack }

export interface CallBacks {
  /** On disk when it resolves; a phone has one at a time. */
  ask(wish: Wish): Promise<CallBack>
  /** He wants to be called on another phone. */
  redirect(callBack: CallBack, phone: Phone): Promise<void>
  welcome(call: Call): Known | undefined
  /** He is on the line and waits for an operator. */
  reached(callBack: CallBack): void
  /** False when it is over, or when he is on the line already. */
  cancel(id: string, by: string): boolean
  obey(decision: Extract<Decision, { do: 'call-back' | 'reserve' }>): void
  /** Takes up what an earlier life of ours left open. */
  resume(): Promise<void>
}

/** What broke is taken up again after so many milliseconds. */
const againAfter = 15_000

export function openCallBacks(parts: {
  book: CallBackBook
  bus: CallBus
  calls: Services['calls']
  cleanup: AsyncDisposableStack
  clock: Clock
  isOpen(queue: string): boolean
  isStanding(id: string): boolean
  journal: Services['journal']
  log: Logger
  operatorAt(extension: string): string | undefined
  settings: CallBackSettings
  texts: CallBackTexts
  tell(event: QueueEvent): void
}): CallBacks {
  const { book, bus, calls, clock, log, settings, tell, texts } = parts
  const open = new Map<string, Pursued>()
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()
  let someCallEnded = Promise.withResolvers<void>()

  parts.cleanup.defer(async () => {
    closing.abort(new Error('the house closes'))
    await Promise.allSettled(underWay)
  })

  bus.on('call.ended', ({ call }) => {
    someCallEnded.resolve()
    someCallEnded = Promise.withResolvers()
    byCall(call)?.met.resolve(hungUp)
  })
  bus.on('call.talking', ({ call, with: phone }) => {
    const operator = parts.operatorAt(phone)
    byCall(call)?.met.resolve({ ...joined, ...(operator !== undefined && { operator }) })
  })
  bus.on('call.offered', ({ from }) => {
    const mine = from === undefined ? undefined : waitingAt(from)
    if (mine && !mine.stop.signal.aborted) mine.stop.abort(new OnTheLine('he rings us himself'))
  })

  const byCall = (call: CallId) => open.values().find((each) => each.call === call)
  const isHis = ({ phone, asked_from }: CallBack, from: Phone) => phone === from || asked_from === from
  /** Whose phone it is, unless we have reached him already. */
  const waitingAt = (from: Phone) =>
    open.values().find(({ row }) => row.state !== 'reached' && isHis(row, from))

  function isOnTheLine(row: CallBack): boolean {
    const mine = open.get(row.id)?.call
    return calls
      .live()
      .some(({ id, from }) => id === row.id || (id !== mine && from !== undefined && isHis(row, from)))
  }

  function stand({ row }: Pursued, isCalled: boolean): Disposable {
    const { id, queue, priority, arrived_at: arrivedAt, state } = row
    if (state !== 'reached' && open.has(id) && !parts.isStanding(id))
      tell({
        name: 'entered',
        entry: {
          id,
          call: id,
          queue,
          base: priority,
          arrivedAt,
          enteredAt: clock.now(),
          away: { isCalled },
        },
      })
    return { [Symbol.dispose]: () => tell({ name: 'left', entry: id, gaveUp: false }) }
  }

  const pursuit = {
    ...parts,
    place: callBackPlace,
    isOnTheLine,
    callEnded: () => someCallEnded.promise,
    stand,
  }

  /** Whatever breaks, it goes on from what is on the disk. */
  async function insist(mine: Pursued) {
    for (;;) {
      try {
        return await close(mine.row, await pursue(mine, pursuit, closing.signal))
      } catch (thrown) {
        if (closing.signal.aborted) return
        log.error({ callBack: mine.row.id, reason: reasonOf(thrown), err: thrown }, 'A call-back broke')
        await clock.sleep(againAfter, closing.signal).catch(() => undefined)
      }
    }
  }

  async function close(row: CallBack, { state, because, operator }: End) {
    const { id, queue, asked_at, by } = row
    const now = clock.now()
    const tries = await book.triesOf(id)
    const isOwed = isUnreached(state, tries) && texts.arePossible()
    bus.publish('queue.call-back-closed', {
      ...(by === 'queue' && { call: id }),
      callBack: id,
      queue,
      result: state,
      because,
      attempts: tries.length,
      seconds: (now - asked_at) / 1_000,
      ...(operator !== undefined && { operator }),
    })
    await book.set(row, {
      state,
      because,
      closed_at: now,
      operator: operator ?? null,
      text: isOwed ? 'owed' : null,
    })
    open.delete(id)
    if (isOwed) texts.send()
  }

  function keep(row: CallBack): Pursued {
    const mine: Pursued = {
      row,
      stop: new AbortController(),
      over: undefined,
      turn: Promise.withResolvers(),
      reservedFor: undefined,
      call: undefined,
      met: Promise.withResolvers(),
    }
    open.set(row.id, mine)
    return mine
  }

  function follow(mine: Pursued) {
    const work = insist(mine).finally(() => underWay.delete(work))
    underWay.add(work)
  }

  /** Its end is written when what is under way has stopped; nobody else is told of it again. */
  function stop(mine: Pursued, end: End) {
    open.delete(mine.row.id)
    mine.over = end
    mine.stop.abort(new Error(end.because))
    tell({ name: 'left', entry: mine.row.id, gaveUp: false })
  }

  return {
    async ask({ call, from, phone, queue, line, priority, arrivedAt, within, by }) {
      const before = waitingAt(phone)
      if (before) return before.row
      const now = clock.now()
      const expires_at = now + settings.keepFor * 60_000
      const row: CallBack = {
        id: call ?? randomUUID(),
        queue,
        phone,
        asked_from: from === phone ? null : (from ?? null),
        line,
        priority,
        arrived_at: arrivedAt,
        asked_at: now,
        promised_at: within === undefined ? expires_at : now + within * 1_000,
        expires_at,
        next_at: now,
        state: 'requested',
        operator: null,
        reached_at: null,
        closed_at: null,
        because: null,
        text: null,
        by,
      }
      await book.add(row)
      bus.publish('queue.call-back-asked', {
        ...(call !== undefined && { call }),
        callBack: row.id,
        queue,
        phone,
        arrivedAt,
        promisedAt: row.promised_at,
        by,
      })
      follow(keep(row))
      return row
    },

    async redirect(row, phone) {
      await book.set(row, { phone, asked_from: row.asked_from ?? row.phone })
    },

    welcome(call) {
      const returned =
        call.errand?.place === callBackPlace ? open.get(call.errand.about.callBack ?? '') : undefined
      if (returned) return { is: 'returned', callBack: returned.row }
      const asking = open.get(call.id)
      if (asking) return { is: 'asking', callBack: asking.row }
      const early = call.from === undefined ? undefined : waitingAt(call.from)
      if (!early) return undefined
      stop(early, { state: 'called_in', because: `he called by himself: ${call.id}` })
      return { is: 'early', callBack: early.row }
    },

    reached(row) {
      if (row.state === 'reached') return
      row.state = 'reached'
      book.set(row, { state: 'reached', reached_at: clock.now() }).catch((thrown: unknown) => {
        log.error({ callBack: row.id, reason: reasonOf(thrown) }, 'A call-back could not be written')
      })
    },

    cancel(id, by) {
      const mine = open.get(id)
      if (!mine || mine.row.state === 'reached') return false
      stop(mine, { state: 'cancelled', because: `${by} stopped it` })
      return true
    },

    obey(decision) {
      const mine = open.get(decision.entry)
      if (!mine) return
      if (decision.do === 'call-back') mine.turn.resolve()
      else mine.reservedFor = decision.operator
    },

    async resume() {
      texts.send()
      const left: Pursued[] = []
      for (const row of await book.open()) {
        const mine = keep(row)
        mine.call = (await book.triesOf(row.id)).find(({ outcome }) => outcome === null)?.call
        left.push(mine)
      }
      if (left.length === 0) return
      const recovered = Promise.withResolvers<void>()
      const forget = calls.onRecovered(recovered.resolve)
      const waiting = unlessAborted(recovered.promise, closing.signal).then(
        () => left.forEach(follow),
        () => undefined,
      )
      underWay.add(waiting)
      void waiting.finally(() => {
        forget()
        underWay.delete(waiting)
      })
    },
  }
}

/** All tries were in vain; a phone that does not exist reads no message either. */
function isUnreached(state: EndState, tries: readonly Try[]): boolean {
  const last = tries.at(-1)?.outcome
  return state === 'failed' && last !== 'answered' && last !== 'invalid'
}
