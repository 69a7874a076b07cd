/**
 * The queues of the house as one pure machine: told what happened and when, it decides who is offered whom. No
 * clock, no wires: the plugin, the simulation and the benchmark drive this very code.
 */
import type { Day } from '#core/calendar.ts'
import type { Moment } from '#core/schema.ts'
import { announce, announcementAt, estimateOnEntering, waitToSay } from './announcing.ts'
import { type CallBackRules, callBackRules, openAwayPlaces } from './away.ts'
import { type Crew, type Operator, openCrew } from './crew.ts'
import type {
  Decision,
  NewEntry,
  OfferOutcome,
  OperatorKept,
  OperatorProfile,
  QueueEvent,
  QueueKept,
  QueueRules,
  Refusal,
  SendOutcome,
} from './engine-words.ts'
import type { SpokenWait } from './expected-wait.ts'
import { openHandling } from './handling.ts'
import { beforeAnyPhase, openMatching } from './matching.ts'
import { endOf, isServing, type OperatorMove, offeredTo, talksIn } from './operator-state.ts'
import { type Strategy, welcome } from './strategies.ts'
import { openWaitingQueue, servedBefore, shareOf, type Waiting, type WaitingQueue } from './waiting-queue.ts'

export interface EngineOptions {
  queues: readonly QueueRules[]
  operators: readonly OperatorProfile[]
  /** The local day a moment belongs to. */
  dayOf(now: Moment): Day
  now: Moment
  callBacks?: CallBackRules
  kept?: {
    queues?: ReadonlyMap<string, QueueKept>
    operators?: ReadonlyMap<string, OperatorKept>
  }
}

export interface QueueEngine {
  /** Everything that follows from it, in order. */
  handle(event: QueueEvent, now: Moment): Decision[]
  /** When it wants to hear `ticked`. */
  nextAlarm(): Moment | undefined
  /** 1 + those who would be served before. */
  position(entry: string): number | undefined
  /** What somebody who waits may be told of his wait now. */
  waitToSay(entry: string, now: Moment): SpokenWait | undefined
  /** Operators at work for a queue, one who serves several counting in part. */
  atWork(queue: string, now: Moment): number
  waiting(queue: string): readonly Waiting[]
  readonly crew: Crew
  readonly queues: ReadonlyMap<string, WaitingQueue>
}

/** Of so many who gave up it is found out how long they would have waited. */
const rememberedGone = 500
/** How long an operator is left alone whose phone told us something, in milliseconds. */
const restWhen = { busy: 10_000, unreachable: 30_000 } as const

