import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import type { QueueEngine } from './engine.ts'
import { operatorStates } from './operator-state.ts'
import type { Roster } from './roster.ts'

export function keepMetrics(parts: {
  bus: CallBus
  clock: Clock
  engine: QueueEngine
  metrics: Registry
  roster: Roster
}): void {
  const { bus, clock, engine, metrics, roster } = parts
  const registers = [metrics]

  new Gauge({
    name: 'callbus_queue_waiting',
    help: 'Callers who wait now, by queue.',
    labelNames: ['queue'],
    registers,
    collect() {
      for (const queue of engine.queues.keys()) this.set({ queue }, engine.waiting(queue).length)
    },
  })
  new Gauge({
    name: 'callbus_queue_longest_wait_seconds',
    help: 'How long the caller who waits longest has waited, by queue.',
    labelNames: ['queue'],
    registers,
    collect() {
      for (const queue of engine.queues.keys()) {
        const since = Math.min(
          clock.now(),
          ...engine.waiting(queue).map(({ holdsSince = clock.now() }) => holdsSince),
        )
        this.set({ queue }, (clock.now() - since) / 1_000)
      }
    },
  })
  new Gauge({
    name: 'callbus_operators',
    help: 'Operators of this moment, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      const all = roster.list()
      for (const state of operatorStates)
        this.set({ state }, all.filter((operator) => operator.state.is === state).length)
    },
  })
  const entries = new Counter({
    name: 'callbus_queue_entries_total',
    help: 'Stays in a queue that ended, by outcome.',
    labelNames: ['queue', 'outcome'],
    registers,
  })
  const waits = new Histogram({
    name: 'callbus_queue_wait_seconds',
    help: 'From entering a queue to its end, by how it ended.',
    labelNames: ['queue', 'outcome'],
    buckets: [5, 10, 20, 45, 90, 180, 300],
    registers,
  })
  const offers = new Counter({
    name: 'callbus_queue_offers_total',
    help: 'Operators who were offered a waiting caller.',
    labelNames: ['queue'],
    registers,
  })
  bus.on('queue.offered', ({ queue }) => offers.inc({ queue }))
  bus.on('queue.left', ({ queue, outcome, seconds }) => {
    entries.inc({ queue, outcome })
    waits.observe({ queue, outcome }, seconds)
  })
}
