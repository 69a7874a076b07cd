/** Who is left on hold now, and for how long each was: part of the time of the operator who holds him. */
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import type { CallId, Moment } from '#core/schema.ts'
import type { View } from './alarms.ts'
import type { QueueEngine } from './engine.ts'
import type { QueueJournal } from './queue-journal.ts'
import type { Roster } from './roster.ts'

export function followHolds(parts: {
  bus: CallBus
  clock: Clock
  engine: Pick<QueueEngine, 'crew'>
  journal: Pick<QueueJournal, 'did'>
  roster: Pick<Roster, 'operatorAt'>
}): () => View['held'] {
  const { bus, clock, engine, journal, roster } = parts
  const held = new Map<string, View['held'][number] & { queue: string | null }>()

  bus.on('call.held', ({ call, with: phone, since = clock.now() }) => begin(call, phone, since))
  bus.on('call.unheld', ({ call, with: phone, seconds }) => {
    // It ended while Callbus was away.
    if (!held.has(call)) begin(call, phone, clock.now() - seconds * 1_000)
    end(call)
  })
  bus.on('call.ended', ({ call }) => end(call))

  function begin(call: CallId, phone: string, since: Moment) {
    const operator = roster.operatorAt(phone)
    const queue = operator === undefined ? undefined : engine.crew.find(operator)?.serving?.queue
    held.set(call, { call, since, queue: queue ?? null, ...(operator !== undefined && { operator }) })
  }

  function end(call: string) {
    const hold = held.get(call)
    held.delete(call)
    if (hold?.operator === undefined) return
    const { operator, queue, since } = hold
    journal.did({
      operator,
      state: 'hold',
      reason: null,
      queue,
      call,
      started_at: since,
      ended_at: clock.now(),
    })
  }

  return () => [...held.values()]
}
