import assert from 'node:assert/strict'
import { test } from 'node:test'
import pino from 'pino'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { openCallBus } from './call-bus.ts'

function openBus() {
  const blamed: string[] = []
  const log = pino(
    { level: 'error' },
    { write: (line: string) => void blamed.push(JSON.parse(line).listener) },
  )
  return { bus: openCallBus({ clock: openTestClock(), log, lastFactId: 41 }), blamed }
}

test('listeners hear facts in the order of publishing, also those published by a listener', () => {
  const { bus } = openBus()
  const heard: string[] = []
  bus.on('call.answered', ({ call }) => {
    if (call === 'first') bus.publish('call.answered', { call: 'second' })
  })
  bus.on('call.answered', ({ call }) => void heard.push(call))
  bus.publish('call.answered', { call: 'first' })
  assert.deepEqual(heard, ['first', 'second'])
})

test('facts are numbered on from the journal and stamped by the clock', () => {
  const { bus } = openBus()
  const ids: number[] = []
  bus.onAny((fact) => void ids.push(fact.id))
  bus.publish('call.answered', { call: 'a' })
  bus.publish('call.answered', { call: 'b' })
  assert.deepEqual(ids, [42, 43])
})

test('a listener that throws or rejects is named and harms nobody', async () => {
  const { bus, blamed } = openBus()
  const cleanup = new AsyncDisposableStack()
  const guilty = bus.ownedBy('guilty', cleanup)
  guilty.on('call.answered', () => {
    throw new Error('at once')
  })
  guilty.on('call.answered', async () => {
    throw new Error('later')
  })
  let heard = 0
  bus.on('call.answered', () => {
    heard += 1
  })
  bus.publish('call.answered', { call: 'a' })
  await settled()
  assert.equal(heard, 1)
  assert.deepEqual(blamed, ['guilty', 'guilty'])
})

test('whatever a listener returns that is no promise is let be', () => {
  const { bus, blamed } = openBus()
  bus.on('call.answered', () => ({ inc: 1 }) as unknown as undefined)
  bus.publish('call.answered', { call: 'a' })
  assert.deepEqual(blamed, [])
})

test('what an owner listens to ends with the owner', async () => {
  const { bus } = openBus()
  const cleanup = new AsyncDisposableStack()
  let heard = 0
  bus.ownedBy('plugin', cleanup).on('call.answered', () => {
    heard += 1
  })
  await cleanup.disposeAsync()
  bus.publish('call.answered', { call: 'a' })
  assert.equal(heard, 0)
})

test('whoever tells a fact hears when all who listen have finished, also those who fail', async () => {
  const { bus } = openBus()
  const slow = Promise.withResolvers<void>()
  bus.on('call.answered', () => slow.promise)
  bus.on('call.answered', async () => {
    throw new Error('later')
  })
  let isOver = false
  const telling = bus.tell(bus.stamp('call.answered', { call: 'a' })).then(() => {
    isOver = true
  })
  await settled()
  assert.equal(isOver, false)
  slow.resolve()
  await telling
})
