/** The engine at work: it is told what happens on the phones, and its decisions become ringing, talks and rows. */
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import type { Caller, Partner } from '#core/plugin.ts'
import type { DialOutcome } from '#core/ports/telephony.ts'
import type { Moment } from '#core/schema.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import type { QueueEngine } from './engine.ts'
import type { Decision, OfferOutcome, QueueEvent, Refusal, SendOutcome } from './engine-words.ts'
import type { QueueJournal } from './queue-journal.ts'
import { toRefusal } from './refusals.ts'
import type { Roster } from './roster.ts'
import type { Announcement, Ending, PlaceInQueue, Stay } from './stay.ts'
import type { EntriesTable, GiftsTable } from './tables.ts'

export interface Desk {
  enter(caller: Caller, stay: Stay): PlaceInQueue
  tell(event: QueueEvent): void
  /** Somebody else decides where he goes; false when he does not wait here. */
  move(call: string, to: string, because: string): boolean
  /** He waits for this operator alone for so many seconds, then for anybody; false when he does not wait here. */
  give(call: string, to: { operator: string; seconds: number }, by: string): boolean
  /** Rows of an earlier life that nobody has come back to. */
  readonly kept: Map<string, EntriesTable>
  closeKept(call: string): void
}

interface Guest {
  caller: Caller
  /** His stay was counted when he asked to be called back. */
  hasReturned: boolean
  row: EntriesTable
  ending: PromiseWithResolvers<Ending>
  rings: Map<string, { stop: AbortController; offer: string; partner?: Partner }>
  news: Announcement[]
  hear: (() => void) | undefined
  last?: Announcement
}

export interface DeskParts {
  engine: QueueEngine
  bus: CallBus
  clock: Clock
  journal: QueueJournal
  log: Logger
  cleanup: AsyncDisposableStack
  roster: Roster
  kept: Map<string, EntriesTable>
  gifts: Map<string, GiftsTable>
  ringFor(queue: string): number
  /** Where somebody goes who is sent away. */
  targetOf(queue: string, outcome: SendOutcome, because: string): string | undefined
  lastOperatorOf(phone: string | undefined): { operator: string; at: Moment } | undefined
  served(phone: string | undefined, operator: string): void
  /** Decisions about those who are away. */
  away(decision: Extract<Decision, { do: 'call-back' | 'reserve' }>): void
}

