import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client'
import type { CallBus } from './call-bus/call-bus.ts'
import type { Calls } from './calls/calls.ts'
import type { Neighbours } from './neighbours.ts'

export interface FiguresOptions {
  bus: CallBus
  calls: Pick<Calls, 'live'>
  neighbours: Neighbours
  metrics: Registry
}

/** Milliseconds. Every look wakes the process: at the library's 10 ms they cost a quiet house most of its CPU. */
const loopWatchedEvery = 200

/** Keeps the house's Prometheus figures, all of them from facts. */
export function keepFigures({ bus, calls, neighbours, metrics }: FiguresOptions): void {
  const registers = [metrics]
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: loopWatchedEvery })

  const ended = new Counter({
    name: 'callbus_calls_total',
    help: 'Calls that ended, by line and result.',
    labelNames: ['line', 'result'],
    registers,
  })
  const failures = new Counter({
    name: 'callbus_call_failures_total',
    help: 'Things of ours that broke during a call, by who and code; the caller was led on.',
    labelNames: ['by', 'code'],
    registers,
  })
  const lookups = new Counter({
    name: 'callbus_lookups_total',
    help: 'Questions to the dispatch program about who calls, by what came of them.',
    labelNames: ['outcome'],
    registers,
  })
  const answer = histogram(
    'callbus_answer_seconds',
    'From the first signal to our answer.',
    [0.01, 0.05, 0.25, 1, 3],
  )
  const wait = histogram(
    'callbus_wait_seconds',
    'From waiting for a person to talking.',
    [5, 10, 20, 45, 90, 180],
  )
  const states = ['ringing', 'conversing', 'waiting', 'talking', 'ended'] as const
  new Gauge({
    name: 'callbus_calls_live',
    help: 'Calls of this moment, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of states)
        this.set({ state }, calls.live().filter((call) => call.state.is === state).length)
    },
  })
  new Gauge({
    name: 'callbus_neighbour_connected',
    help: '1 while the neighbour is connected.',
    labelNames: ['neighbour'],
    registers,
    collect() {
      for (const { name, state } of neighbours.list())
        this.set({ neighbour: name }, state === 'connected' ? 1 : 0)
    },
  })

  /** What is known of a live call, for figures that need two facts. */
  const known = new Map<string, { line: string; offeredAt?: number; waitsSince?: number }>()
  bus.on('call.offered', ({ call, line }, { at }) => void known.set(call, { line, offeredAt: at }))
  bus.on('call.placed', ({ call, line }) => void known.set(call, { line }))
  bus.on('call.answered', ({ call }, { at }) => {
    const offeredAt = known.get(call)?.offeredAt
    if (offeredAt !== undefined) answer.observe((at - offeredAt) / 1_000)
  })
  bus.on('call.waiting', ({ call }, { at }) => {
    const about = known.get(call)
    if (about) about.waitsSince ??= at
  })
  bus.on('call.talking', ({ call }, { at }) => {
    const about = known.get(call)
    if (about?.waitsSince === undefined) return
    wait.observe((at - about.waitsSince) / 1_000)
    delete about.waitsSince
  })
  bus.on('call.identified', ({ lookedUp, because }) =>
    lookups.inc({ outcome: lookedUp ? 'known' : (because ?? 'failed') }),
  )
  bus.on('call.failed', ({ by, code }) => failures.inc({ by, code }))
  bus.on('call.ended', ({ call, result }) => {
    ended.inc({ line: known.get(call)?.line ?? 'unknown', result })
    known.delete(call)
  })

  function histogram(name: string, help: string, buckets: number[]) {
    return new Histogram({ name, help, buckets, registers })
  }
}
