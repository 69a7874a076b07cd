/** Brings those who wait together with those who are ready. */
import type { Moment } from '#core/schema.ts'
import type { Crew, Operator } from './crew.ts'
import type { Decision, Gift, Member, OfferOutcome } from './engine-words.ts'
import { comesFree, isServing } from './operator-state.ts'
import { type Candidate, type Phase, phaseAt, remember, whomToRing } from './strategies.ts'
import type { Waiting, WaitingQueue } from './waiting-queue.ts'

export interface Matching {
  /** An offer lasts as long as a fresh one would from now on. */
  prolong(entry: Waiting, operator: string, now: Moment): void
  /** Offers until nobody more can be offered; of each queue the last in line who was. */
  run(now: Moment, out: Decision[]): ReadonlyMap<WaitingQueue, Waiting>
  /** Another step of the strategy has begun: what rings for the earlier one may have to stop. */
  rephase(entry: Waiting, now: Moment, out: Decision[]): Phase
  /** From now on he waits for one operator alone. */
  give(entry: Waiting, to: Gift, now: Moment, out: Decision[]): void
  /** When the next step of his strategy begins. */
  phaseEnd(entry: Waiting): Moment
  hasReady(queue: WaitingQueue): boolean
}

/** Where a caller is whom nobody has been looked for. */
export const beforeAnyPhase = -2
/** While he waits for the one operator to whom a supervisor gave him. */
const givenPhase = -3

/** For whom alone he waits at this moment. */
export function waitsFor({ phase, given }: Waiting): string | undefined {
  return phase === givenPhase ? given?.operator : undefined
}

interface Place {
  member: Pick<Member, 'rank' | 'weight'>
  turn: number
}
/** Of somebody who does not serve the queue. */
const guestPlace: Place = { member: { rank: 1, weight: 1 }, turn: -1 }