export function openDesk(parts: DeskParts): Desk {
  const { engine, bus, clock, journal, log, roster, kept, gifts } = parts
  const guests = new Map<string, Guest>()
  const events: QueueEvent[] = []
  let isTelling = false
  let alarm: { at: Moment; takeBack: () => void } | undefined
  parts.cleanup.defer(() => alarm?.takeBack())
  for (const { entry, until } of gifts.values()) if (until <= clock.now()) journal.takenBack(entry)

  /** One event after another, also those that happen while decisions are carried out. */
  function tell(event: QueueEvent) {
    events.push(event)
    if (isTelling) return
    isTelling = true
    try {
      for (let next = events.shift(); next; next = events.shift())
        for (const decision of engine.handle(next, clock.now())) obey(decision)
    } finally {
      isTelling = false
    }
    setAlarm()
  }

  function setAlarm() {
    const at = engine.nextAlarm()
    if (at === alarm?.at) return
    alarm?.takeBack()
    alarm =
      at === undefined
        ? undefined
        : {
            at,
            takeBack: clock.after(Math.max(0, at - clock.now()), () => {
              alarm = undefined
              tell({ name: 'ticked' })
            }),
          }
  }

  function obey(decision: Decision) {
    if (decision.do === 'show') return roster.show(decision)
    if (decision.do === 'call-back' || decision.do === 'reserve') return parts.away(decision)
    if (decision.do === 'take-back') return journal.takenBack(decision.entry)
    const guest = guests.get(decision.entry)
    if (!guest) return
    switch (decision.do) {
      case 'offer':
        return offer(guest, decision.operator)
      case 'end-offer':
        return endOffer(guest, decision.operator, decision.outcome)
      case 'join':
        return join(guest, decision.operator)
      case 'send':
        return send(guest, decision)
      case 'announce':
        return announce(guest, decision)
      case 'measure':
        return
    }
  }

  function offer(guest: Guest, operator: string) {
    const { caller, row } = guest
    const extension = roster.extensionOf(operator) ?? ''
    const ring = { stop: new AbortController(), offer: randomUUID() }
    guest.rings.set(operator, ring)
    const about = { entry: row.id, call: row.call, queue: row.queue, operator, extension }
    journal.offered({ ...about, id: ring.offer, at: clock.now(), ended_at: null, outcome: null })
    journal.remembers(row.queue, () => engine.queues.get(row.queue)?.keep())
    bus.publish('queue.offered', about)

    let how: Refusal = 'unanswered'
    const onMissed = (_phone: string, outcome: DialOutcome) => {
      how = toRefusal(outcome)
    }
    caller
      .reach(
        { phones: [extension], ringFor: parts.ringFor(row.queue), show: 'caller', onMissed },
        ring.stop.signal,
      )
      .then(
        (partner) => (partner ? taken(guest, operator, partner) : refused(guest, operator, how)),
        (thrown: unknown) => {
          if (caller.signal.aborted) return
          log.warn({ call: row.call, err: thrown }, 'An operator could not be rung')
          refused(guest, operator, 'unreachable')
        },
      )
  }

  function refused({ row }: Guest, operator: string, how: Refusal) {
    tell({ name: 'offer-refused', entry: row.id, operator, how })
  }

  function taken(guest: Guest, operator: string, partner: Partner) {
    const ring = guest.rings.get(operator)
    if (!ring) return dismiss(guest, partner)
    ring.partner = partner
    tell({ name: 'offer-answered', entry: guest.row.id, operator })
  }

  function dismiss({ caller }: Guest, partner: Partner) {
    caller.dismiss(partner).catch(() => undefined)
  }

  function endOffer(guest: Guest, operator: string, outcome: OfferOutcome) {
    const ring = guest.rings.get(operator)
    if (!ring) return
    journal.offerEnded(ring.offer, outcome, clock.now())
    if (outcome === 'answered') return
    guest.rings.delete(operator)
    ring.stop.abort(new Error(`the offer ended: ${outcome}`))
    if (ring.partner) dismiss(guest, ring.partner)
  }

  function join(guest: Guest, operator: string) {
    const { partner } = guest.rings.get(operator) ?? {}
    if (!partner) return
    parts.served(guest.caller.call.from, operator)
    leave(guest, 'answered', { operator })
    guest.ending.resolve({ is: 'answered', partner, operator })
  }

  function send(guest: Guest, { outcome, because }: { outcome: SendOutcome; because: string }) {
    const to = parts.targetOf(guest.row.queue, outcome, because)
    leave(guest, outcome, { because, ...(to !== undefined && { to }) })
    guest.ending.resolve({ is: 'sent', outcome, because, ...(to !== undefined && { to }) })
  }

  function announce(guest: Guest, { do: _, entry, ...about }: Extract<Decision, { do: 'announce' }>) {
    if (typeof about.wait === 'number' && guest.row.told === null) {
      guest.row.told = about.wait
      journal.left(entry, { told: about.wait })
    }
    guest.last = { ...about, isAnybodyHere: engine.atWork(guest.row.queue, clock.now()) > 0 }
    guest.news.push(guest.last)
    guest.hear?.()
  }

  /** The stay ends, once. */
  function leave(
    guest: Guest,
    outcome: string,
    about: { operator?: string; to?: string; because?: string } = {},
  ) {
    const { id, call, queue, entered_at } = guest.row
    if (!guests.delete(id)) return
    const { operator, to } = about
    if (guest.hasReturned) return
    const at = clock.now()
    journal.left(id, { left_at: at, outcome, operator: operator ?? null, sent_to: to ?? null })
    bus.publish('queue.left', {
      call,
      entry: id,
      queue,
      outcome,
      seconds: (at - entered_at) / 1_000,
      ...about,
    })
  }

  function guestOf(call: string): Guest | undefined {
    return guests.values().find(({ row }) => row.call === call)
  }

  function newRow(caller: Caller, stay: Stay): EntriesTable {
    const now = clock.now()
    const before = kept.get(caller.call.id)
    kept.delete(caller.call.id)
    if (before && before.queue === stay.queue) return { ...before, priority: stay.priority }
    if (before) journal.left(before.id, { left_at: now, outcome: 'system' })
    const entered_at = stay.since ?? now
    return {
      id: stay.returnsTo ?? randomUUID(),
      call: caller.call.id,
      queue: stay.queue,
      phone: caller.call.from ?? null,
      priority: stay.priority,
      arrived_at: stay.arrivedAt ?? entered_at,
      entered_at,
      left_at: null,
      outcome: null,
      sent_to: null,
      operator: null,
      position: 1,
      expected: null,
      promise: null,
      told: null,
    }
  }

  bus.on('call.operator-rung', ({ call, operator: phone, by }) => {
    const operator = roster.operatorAt(phone)
    const guest = guestOf(call)
    if (by !== undefined && operator !== undefined && guest)
      tell({ name: 'offer-accepted', entry: guest.row.id, operator })
  })

  return {
    kept,
    tell,

    give(call, { operator, seconds }, by) {
      const guest = guestOf(call)
      if (!guest) return false
      const { id: entry, queue } = guest.row
      const until = clock.now() + seconds * 1_000
      journal.given({ entry, operator, until })
      tell({ name: 'given', entry, operator, until })
      bus.publish('queue.given', { call, entry, queue, operator, seconds, by })
      return true
    },

    move(call, to, because) {
      const guest = guestOf(call)
      if (!guest) return false
      leaveEarly(guest, 'moved', { to, because })
      guest.ending.resolve({ is: 'sent', outcome: 'moved', because, to })
      return true
    },

    closeKept(call) {
      const row = kept.get(call)
      if (!row) return
      kept.delete(call)
      journal.left(row.id, { left_at: clock.now(), outcome: 'abandoned' })
    },

    enter(caller, stay) {
      const isAgain = kept.has(caller.call.id)
      const row = newRow(caller, stay)
      const hasReturned = stay.returnsTo !== undefined
      const guest: Guest = {
        caller,
        hasReturned,
        row,
        ending: Promise.withResolvers(),
        rings: new Map(),
        news: [],
        hear: undefined,
      }
      guests.set(row.id, guest)
      const { id, call, queue, priority } = row
      const { first, from } = caller.call
      const last = parts.lastOperatorOf(from)
      const given = gifts.get(id)
      gifts.delete(id)
      row.position = engine.waiting(queue).filter(({ base }) => base >= priority).length + 1
      if (!hasReturned) {
        bus.publish('queue.entered', {
          call,
          entry: id,
          queue,
          position: row.position,
          priority,
          ...(isAgain && { again: true }),
        })
        journal.entered(row)
      }
      if (hasReturned && engine.position(id) !== undefined) {
        if (given) tell({ name: 'given', ...given })
        tell({ name: 'returned', entry: id, call })
      } else if (stay.isClosed) send(guest, { outcome: 'no_operators', because: 'closed' })
      else {
        tell({
          name: 'entered',
          entry: {
            id,
            call,
            queue,
            base: priority,
            arrivedAt: row.arrived_at,
            enteredAt: row.entered_at,
            hasReturned,
            ...(given && { given }),
            ...(last && { lastOperator: last }),
            ...(first && { first: { operators: roster.at(first.phones), tryFor: first.seconds * 1_000 } }),
          },
        })
        const estimate = engine.waiting(queue).find((each) => each.id === id)?.estimate
        if (estimate && !isAgain) journal.left(id, { expected: estimate.mean, promise: estimate.promise })
      }

      return {
        entry: id,
        arrivedAt: row.arrived_at,

        ended: (signal) => unlessAborted(guest.ending.promise, signal),

        async announcement(signal) {
          while (guest.news.length === 0) {
            const { promise, resolve } = Promise.withResolvers<void>()
            guest.hear = resolve
            await unlessAborted(promise, signal)
          }
          // Only where he stands now is worth telling.
          const [latest] = guest.news.splice(0).slice(-1)
          if (!latest) throw new Error('no announcement')
          return latest
        },

        repeat() {
          if (!guest.last) return
          guest.news.push({ ...guest.last, position: engine.position(id) ?? guest.last.position })
          guest.hear?.()
        },

        prioritise(base) {
          row.priority = base
          journal.left(id, { priority: base })
          tell({ name: 'prioritised', entry: id, base })
        },

        waitToSay: () => engine.waitToSay(id, clock.now()),
        stepAside: () => tell({ name: 'left', entry: id, gaveUp: false }),
        leave(to) {
          leaveEarly(guest, 'left_by_key', { to })
        },
        leaveToBeCalled: () => leaveEarly(guest, 'callback'),

        [Symbol.dispose]() {
          if (!guests.has(id)) return
          const { state } = caller.call
          const isOurs = !caller.signal.aborted || (state.is === 'ended' && state.result === 'system')
          leaveEarly(guest, isOurs ? 'system' : 'abandoned')
        },
      }
    },
  }

  /** Before anybody answered. */
  function leaveEarly(guest: Guest, outcome: string, about: { to?: string; because?: string } = {}) {
    tell({ name: 'left', entry: guest.row.id, gaveUp: outcome === 'abandoned' })
    leave(guest, outcome, about)
  }
}
