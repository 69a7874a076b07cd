import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../test/support/test-clock.ts'
import { openTurns } from './turns.ts'

const never = new AbortController().signal

test('no more than so many run at once, the others in the order they came', async () => {
  const turns = openTurns(2)
  const started: number[] = []
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const all = gates.map(({ promise }, index) =>
    turns.take(() => {
      started.push(index)
      return promise
    }, never),
  )
  await settled()
  assert.deepEqual(started, [0, 1])
  gates[1]?.resolve()
  await settled()
  assert.deepEqual(started, [0, 1, 2])
  for (const gate of gates) gate.resolve()
  await Promise.all(all)
  assert.deepEqual(started, [0, 1, 2, 3])
})

test('who leaves while he waits is let go at once and not waited for', async () => {
  const turns = openTurns(1)
  const gate = Promise.withResolvers<void>()
  const first = turns.take(() => gate.promise, never)
  const leaving = new AbortController()
  const second = turns.take(() => Promise.resolve('never run'), leaving.signal)
  const third = turns.take(() => Promise.resolve('run'), never)
  assert.equal(turns.waiting, 2)
  leaving.abort(new Error('hung up'))
  await assert.rejects(second, /hung up/)
  assert.equal(turns.waiting, 1)
  gate.resolve()
  await first
  assert.equal(await third, 'run')
})

test('a task that fails or whose signal aborted gives its turn on', async () => {
  const turns = openTurns(1)
  const failing = turns.take(() => Promise.reject(new Error('broke')), never)
  const gone = turns.take(() => Promise.resolve('never run'), AbortSignal.abort(new Error('closed')))
  const last = turns.take(() => Promise.resolve('run'), never)
  await assert.rejects(failing, /broke/)
  await assert.rejects(gone, /closed/)
  assert.equal(await last, 'run')
})
