import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { Registry } from 'prom-client'
import { openTestClock } from '../test/support/test-clock.ts'
import { openCallBus } from './call-bus/call-bus.ts'
import { keepFigures } from './figures.ts'
import { openNeighbours } from './neighbours.ts'

test('figures tell what the facts told, and hold no number of anybody', async () => {
  const clock = openTestClock()
  const bus = openCallBus({ clock, log: pino({ level: 'silent' }) })
  const metrics = new Registry()
  keepFigures({ bus, calls: { live: () => [] }, neighbours: openNeighbours(bus), metrics })

  bus.publish('connection.changed', { neighbour: 'exchange', state: 'connected' })
  bus.publish('call.offered', { call: 'c', leg: 'l', from: '+380671234567', to: '100', line: 'city' })
  bus.publish('call.identified', { call: 'c', lookedUp: false, kind: 'unknown', because: 'late' })
  bus.publish('call.answered', { call: 'c' })
  bus.publish('call.waiting', { call: 'c', place: 'operators', priority: 0 })
  await clock.advance(12_000)
  bus.publish('call.talking', { call: 'c', talk: 't', leg: 'o', with: '101' })
  bus.publish('call.ended', { call: 'c', result: 'answered', because: 'hung up' })

  const text = await metrics.metrics()
  assert.match(text, /callbus_calls_total\{line="city",result="answered"\} 1/)
  assert.match(text, /callbus_lookups_total\{outcome="late"\} 1/)
  assert.match(text, /callbus_wait_seconds_sum 12/)
  assert.match(text, /callbus_neighbour_connected\{neighbour="exchange"\} 1/)
  assert.doesNotMatch(text, /67123/)
})
