import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settled } from '../test/support/test-clock.ts'
import { openGate } from './gate.ts'

const never = new AbortController().signal

test('no more than so many run at once, the others in the order they came', async () => {
  const gate = openGate(2)
  const started: number[] = []
  const works = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const all = works.map(({ promise }, index) =>
    gate.pass(() => {
      started.push(index)
      return promise
    }, never),
  )
  await settled()
  assert.deepEqual(started, [0, 1])
  works[1]?.resolve()
  await settled()
  assert.deepEqual(started, [0, 1, 2])
  for (const work of works) work.resolve()
  await Promise.all(all)
  assert.deepEqual(started, [0, 1, 2, 3])
})

test('who leaves while he waits is let go at once and not waited for', async () => {
  const gate = openGate(1)
  const work = Promise.withResolvers<void>()
  const first = gate.pass(() => work.promise, never)
  const leaving = new AbortController()
  const second = gate.pass(() => Promise.resolve('never run'), leaving.signal)
  const third = gate.pass(() => Promise.resolve('run'), never)
  assert.equal(gate.waiting, 2)
  leaving.abort(new Error('hung up'))
  await assert.rejects(second, /hung up/)
  assert.equal(gate.waiting, 1)
  work.resolve()
  await first
  assert.equal(await third, 'run')
})

test('a task that fails or whose signal aborted gives its turn on', async () => {
  const gate = openGate(1)
  const failing = gate.pass(() => Promise.reject(new Error('broke')), never)
  const gone = gate.pass(() => Promise.resolve('never run'), AbortSignal.abort(new Error('closed')))
  const last = gate.pass(() => Promise.resolve('run'), never)
  await assert.rejects(failing, /broke/)
  await assert.rejects(gone, /closed/)
  assert.equal(await last, 'run')
})
