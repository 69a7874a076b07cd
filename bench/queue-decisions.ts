/**
 * `node bench/queue-decisions.ts [minutes]`: 1,000 waiting callers, 200 operators, 50 events a second, as fast as
 * the machine can. Time moves by the events; what is measured is the work: each decision, the share of one core
 * that so many events a second would take, and whether memory grows.
 */
import { performance } from 'node:perf_hooks'
import { openEngine } from '../plugins/queue/engine.ts'
import type { Decision, QueueEvent, QueueRules } from '../plugins/queue/engine-words.ts'

export interface Load {
  waiting: number
  operators: number
  eventsPerSecond: number
  /** Simulated seconds. */
  seconds: number
  queues: number
}

export interface Measured {
  events: number
  decisions: number
  /** Milliseconds. */
  p50: number
  p99: number
  longest: number
  /** Of one core, at this many events a second. */
  share: number
  /** Callers in line, at least and at most. */
  line: [shortest: number, longest: number]
  /** Megabytes after warming up, and at the end. */
  memory: [before: number, after: number]
}

export const full: Load = { waiting: 1_000, operators: 200, eventsPerSecond: 50, seconds: 600, queues: 4 }

/** Where callers come as fast as they are served, the line stays as long as it is. */
export function measure(load: Load): Measured {
  const operators = Array.from({ length: load.operators }, (_, index) => `operator-${1_000 + index}`)
  const engine = openEngine({
    queues: Array.from({ length: load.queues }, (_, index) => rulesOf(index, operators, load.queues)),
    operators: operators.map((id, index) => ({ id, skills: { english: 1 + (index % 10) } })),
    dayOf: () => ({ from: 0, until: Number.POSITIVE_INFINITY }),
    now: 0,
  })
  const events = load.seconds * load.eventsPerSecond
  // Its size does not change, so that memory that grows is the engine's.
  const spent = new Float64Array(4 * (events + load.waiting + 2 * load.operators))
  let told = 0
  const offers: { entry: string; operator: string }[] = []
  const talks: { call: string; operator: string }[] = []
  let now = 0
  let shortest = Number.POSITIVE_INFINITY
  let most = 0
  let entered = 0
  let decisions = 0

  function tell(event: QueueEvent) {
    const from = performance.now()
    const decided = engine.handle(event, now)
    const alarm = engine.nextAlarm()
    spent[told] = performance.now() - from
    told += 1
    decisions += decided.length
    for (const each of decided) note(each)
    if (alarm !== undefined && alarm <= now) throw new Error('an alarm that has passed')
  }

  function note(decision: Decision) {
    if (decision.do === 'offer') offers.push(decision)
    if (decision.do === 'join') talks.push({ call: decision.entry, operator: decision.operator })
    if (decision.do === 'send') enter()
  }

  function enter() {
    entered += 1
    const id = `call-${entered}`
    const base = entered % 20 === 0 ? 100 : 0
    const queue = `queue-${entered % load.queues}`
    tell({ name: 'entered', entry: { id, call: id, queue, base, arrivedAt: now, enteredAt: now } })
  }

  /** In turn: a caller comes, a phone is answered, somebody gives up or comes, a talk ends. */
  function happen(turn: number) {
    switch (turn % 4) {
      case 1: {
        const offer = offers.shift()
        return offer ? tell({ name: 'offer-answered', ...offer }) : enter()
      }
      case 3: {
        const talk = talks.length > load.operators / 2 ? talks.shift() : undefined
        const move = { name: 'talk-over', call: talk?.call ?? '' } as const
        return talk ? tell({ name: 'operator-moved', operator: talk.operator, move }) : enter()
      }
      default: {
        if (waiting() < load.waiting) return enter()
        const last = longestLine().at(-1)
        return last && tell({ name: 'left', entry: last.id, gaveUp: true })
      }
    }
  }

  function longestLine() {
    const lines = [...engine.queues.keys()].map(engine.waiting)
    return lines.reduce((one, other) => (other.length > one.length ? other : one))
  }

  function waiting(): number {
    let all = 0
    for (let queue = 0; queue < load.queues; queue += 1) all += engine.waiting(`queue-${queue}`).length
    return all
  }

  for (let caller = 0; caller < load.waiting + load.operators; caller += 1) enter()
  for (const operator of operators) tell({ name: 'operator-moved', operator, move: { name: 'signed-in' } })
  for (const offer of offers.splice(0)) tell({ name: 'offer-answered', ...offer })
  const step = 1_000 / load.eventsPerSecond
  const warm = Math.floor(events / 4)
  let before = 0
  for (let turn = 0; turn < events; turn += 1) {
    if (turn === warm) {
      told = 0
      before = memoryNow()
    }
    const until = (turn + 1) * step
    for (let alarm = engine.nextAlarm(); alarm !== undefined && alarm <= until; alarm = engine.nextAlarm()) {
      now = Math.max(now, alarm)
      tell({ name: 'ticked' })
    }
    now = until
    happen(turn)
    const inLine = waiting()
    shortest = Math.min(shortest, inLine)
    most = Math.max(most, inLine)
  }
  const after = memoryNow()
  const sorted = spent.subarray(0, told).sort()
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0
  const together = sorted.reduce((sum, each) => sum + each, 0)
  return {
    events: told,
    decisions,
    p50: at(0.5),
    p99: at(0.99),
    longest: at(1),
    share: together / ((events - warm) * step),
    line: [shortest, most],
    memory: [before, after],
  }
}

function memoryNow(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1_048_576
}

function rulesOf(index: number, operators: readonly string[], queues: number): QueueRules {
  const strategies = [
    { is: 'longest_idle' },
    { is: 'round_robin' },
    { is: 'skills', fall: { levels: 1, every: 20 } },
    { is: 'least_talk_today' },
  ] as const
  return {
    name: `queue-${index}`,
    strategy: strategies[index % strategies.length] ?? { is: 'longest_idle' },
    // Everybody serves two queues.
    members: operators
      .filter((_, turn) => turn % queues === index || (turn + 1) % queues === index)
      .map((operator) => ({ operator, rank: 1, weight: 1 })),
    needs: index % 4 === 2 ? { english: 6 } : {},
    ringFor: 15_000,
    wrapUp: 5_000,
    targetWait: 20_000 + 5_000 * index,
    aging: 1,
    maximumWait: 600_000,
    maximumLength: 10_000,
    needsSomebody: false,
    announceAt: [0, 30_000],
    announceEvery: 30_000,
    missesAtMost: 2,
    missesPause: 30_000,
    idleFrom: 'wrap_up_end',
    expectedHandleTime: 60_000,
  }
}

if (import.meta.main) {
  const minutes = Number(process.argv[2] ?? 10)
  const { events, decisions, p50, p99, longest, share, line, memory } = measure({
    ...full,
    seconds: minutes * 60,
  })
  const [before, after] = memory
  console.log(
    `${full.waiting} waiting, ${full.operators} operators, ${full.eventsPerSecond} events/s, ${minutes} min`,
  )
  console.log(`  ${events} events with the alarms, ${decisions} decisions`)
  console.log(`  ${line[0]} to ${line[1]} callers in line`)
  console.log(
    `  p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms, longest ${longest.toFixed(3)} ms (p99 below 5)`,
  )
  console.log(`  ${(100 * share).toFixed(1)} % of one core (below 30)`)
  console.log(
    `  memory ${before.toFixed(1)} → ${after.toFixed(1)} MB${globalThis.gc ? '' : ' (node --expose-gc for an exact figure)'}`,
  )
  if (p99 >= 5 || share >= 0.3) process.exitCode = 1
}