export function openEngine(options: EngineOptions): QueueEngine {
  const { kept = {} } = options
  const queues = new Map(
    options.queues.map((rules) => [rules.name, openWaitingQueue(rules, kept.queues?.get(rules.name))]),
  )
  const crew = openCrew(options.operators, options.dayOf, kept.operators ?? new Map(), options.now)
  const queuesOf = new Map<string, WaitingQueue[]>()
  for (const queue of queues.values()) {
    for (const { operator } of queue.rules.members) {
      queuesOf.set(operator, [...(queuesOf.get(operator) ?? []), queue])
      const his = crew.find(operator)
      if (his && queue.rules.idleFrom === 'talk_end') his.idleFromTalkEnd = true
    }
  }
  const entries = new Map<string, Waiting>()
  let entered = 0
  const handling = openHandling({ queues, entries })
  const matching = openMatching({ crew, queues, offer: makeOffer, endOffer })
  const { ahead, reserveFor } = options.callBacks ?? callBackRules
  const places = openAwayPlaces({ ahead, queueOf, atWork })

  function queueOf(entry: Pick<Waiting, 'queue'>): WaitingQueue {
    const queue = queues.get(entry.queue)
    if (!queue) throw new Error(`no queue named ${entry.queue}`)
    return queue
  }

  function move(operator: Operator, next: OperatorMove, now: Moment, out: Decision[]): boolean {
    const was = crew.move(operator, next, now)
    if (!was) return false
    const { state, profile, serving } = operator
    out.push({ do: 'show', operator: profile.id, state, was, ...(serving && { queue: serving.queue }) })
    if (was.is === 'signed_out')
      for (const { memory, rules } of queuesOf.get(profile.id) ?? [])
        welcome(memory, profile.id, rules.members.map((member) => member.operator).filter(isPresent))
    const isBusy = state.is === 'ringing' || state.is === 'talking' || state.is === 'wrap_up'
    if (was.is === 'talking' && isBusy) handling.turnOver(operator, was, now)
    else if (serving && !isBusy) {
      if (was.is !== 'ringing') handling.learn(serving.queue, now - serving.since)
      operator.serving = undefined
    }
    return true
  }

  function isPresent(id: string): boolean {
    const operator = crew.find(id)
    return operator !== undefined && operator.state.is !== 'signed_out'
  }

  function makeOffer(entry: Waiting, operator: Operator, now: Moment, out: Decision[]) {
    const { ringFor } = queueOf(entry).rules
    const isOnSecondLine = operator.state.is === 'talking'
    if (!move(operator, { name: 'offered', entry: entry.id }, now, out)) return
    if (!isOnSecondLine) operator.serving = { queue: entry.queue, since: now }
    const until = now + (entry.away ? reserveFor : ringFor)
    const { id } = operator.profile
    entry.offers.set(id, { until, phase: entry.phase, since: now, isOnSecondLine })
    entry.dueAt = Math.min(entry.dueAt, until)
    if (!entry.away) return void out.push({ do: 'offer', entry: entry.id, operator: id, ringFor })
    out.push({ do: 'reserve', entry: entry.id, operator: id })
    places.call(entry, out)
  }

  function endOffer(entry: Waiting, id: string, outcome: OfferOutcome, now: Moment, out: Decision[]) {
    if (!entry.offers.delete(id)) return
    out.push({ do: 'end-offer', entry: entry.id, operator: id, outcome })
    const operator = crew.find(id)
    if (!operator || outcome === 'answered') return
    const over = { name: 'offer-over', entry: entry.id } as const
    if (operator.state.is === 'talking')
      return void move(operator, { ...over, ...(entry.refused.has(id) && { isUnwanted: true }) }, now, out)
    const pause = pauseAfter(operator, queueOf(entry).rules, outcome, now)
    move(operator, { ...over, ...(pause && { pause }) }, now, out)
  }

  function pauseAfter(operator: Operator, rules: QueueRules, outcome: OfferOutcome, now: Moment) {
    if (outcome === 'busy' || outcome === 'unreachable')
      return { reason: `phone ${outcome}`, until: now + restWhen[outcome] }
    if (outcome !== 'unanswered' && outcome !== 'rejected') return undefined
    operator.misses += 1
    if (operator.misses < rules.missesAtMost) return undefined
    operator.misses = 0
    const { missesPause } = rules
    return { reason: 'no answer', ...(missesPause !== undefined && { until: now + missesPause }) }
  }

  /** The entry ends here; whatever still rings for it stops. */
  function forget(entry: Waiting, outcome: OfferOutcome, now: Moment, out: Decision[]) {
    entries.delete(entry.id)
    places.forget(entry)
    queueOf(entry).line.remove(entry)
    for (const operator of [...entry.offers.keys()]) endOffer(entry, operator, outcome, now, out)
  }

  function enter(fresh: NewEntry, now: Moment, out: Decision[]) {
    const queue = queueOf(fresh)
    const { rules } = queue
    queue.arrived(fresh.base, now)
    entered += 1
    const { away, hasReturned } = fresh
    const isCallBack = away !== undefined || hasReturned === true
    const entry: Waiting = {
      ...fresh,
      away: away && { ...away, isSpent: false },
      holdsSince: away ? undefined : fresh.enteredAt,
      number: entered,
      strategy: queue.strategy,
      offers: new Map(),
      refused: new Set(),
      attempts: 0,
      phase: beforeAnyPhase,
      // A restart lengthens no wait, but whoever outlived one is offered to somebody once more.
      deadline: away
        ? Number.POSITIVE_INFINITY
        : Math.max(fresh.enteredAt + rules.maximumWait, now + rules.ringFor),
      overflowAt: isCallBack
        ? Number.POSITIVE_INFINITY
        : fresh.enteredAt + (rules.overflowAfter ?? Number.POSITIVE_INFINITY),
      announced: rules.announceAt.filter((after) => fresh.enteredAt + after < now).length,
      dueAt: now,
    }
    if (!isCallBack && queue.line.entries.length >= rules.maximumLength) {
      out.push({ do: 'send', entry: entry.id, outcome: 'overflowed', because: 'the queue is full' })
      return
    }
    entries.set(entry.id, entry)
    queue.line.add(entry)
    places.add(entry)
    if (fresh.given) matching.give(entry, fresh.given, now, out)
  }

  function atWork(queue: WaitingQueue, now: Moment): number {
    let all = 0
    for (const { operator } of queue.rules.members) {
      const his = crew.find(operator)
      if (his && isServing(his.state)) all += shareOf(queue, queuesOf.get(operator) ?? [queue], now)
    }
    return all
  }

  function answered(entry: Waiting, operator: Operator, now: Moment, out: Decision[]) {
    const id = operator.profile.id
    if (!entry.offers.has(id)) return
    endOffer(entry, id, 'answered', now, out)
    forget(entry, 'answered_elsewhere', now, out)
    move(operator, { name: 'talk-began', call: entry.call }, now, out)
    operator.serving ??= { queue: entry.queue, since: now }
    out.push({ do: 'join', entry: entry.id, operator: id })
    learnWait(entry, now, false)
    settleWait(entry, now, false, out)
  }

  function left(entry: Waiting, gaveUp: boolean, now: Moment, out: Decision[]) {
    forget(entry, 'caller_left', now, out)
    if (!gaveUp) return
    const queue = queueOf(entry)
    learnWait(entry, now, true)
    if (!entry.estimate) return
    queue.gone.push(entry)
    if (queue.gone.length > rememberedGone) queue.gone.shift()
  }

  /** How patient callers are is learned from those who hold the line. */
  function learnWait(entry: Waiting, now: Moment, gaveUp: boolean) {
    if (entry.away || entry.hasReturned) return
    queueOf(entry).knowledge.waited((now - entry.enteredAt) / 1_000, gaveUp)
  }

  /** What came of the estimate; those who gave up count as well, else promises would look better than they are. */
  function settleWait(entry: Waiting, now: Moment, gaveUp: boolean, out: Decision[]) {
    const { id, queue, estimate, enteredAt, promisedAt } = entry
    if (!estimate) return
    const real = (now - enteredAt) / 1_000
    if (promisedAt !== undefined) queueOf(entry).knowledge.promised(real <= estimate.promise)
    out.push({ do: 'measure', entry: id, queue, ...estimate, real, gaveUp })
  }

  function refuse(entry: Waiting, operator: string, how: Refusal, now: Moment, out: Decision[]) {
    if (!entry.offers.has(operator)) return
    entry.refused.add(operator)
    endOffer(entry, operator, how, now, out)
  }

  function send(entry: Waiting, outcome: SendOutcome, because: string, now: Moment, out: Decision[]) {
    forget(entry, 'withdrawn', now, out)
    learnWait(entry, now, false)
    out.push({ do: 'send', entry: entry.id, outcome, because })
  }

  function act(event: QueueEvent, now: Moment, out: Decision[]) {
    switch (event.name) {
      case 'entered':
        return enter(event.entry, now, out)
      case 'strategy-changed':
        return change(event.queue, event.strategy)
      case 'operator-moved':
        return moved(event.operator, event.move, now, out)
      case 'ticked':
        return
    }
    const entry = entries.get(event.entry)
    if (!entry) return
    if (event.name === 'prioritised') return prioritise(entry, event.base)
    if (event.name === 'given') return matching.give(entry, event, now, out)
    if (event.name === 'returned') return places.back(entry, event.call, now, out)
    if (event.name === 'left') return left(entry, event.gaveUp, now, out)
    if (event.name === 'offer-refused') return refuse(entry, event.operator, event.how, now, out)
    if (event.name === 'offer-accepted') return matching.prolong(entry, event.operator, now)
    const operator = crew.find(event.operator)
    if (operator) answered(entry, operator, now, out)
  }

  function prioritise(entry: Waiting, base: number) {
    const { line } = queueOf(entry)
    line.remove(entry)
    entry.base = base
    line.add(entry)
  }

  function change(name: string, strategy: Strategy) {
    const queue = queues.get(name)
    if (queue) queue.strategy = strategy
  }

  function moved(id: string, asked: OperatorMove, now: Moment, out: Decision[]) {
    const operator = crew.find(id)
    if (!operator) return
    const { state, serving } = operator
    const entry = entries.get(offeredTo(state) ?? '')
    if (asked.name === 'talk-began' && entry && !talksIn(state, asked.call)) {
      // The phone was taken for another call: the offer is over whatever it still does.
      entry.refused.add(id)
      endOffer(entry, id, 'busy', now, out)
    }
    const wrapUp = serving && (queues.get(serving.queue)?.rules.wrapUp ?? 0)
    move(
      operator,
      asked.name === 'talk-over' && wrapUp ? { ...asked, wrapUpUntil: now + wrapUp } : asked,
      now,
      out,
    )
  }

  function settle(now: Moment, out: Decision[]) {
    for (const operator of crew.all)
      if ((endOf(operator.state) ?? now + 1) <= now) move(operator, { name: 'time' }, now, out)
    const due = [...entries.values()].filter(({ dueAt }) => dueAt <= now)
    for (const entry of due) look(entry, now, out)
    for (const queue of queues.values())
      if (queue.rules.needsSomebody && queue.line.entries.length > 0) sendFromEmpty(queue, now, out)
    const served = matching.run(now, out)
    places.callAhead(now, out)
    for (const queue of queues.values()) measureGone(queue, served.get(queue), now, out)
    for (const entry of due) {
      if (!entries.has(entry.id)) continue
      if (entry.enteredAt === now && !entry.estimate)
        estimateOnEntering(entry, queueOf(entry), atWork(queueOf(entry), now), now)
      announce(entry, queueOf(entry), atWork(queueOf(entry), now), now, out)
      entry.dueAt = dueAt(entry)
    }
  }

  function sendFromEmpty(queue: WaitingQueue, now: Moment, out: Decision[]) {
    if (queue.rules.members.some(({ operator }) => isPresent(operator))) return
    for (const entry of queue.line.entries.filter(({ away }) => !away))
      send(entry, 'no_operators', 'nobody is signed in', now, out)
  }

  /** An operator was free for somebody behind those who gave up, or still is. */
  function measureGone(queue: WaitingQueue, last: Waiting | undefined, now: Moment, out: Decision[]) {
    if (queue.gone.length === 0) return
    const isFree = matching.hasReady(queue)
    if (!last && !isFree) return
    for (const entry of servedBefore(queue.gone, isFree ? undefined : last, queue.rules.aging))
      settleWait(entry, now, true, out)
  }

  /** What time alone brings to somebody who waits. */
  function look(entry: Waiting, now: Moment, out: Decision[]) {
    for (const [operator, { until }] of [...entry.offers]) if (until <= now) lapse(entry, operator, now, out)
    if (entry.deadline <= now) return send(entry, 'timed_out', 'the longest wait was reached', now, out)
    if (entry.overflowAt <= now) return send(entry, 'overflowed', 'it took too long here', now, out)
    matching.rephase(entry, now, out)
  }

  function lapse(entry: Waiting, operator: string, now: Moment, out: Decision[]) {
    if (!entry.away) return refuse(entry, operator, 'unanswered', now, out)
    entry.away.isSpent = true
    endOffer(entry, operator, 'withdrawn', now, out)
  }

  function dueAt(entry: Waiting): Moment {
    const { rules } = queueOf(entry)
    let due = Math.min(
      entry.deadline,
      entry.overflowAt,
      announcementAt(entry, rules),
      matching.phaseEnd(entry),
    )
    for (const { until } of entry.offers.values()) due = Math.min(due, until)
    return due
  }

  return {
    queues,
    crew,

    handle(event, now) {
      const out: Decision[] = []
      act(event, now, out)
      settle(now, out)
      return out
    },

    nextAlarm() {
      let next = crew.nextEnd() ?? Number.POSITIVE_INFINITY
      for (const { dueAt } of entries.values()) if (dueAt < next) next = dueAt
      return Number.isFinite(next) ? next : undefined
    },

    position(id) {
      const entry = entries.get(id)
      return entry && queueOf(entry).line.ahead(entry) + 1
    },

    waitToSay(id, now) {
      const entry = entries.get(id)
      return entry && waitToSay(entry, queueOf(entry), atWork(queueOf(entry), now), now)
    },

    atWork(name, now) {
      const queue = queues.get(name)
      return queue ? atWork(queue, now) : 0
    },
    waiting: (name) => queues.get(name)?.line.entries ?? [],
  }
}
