/** The operators at work: what each is doing and what he has done today. */
import type { Day } from '#core/calendar.ts'
import type { Moment } from '#core/schema.ts'
import type { OperatorKept, OperatorProfile } from './engine-words.ts'
import {
  endOf,
  hasSecondLineFree,
  nextState,
  type OperatorMove,
  type OperatorState,
  offeredTo,
  talksIn,
} from './operator-state.ts'

export interface Operator {
  readonly profile: OperatorProfile
  readonly state: OperatorState
  readonly idleSince: Moment
  /** Offers in a row that were not answered. */
  misses: number
  /** The queue whose caller he serves, from the offer to the end of the wrap-up. */
  serving: { queue: string; since: Moment } | undefined
  /** The queue whose caller he has put on hold for another call, and the milliseconds that one has had of him. */
  heldServing: { queue: string; spent: number } | undefined
  /** Idle counts from the end of the talk, not of the wrap-up. */
  idleFromTalkEnd: boolean
  today(now: Moment): { talked: number; signedIn: number; calls: number }
}

export interface Crew {
  find(id: string): Operator | undefined
  readonly all: Iterable<Operator>
  /** Those who may be offered a call. */
  readonly ready: ReadonlySet<Operator>
  /** Those who talk and may be offered one more. */
  readonly onSecondLine: ReadonlySet<Operator>
  /** The state he had, or `undefined` when that cannot happen now. */
  move(operator: Operator, move: OperatorMove, now: Moment): OperatorState | undefined
  nextEnd(): Moment | undefined
}

export function openCrew(
  profiles: readonly OperatorProfile[],
  dayOf: (now: Moment) => Day,
  kept: ReadonlyMap<string, OperatorKept>,
  now: Moment,
): Crew {
  let day = dayOf(now)
  const operators = new Map<string, CrewMember>()
  const ready = new Set<CrewMember>()
  const onSecondLine = new Set<CrewMember>()

  function today(at: Moment): Day {
    if (at >= day.until || at < day.from) day = dayOf(at)
    return day
  }

  function sort(operator: CrewMember) {
    ready.delete(operator)
    onSecondLine.delete(operator)
    if (operator.state.is === 'ready') ready.add(operator)
    else if (operator.profile.secondLine && hasSecondLineFree(operator.state)) onSecondLine.add(operator)
  }

  for (const profile of profiles) {
    const operator = new CrewMember(profile, today, kept.get(profile.id), now)
    operators.set(profile.id, operator)
    sort(operator)
  }

  return {
    find: (id) => operators.get(id),
    all: operators.values().toArray(),
    ready,
    onSecondLine,

    move(operator, move, at) {
      const mover = operators.get(operator.profile.id)
      const was = mover?.state
      const next = was && nextState(was, move, at)
      if (!mover || !was || !next) return undefined
      mover.become(next, at)
      sort(mover)
      return was
    },

    nextEnd() {
      let first: Moment | undefined
      for (const { state } of operators.values()) {
        const end = endOf(state)
        if (end !== undefined && (first === undefined || end < first)) first = end
      }
      return first
    },
  }
}

class CrewMember implements Operator {
  readonly profile: OperatorProfile
  state: OperatorState
  idleSince: Moment
  misses = 0
  serving: { queue: string; since: Moment } | undefined
  heldServing: { queue: string; spent: number } | undefined
  idleFromTalkEnd = false
  readonly #dayOf: (now: Moment) => Day
  #countedFrom: Moment
  #talked: number
  #calls: number
  #signedIn = 0
  #signedInAt: Moment | undefined

  constructor(
    profile: OperatorProfile,
    dayOf: (now: Moment) => Day,
    kept: OperatorKept | undefined,
    now: Moment,
  ) {
    this.profile = profile
    this.state = kept?.state ?? { is: 'signed_out', since: now }
    this.idleSince = this.state.since
    this.#dayOf = dayOf
    this.#countedFrom = dayOf(now).from
    this.#talked = kept?.talkedToday ?? 0
    this.#calls = kept?.callsToday ?? 0
    if (this.state.is !== 'signed_out') this.#signedInAt = this.state.since
  }

  become(next: OperatorState, now: Moment) {
    const was = this.state
    this.#freshen(now)
    if (was.is === 'signed_out') {
      this.#signedInAt = now
      this.idleSince = now
      this.misses = 0
    }
    if (offeredTo(was) !== undefined && next.is === 'talking' && !talksIn(was, next.call)) {
      this.#calls += 1
      this.misses = 0
    }
    if (was.is === 'talking' && was.since !== next.since) {
      this.#talked += now - Math.max(was.since, this.#countedFrom)
      this.idleSince = now
    }
    if (was.is === 'wrap_up' && !this.idleFromTalkEnd) this.idleSince = now
    if (next.is === 'signed_out' && this.#signedInAt !== undefined) {
      this.#signedIn += now - Math.max(this.#signedInAt, this.#countedFrom)
      this.#signedInAt = undefined
    }
    this.state = next
  }

  today(now: Moment) {
    this.#freshen(now)
    const present = this.#signedInAt === undefined ? 0 : now - Math.max(this.#signedInAt, this.#countedFrom)
    return { talked: this.#talked, signedIn: this.#signedIn + present, calls: this.#calls }
  }

  /** A new day begins with nothing. */
  #freshen(now: Moment) {
    const { from } = this.#dayOf(now)
    if (from === this.#countedFrom) return
    this.#countedFrom = from
    this.#talked = 0
    this.#calls = 0
    this.#signedIn = 0
  }
}
