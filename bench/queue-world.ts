/**
 * A call centre in simulated time: callers come, lose patience, are served. Who is offered whom is decided by the
 * queue's own engine, the same code that serves real callers.
 */
import { openEngine, type QueueEngine } from '../plugins/queue/engine.ts'
import type { Decision, QueueRules } from '../plugins/queue/engine-words.ts'
import type { Strategy } from '../plugins/queue/strategies.ts'

export interface World {
  operators: number
  days: number
  /** Calls an hour are such that they would keep all operators busy for this share of the time, were nobody to leave. */
  load: number
  /** Seconds. */
  service: { mean: number; variation: number }
  patience: number
  /** By so much the arrivals rise and fall over a day: smoothly, or as a busy half and a quiet one. */
  wave: { by: number; shape: 'sine' | 'halves' }
  strategy?: Strategy
  /** Seconds an operator's phone rings before he answers. */
  answersAfter?: number
  seed: number
}

/** What was thought on entering, and what came of it. */
export interface Wait {
  mean: number
  promise: number
  real: number
  gaveUp: boolean
  rivals: { headOfLine: number; lastServed: number; naive: number }
}

export interface Outcome {
  offered: number
  answered: number
  abandoned: number
  /** Answered within 20 s, and given up within 5 s. */
  inTime: number
  short: number
  waits: Wait[]
  calibration: number
  /** Calls by operator. */
  calls: Map<string, number>
}

type Happening =
  | { is: 'arrival' }
  | { is: 'patience'; entry: string }
  | { is: 'answer'; entry: string; operator: string }
  | { is: 'hang-up'; call: string; operator: string }
  | { is: 'alarm' }

const day = 24 * 3_600_000

export function simulate(world: World): Outcome {
  const chance = openChance(world.seed)
  const agenda = openAgenda<Happening>()
  const operators = Array.from({ length: world.operators }, (_, index) => `operator-${100 + index}`)
  const engine = openEngine({
    queues: [rulesOf(world, operators)],
    operators: operators.map((id) => ({ id, skills: {} })),
    dayOf: (now) => ({ from: now - (now % day), until: now - (now % day) + day }),
    now: 0,
  })
  const outcome: Outcome = {
    offered: 0,
    answered: 0,
    abandoned: 0,
    inTime: 0,
    short: 0,
    waits: [],
    calibration: 1,
    calls: new Map(),
  }
  const rivals = new Map<string, Wait['rivals']>()
  const enteredAt = new Map<string, number>()
  let lastServed = 0
  let alarmAt = Number.POSITIVE_INFINITY

  const rate = (world.load * world.operators) / world.service.mean / 1_000
  const highest = rate * (1 + world.wave.by)
  function rateAt(now: number): number {
    const sine = Math.sin((2 * Math.PI * now) / day)
    return rate * (1 + world.wave.by * (world.wave.shape === 'sine' ? sine : Math.sign(sine)))
  }

  function rivalsNow(now: number): Wait['rivals'] {
    const waiting = engine.waiting('main')
    const head = waiting[0]
    return {
      headOfLine: head ? (now - head.enteredAt) / 1_000 : lastServed,
      lastServed,
      naive: ((waiting.length + 1) * world.service.mean) / world.operators,
    }
  }

  function arrive(now: number) {
    agenda.add(now + chance.exponential(1 / highest), { is: 'arrival' })
    if (chance.next() * highest > rateAt(now)) return
    outcome.offered += 1
    const id = `${outcome.offered}`
    rivals.set(id, rivalsNow(now))
    enteredAt.set(id, now)
    const patience = now + chance.exponential(world.patience * 1_000)
    agenda.add(patience, { is: 'patience', entry: id })
    obey(
      engine.handle(
        {
          name: 'entered',
          entry: { id, call: id, queue: 'main', base: 0, arrivedAt: now, enteredAt: now },
        },
        now,
      ),
      now,
    )
  }

  function obey(decisions: Decision[], now: number) {
    for (const decision of decisions) {
      if (decision.do === 'offer') {
        const { entry, operator } = decision
        if (world.answersAfter)
          agenda.add(now + chance.exponential(world.answersAfter * 1_000), { is: 'answer', entry, operator })
        else obey(engine.handle({ name: 'offer-answered', entry, operator }, now), now)
      }
      if (decision.do === 'join') join(decision, now)
      if (decision.do === 'measure') keep(decision)
    }
  }

  function join({ entry, operator }: { entry: string; operator: string }, now: number) {
    const waited = (now - (enteredAt.get(entry) ?? now)) / 1_000
    lastServed = waited
    outcome.answered += 1
    outcome.calls.set(operator, (outcome.calls.get(operator) ?? 0) + 1)
    if (waited <= 20) outcome.inTime += 1
    enteredAt.delete(entry)
    const { mean, variation } = world.service
    agenda.add(now + 1_000 * chance.lognormal(mean, variation), {
      is: 'hang-up',
      call: entry,
      operator,
    })
  }

  function keep({ entry, mean, promise, real, gaveUp }: Extract<Decision, { do: 'measure' }>) {
    const known = rivals.get(entry)
    if (known) outcome.waits.push({ mean, promise, real, gaveUp, rivals: known })
    rivals.delete(entry)
  }

  function happen(happening: Happening, now: number) {
    switch (happening.is) {
      case 'arrival':
        return arrive(now)
      case 'alarm':
        alarmAt = Number.POSITIVE_INFINITY
        return obey(engine.handle({ name: 'ticked' }, now), now)
      case 'answer': {
        const { entry, operator } = happening
        return obey(engine.handle({ name: 'offer-answered', entry, operator }, now), now)
      }
      case 'hang-up': {
        const { call, operator } = happening
        return obey(
          engine.handle({ name: 'operator-moved', operator, move: { name: 'talk-over', call } }, now),
          now,
        )
      }
      case 'patience':
        return giveUp(happening.entry, now)
    }
  }

  function giveUp(entry: string, now: number) {
    const since = enteredAt.get(entry)
    if (since === undefined) return
    enteredAt.delete(entry)
    outcome.abandoned += 1
    if (now - since < 5_000) outcome.short += 1
    obey(engine.handle({ name: 'left', entry, gaveUp: true }, now), now)
  }

  for (const operator of operators)
    engine.handle({ name: 'operator-moved', operator, move: { name: 'signed-in' } }, 0)
  agenda.add(0, { is: 'arrival' })
  for (let next = agenda.take(); next && next.at < world.days * day; next = agenda.take()) {
    happen(next.what, next.at)
    const alarm = engine.nextAlarm()
    if (alarm === undefined || alarm >= alarmAt) continue
    alarmAt = alarm
    agenda.add(alarm, { is: 'alarm' })
  }
  outcome.calibration = calibrationOf(engine)
  return outcome
}

