import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError, isSilence, reasonOf } from '#core/errors.ts'
import { firstOf } from '#core/plugin.ts'
import type { Dispatch, Order } from '#core/ports/dispatch.ts'
import type { Moment, OrderId, Phone } from '#core/schema.ts'
import type { Ledger, Link } from './ledger.ts'
import type { RecordingsTable } from './tables.ts'
import type { Talk } from './talks.ts'

/** Takes recordings to the orders they belong to, one after another, until each was accepted. */
export interface Courier {
  take(recorded: FactData<'call.recorded'> & { at: Moment }): Promise<void>
  /** A new order: perhaps of somebody who talked to us a moment ago. */
  appeared(order: OrderId): void
  /** The dispatch program is back: nothing rests any longer. */
  hurry(): void
}

/** So long a recording may be of a call that the journal does not know; in milliseconds. */
const journalPatience = 60 * 60_000
const questionPatience = 5_000
const linksPerRound = 20
const mostAppeared = 1_000
const minute = 60_000
const day = 24 * 60 * minute

/** After so many failures in succession: 5 s, 10 s, 20 s … half an hour. */
export function pauseAfter(failures: number): number {
  return Math.min(30 * minute, 5_000 * 2 ** Math.min(failures - 1, 20))
}

export function openCourier(parts: {
  bus: CallBus
  cleanup: AsyncDisposableStack
  clock: Clock
  dispatch: Pick<Dispatch, 'identify' | 'findOrder'>
  ledger: Ledger
  log: Logger
  settings: { linkDays: number; orderWithin: number; withoutOrder: boolean }
  findTalk(recording: RecordingsTable): Promise<Talk | undefined>
  /** Answers with the dispatch program's id, however often it is asked for the same link. */
  attach(link: Link, signal: AbortSignal): Promise<string>
}): Courier {
  const { bus, clock, dispatch, ledger, log, settings } = parts
  const newOrders = new Set<OrderId>()
  const closing = new AbortController()
  let isWorking = false
  let isAsked = false
  let takeBackAlarm: (() => void) | undefined
  /** A dispatch program that does not answer is left in peace until then. */
  let restsUntil = 0
  let silences = 0
  parts.cleanup.defer(() => {
    closing.abort(new Error('the house closes'))
    takeBackAlarm?.()
  })

  function work() {
    isAsked = true
    if (!isWorking && !closing.signal.aborted) void workUntilDone()
  }

  async function workUntilDone() {
    isWorking = true
    takeBackAlarm?.()
    let next: Moment | undefined
    try {
      while (isAsked) {
        isAsked = false
        await round()
        closing.signal.throwIfAborted()
      }
      next = await ledger.nextAt()
    } catch (thrown) {
      if (closing.signal.aborted) return
      log.error({ reason: reasonOf(thrown), err: thrown }, 'Recordings could not be taken to their orders')
      next = clock.now() + minute
    } finally {
      isWorking = false
    }
    if (isAsked) return work()
    if (next === undefined) return
    takeBackAlarm = clock.after(Math.max(next, restsUntil, clock.now() + 1) - clock.now(), work)
  }

  async function round() {
    for (const row of await ledger.due('new', clock.now())) await meet(row)
    await lookAtNewOrders()
    if (clock.now() < restsUntil) return
    for (const row of await ledger.due('watched', clock.now())) await lookLastTime(row)
    await deliver()
  }

  /** A recording is known well enough to be sent, or belongs to nobody. */
  async function meet(row: RecordingsTable) {
    const { recording } = row
    const now = clock.now()
    const talk = await parts.findTalk(row)
    if (!talk) {
      const isHopeless = now > row.stored_at + journalPatience
      if (isHopeless) log.warn({ call: row.call, recording }, 'A recording is of no call we know')
      return await ledger.change(recording, isHopeless ? { state: 'done' } : { next_at: now + minute })
    }
    if (talk.phone === undefined) return await ledger.change(recording, { state: 'done' })

    const orders = new Set([talk.order, await orderOf(talk.phone)].filter((order) => order !== undefined))
    for (const order of orders) await ledger.link(recording, order, now)
    if (orders.size === 0 && settings.withoutOrder) await ledger.link(recording, undefined, now)
    await ledger.change(recording, {
      phone: talk.phone,
      started_at: talk.startedAt,
      operator: talk.operator ?? null,
      direction: talk.direction,
      state: 'watched',
      next_at: row.stored_at + settings.orderWithin * minute,
    })
  }

  async function lookAtNewOrders() {
    if (newOrders.size === 0) return
    const isWorthIt = await ledger.isWatching()
    for (const id of newOrders) {
      newOrders.delete(id)
      if (!isWorthIt || clock.now() < restsUntil) continue
      const order = await asked((signal) => dispatch.findOrder(id, signal))
      if (!order) continue
      for (const { recording } of await ledger.watchedOf(phonesOf(order)))
        await ledger.link(recording, order.id, clock.now())
    }
  }

  /** Orders may have come while nobody told us. */
  async function lookLastTime({ recording, phone }: RecordingsTable) {
    if (phone !== null && !(await ledger.hasOrder(recording))) {
      const order = await orderOf(phone)
      if (clock.now() < restsUntil) return
      if (order !== undefined) await ledger.link(recording, order, clock.now())
    }
    await ledger.change(recording, { state: 'done' })
  }

  async function orderOf(phone: Phone): Promise<OrderId | undefined> {
    if (clock.now() < restsUntil) return undefined
    const card = await asked((signal) => dispatch.identify(phone, signal))
    return card?.order?.id
  }

  async function deliver() {
    const links = await ledger.waiting(clock.now(), linksPerRound)
    if (links.length === linksPerRound) isAsked = true
    for (const link of links) {
      if (clock.now() < restsUntil) return
      if (clock.now() > link.made_at + settings.linkDays * day) await giveUp(link)
      else await send(link)
      closing.signal.throwIfAborted()
    }
  }

  async function send(link: Link) {
    const { call, recording, order_id: order } = link
    try {
      const record = await parts.attach(link, closing.signal)
      answered()
      await ledger.changeLink(link.id, { state: 'sent', record_id: record, because: null })
      bus.publish('call.recording-linked', { call, recording, link: link.id, ...(order && { order }) })
    } catch (thrown) {
      closing.signal.throwIfAborted()
      const because = reasonOf(thrown).slice(0, 500)
      if (isSilence(thrown)) {
        unanswered(because)
        return await ledger.changeLink(link.id, { because })
      }
      const attempts = link.attempts + 1
      log.warn(
        { call, recording, attempts, reason: because },
        'A recording was not accepted; it is sent again',
      )
      await ledger.changeLink(link.id, { because, attempts, next_at: clock.now() + pauseAfter(attempts) })
    }
  }

  async function giveUp({ id, call, recording, because }: Link) {
    log.error({ call, recording, reason: because }, 'A recording was never accepted and is given up')
    await ledger.changeLink(id, { state: 'given-up' })
  }

  /** `undefined` when nobody could say. */
  async function asked<Value>(question: (signal: AbortSignal) => Promise<Value>): Promise<Value | undefined> {
    try {
      const first = await firstOf(closing.signal, {
        answer: question,
        late: (signal) => clock.sleep(questionPatience, signal),
      })
      if (first.won === 'late') throw new CallbusError('DISPATCH_LATE', late)
      answered()
      return first.value as Value
    } catch (thrown) {
      closing.signal.throwIfAborted()
      if (isSilence(thrown)) unanswered(reasonOf(thrown))
      else log.warn({ reason: reasonOf(thrown) }, 'The order of a recording could not be looked up')
      return undefined
    }
  }

  function answered() {
    silences = 0
    restsUntil = 0
  }

  function unanswered(reason: string) {
    silences += 1
    restsUntil = clock.now() + pauseAfter(silences)
    log.warn({ silences, reason }, 'Recordings wait for the dispatch program to answer')
  }

  return {
    async take(recorded) {
      await ledger.add(recorded, clock.now())
      work()
    },

    appeared(order) {
      if (newOrders.size >= mostAppeared) return
      newOrders.add(order)
      work()
    },

    hurry() {
      answered()
      work()
    },
  }
}

const late = { request: 'which order it is', milliseconds: questionPatience }

function phonesOf({ phone, phoneToDial }: Order): Phone[] {
  return [phone, phoneToDial].filter((each) => each !== undefined)
}