export function openMatching(parts: {
  crew: Crew
  queues: ReadonlyMap<string, WaitingQueue>
  offer(entry: Waiting, operator: Operator, now: Moment, out: Decision[]): void
  endOffer(entry: Waiting, operator: string, outcome: OfferOutcome, now: Moment, out: Decision[]): void
}): Matching {
  const { crew, queues } = parts
  const places = new Map<WaitingQueue, Map<string, Place>>()
  for (const queue of queues.values())
    places.set(queue, new Map(queue.rules.members.map((member, turn) => [member.operator, { member, turn }])))
  const ends = new WeakMap<Waiting, Moment>()
  const given = new Set<Waiting>()

  function hasAny(operators: ReadonlySet<Operator>, queue: WaitingQueue): boolean {
    const members = places.get(queue)
    for (const { profile } of operators) if (members?.has(profile.id)) return true
    return false
  }

  function phaseOf(entry: Waiting, now: Moment): Phase {
    const sticky = stickyOf(entry)
    const waited = now - entry.enteredAt
    const phase =
      phaseOfGiven(entry, now) ??
      firstPhase(entry, waited) ??
      phaseAt(entry.strategy, { waited, ...(sticky !== undefined && { sticky }) })
    ends.set(entry, phase.until === undefined ? Number.POSITIVE_INFINITY : entry.enteredAt + phase.until)
    return phase
  }

  /** Over when he goes to rest or does not take him; a phone that rings for him rings to its end. */
  function phaseOfGiven({ given, offers, refused, enteredAt }: Waiting, now: Moment): Phase | undefined {
    if (!given || refused.has(given.operator)) return undefined
    const until = Math.max(given.until, offers.get(given.operator)?.until ?? 0)
    const operator = crew.find(given.operator)
    if (until <= now || !operator) return undefined
    if (!offers.has(given.operator) && !comesFree(operator.state)) return undefined
    return {
      number: givenPhase,
      simple: { is: 'ring_all' },
      only: [given.operator],
      keepsRinging: false,
      leniency: 0,
      until: until - enteredAt,
    }
  }

  function give(entry: Waiting, to: Gift, now: Moment, out: Decision[]) {
    for (const operator of [...entry.offers.keys()])
      if (operator !== to.operator) parts.endOffer(entry, operator, 'withdrawn', now, out)
    entry.given = { operator: to.operator, until: to.until }
    entry.refused.delete(to.operator)
    entry.phase = givenPhase
    entry.dueAt = now
    given.add(entry)
  }

  /** Whose caller he is has him first, while one of them is free; nobody is waited for. */
  function firstPhase({ first, offers, refused }: Waiting, waited: number): Phase | undefined {
    if (!first || waited >= first.tryFor) return undefined
    const only = first.operators.filter(
      (id) => !refused.has(id) && (offers.has(id) || crew.find(id)?.state.is === 'ready'),
    )
    if (only.length === 0) return undefined
    return {
      number: -1,
      simple: { is: 'ring_all' },
      only,
      keepsRinging: false,
      leniency: 0,
      until: first.tryFor,
    }
  }

  function stickyOf({ strategy, lastOperator, enteredAt, queue, refused }: Waiting): string | undefined {
    if (strategy.is !== 'last_operator' || !lastOperator || refused.has(lastOperator.operator))
      return undefined
    if (enteredAt - lastOperator.at > (strategy.within ?? 60) * 60_000) return undefined
    const operator = crew.find(lastOperator.operator)
    const his = queues.get(queue)
    const isMember = his && places.get(his)?.has(lastOperator.operator)
    return operator && isMember && isServing(operator.state) ? lastOperator.operator : undefined
  }

  function rephase(entry: Waiting, now: Moment, out: Decision[]): Phase {
    const phase = phaseOf(entry, now)
    entry.dueAt = Math.min(entry.dueAt, Math.max(now + 1, ends.get(entry) ?? entry.dueAt))
    if (phase.number === entry.phase) return phase
    entry.phase = phase.number
    if (!phase.keepsRinging)
      for (const operator of [...entry.offers.keys()]) parts.endOffer(entry, operator, 'withdrawn', now, out)
    return phase
  }

  /** The fitting operators who are ready, those who have refused him after the others. */
  function candidatesFor(entry: Waiting, queue: WaitingQueue, phase: Phase, now: Moment): Candidate[] {
    const fitting = fittingOf(crew.ready, queue, phase, now)
    const willing = fitting.filter(({ id }) => !entry.refused.has(id))
    // Nobody else is left to ask, unless a phone still rings for him.
    if (willing.length > 0 || entry.offers.size > 0) return willing
    entry.refused.clear()
    return fitting
  }

  function fittingOf(
    operators: ReadonlySet<Operator>,
    queue: WaitingQueue,
    phase: Phase,
    now: Moment,
  ): Candidate[] {
    const fitting: Candidate[] = []
    for (const operator of operators) {
      const { id, skills } = operator.profile
      if (phase.only && !phase.only.includes(id)) continue
      // What a supervisor wants of him goes before queues and skills.
      const isChosen = phase.number === givenPhase
      const place = places.get(queue)?.get(id) ?? (isChosen ? guestPlace : undefined)
      const level = isChosen ? 0 : levelOf(skills, queue.rules.needs, phase.leniency)
      if (!place || level === undefined) continue
      const { talked, signedIn, calls } = operator.today(now)
      const { rank, weight } = place.member
      fitting.push({
        id,
        turn: place.turn,
        rank,
        weight,
        level,
        idleSince: operator.idleSince,
        talkedToday: talked,
        signedInToday: signedIn,
        callsToday: calls,
      })
    }
    return fitting
  }

  function serve(entry: Waiting, queue: WaitingQueue, now: Moment, out: Decision[]): boolean {
    // One operator at most waits for who is not there, and not twice.
    if (entry.away && (entry.away.isSpent || entry.offers.size > 0)) return false
    const phase = rephase(entry, now, out)
    const ringsAlready = entry.offers
      .values()
      .some((offer) => offer.phase === phase.number && !offer.isOnSecondLine)
    if (ringsAlready && phase.simple.is !== 'ring_all') return false
    const candidates = candidatesFor(entry, queue, phase, now)
    if (candidates.length > 0) leaveSecondLines(entry, now, out)
    return offerTo(candidates, entry, queue, phase, now, out)
  }

  function leaveSecondLines(entry: Waiting, now: Moment, out: Decision[]) {
    for (const [operator, { isOnSecondLine }] of [...entry.offers])
      if (isOnSecondLine) parts.endOffer(entry, operator, 'withdrawn', now, out)
  }

  /** Whom nobody free fits rings at somebody who talks. */
  function serveOnSecondLine(entry: Waiting, queue: WaitingQueue, now: Moment, out: Decision[]): boolean {
    if (entry.away || entry.offers.size > 0) return false
    const phase = rephase(entry, now, out)
    const willing = fittingOf(crew.onSecondLine, queue, phase, now).filter(({ id }) => !entry.refused.has(id))
    return offerTo(willing, entry, queue, phase, now, out)
  }

  function offerTo(
    candidates: readonly Candidate[],
    entry: Waiting,
    queue: WaitingQueue,
    phase: Phase,
    now: Moment,
    out: Decision[],
  ): boolean {
    const all = whomToRing(phase.simple, candidates, queue.memory, `${entry.id}:${entry.attempts}`)
    const chosen = entry.away ? all.slice(0, 1) : all
    for (const id of chosen) {
      const operator = crew.find(id)
      const candidate = candidates.find((each) => each.id === id)
      if (!operator || !candidate) continue
      entry.attempts += 1
      parts.offer(entry, operator, now, out)
      if (phase.number !== givenPhase) remember(queue.memory, candidate)
    }
    return chosen.length > 0
  }

  function isGiven(entry: Waiting, now: Moment): boolean {
    const isHere = queues.get(entry.queue)?.line.entries.includes(entry)
    return isHere === true && phaseOfGiven(entry, now) !== undefined
  }

  function takeBack(entry: Waiting, out: Decision[]) {
    given.delete(entry)
    delete entry.given
    out.push({ do: 'take-back', entry: entry.id })
  }

  function run(now: Moment, out: Decision[]): ReadonlyMap<WaitingQueue, Waiting> {
    const served = new Map<WaitingQueue, Waiting>()
    for (const entry of given) if (!isGiven(entry, now)) takeBack(entry, out)
    goThrough(crew.ready, serve)
    goThrough(crew.onSecondLine, serveOnSecondLine)
    return served

    function goThrough(free: ReadonlySet<Operator>, offer: typeof serve) {
      for (const entry of given) {
        const queue = queues.get(entry.queue)
        if (free.size > 0 && queue) offer(entry, queue, now, out)
      }
      if (free.size === 0) return
      let open = [...queues.values()]
        .filter((queue) => queue.line.entries.length > 0 && hasAny(free, queue))
        .map((queue) => ({ queue, next: 0 }))
      while (open.length > 0) {
        const turn = mostUrgent(open, now)
        const entry = turn.queue.line.entries[turn.next]
        turn.next += 1
        if (entry && offer(entry, turn.queue, now, out)) {
          served.set(turn.queue, entry)
          if (free.size === 0) break
          open = open.filter(({ queue }) => hasAny(free, queue))
        }
        open = open.filter(({ queue, next }) => next < queue.line.entries.length)
      }
    }
  }

  return {
    prolong(entry, operator, now) {
      const offer = entry.offers.get(operator)
      if (offer) offer.until = now + (queues.get(entry.queue)?.rules.ringFor ?? 0)
    },

    run,
    rephase,
    give,
    hasReady: (queue) => hasAny(crew.ready, queue),
    phaseEnd: (entry) => ends.get(entry) ?? Number.POSITIVE_INFINITY,
  }
}

interface Turn {
  queue: WaitingQueue
  /** The first in line who has not been looked at. */
  next: number
}

/** The queue whose next caller has used up most of what its callers should wait at most. */
function mostUrgent(turns: readonly Turn[], now: Moment): Turn {
  let best = turns[0]
  if (!best) throw new Error('nobody waits')
  for (const each of turns) if (urgency(each, now) > urgency(best, now)) best = each
  return best
}

function urgency({ queue, next }: Turn, now: Moment): number {
  const entry = queue.line.entries[next]
  return entry ? (now - entry.arrivedAt) / queue.rules.targetWait : -1
}

/** The lowest of his levels in what is needed; `undefined` when one of them is too low. */
function levelOf(
  skills: Readonly<Record<string, number>>,
  needs: Readonly<Record<string, number>>,
  leniency: number,
): number | undefined {
  let lowest = Number.POSITIVE_INFINITY
  for (const [skill, needed] of Object.entries(needs)) {
    const level = skills[skill] ?? 0
    if (level < Math.max(1, needed - leniency)) return undefined
    lowest = Math.min(lowest, level)
  }
  return Number.isFinite(lowest) ? lowest : 0
}