function calibrationOf(engine: QueueEngine): number {
  return engine.queues.get('main')?.knowledge.calibration ?? 1
}

function rulesOf(world: World, operators: readonly string[]): QueueRules {
  return {
    name: 'main',
    strategy: world.strategy ?? { is: 'longest_idle' },
    members: operators.map((operator, index) => ({ operator, rank: index + 1, weight: 1 + (index % 2) })),
    needs: {},
    ringFor: 15_000,
    wrapUp: 0,
    targetWait: 20_000,
    aging: 0,
    maximumWait: Number.POSITIVE_INFINITY,
    maximumLength: Number.POSITIVE_INFINITY,
    needsSomebody: false,
    announceAt: [0],
    missesAtMost: Number.POSITIVE_INFINITY,
    idleFrom: 'wrap_up_end',
    expectedHandleTime: world.service.mean * 1_000,
  }
}

/** Chance that can be repeated. */
function openChance(seed: number) {
  let state = seed
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

  function lognormal(mean: number, variation: number): number {
    const spread = Math.log(1 + variation ** 2)
    return Math.exp(Math.log(mean) - spread / 2 + Math.sqrt(spread) * normal())
  }

  return { next, exponential: (mean: number) => -mean * Math.log(1 - next()), lognormal }
}

/** What happens when, the earliest first: a binary heap. */
function openAgenda<What>() {
  const heap: { at: number; what: What }[] = []

  function swap(one: number, other: number) {
    const [a, b] = [heap[one], heap[other]]
    if (a && b) [heap[one], heap[other]] = [b, a]
  }
  const at = (index: number) => heap[index]?.at ?? Number.POSITIVE_INFINITY

  return {
    add(when: number, what: What) {
      // Moments are whole milliseconds, here as everywhere.
      heap.push({ at: Math.ceil(when), what })
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >>> 1
        if (at(parent) <= at(index)) return
        swap(parent, index)
        index = parent
      }
    },
    take(): { at: number; what: What } | undefined {
      swap(0, heap.length - 1)
      const first = heap.pop()
      for (let index = 0; ; ) {
        const left = 2 * index + 1
        const smaller = at(left + 1) < at(left) ? left + 1 : left
        if (at(smaller) >= at(index)) return first
        swap(smaller, index)
        index = smaller
      }
    },
  }
}
