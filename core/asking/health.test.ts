import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CallbusError } from '../errors.ts'
import type { ConnectionEvent } from '../ports/telephony.ts'
import { openHealth } from './health.ts'

const silence = () => new CallbusError('DISPATCH_LATE', { request: 'x', milliseconds: 1 })
const nonsense = () => new CallbusError('DISPATCH_NONSENSE', { request: 'x', reason: 'y' })

function open() {
  let now = 0
  const reported: ConnectionEvent[] = []
  const health = openHealth((event) => reported.push(event), {
    clock: { now: () => now },
    circuit: { failures: 4, restSeconds: 5 },
  })
  const fall = (times = 4) => {
    for (let time = 0; time < times; time += 1) health.failed(silence())
  }
  const isAdmitted = () => {
    try {
      health.admit()
      return true
    } catch (thrown) {
      assert.ok(thrown instanceof CallbusError && thrown.code === 'DISPATCH_UNREACHABLE')
      return false
    }
  }
  return { health, reported, fall, isAdmitted, pass: (seconds: number) => (now += seconds * 1000) }
}

describe('a Taxi-Master that does not answer', () => {
  test('is left in peace, which is reported with its reason', () => {
    const { fall, isAdmitted, reported } = open()
    fall(3)
    assert.ok(isAdmitted())
    fall(1)
    assert.ok(!isAdmitted())
    assert.equal(reported.at(-1)?.state, 'lost')
    assert.match(reported.at(-1)?.because ?? '', /4 times in succession; it is asked again in 5 s/)
  })

  test('is tried by one request after each rest, and each rest is longer', () => {
    const { fall, isAdmitted, pass, reported } = open()
    fall()
    const told = reported.length
    // Who had asked before gives up only now.
    fall(10)
    for (const rest of [5, 10, 20, 40, 60, 60]) {
      pass(rest - 1)
      assert.ok(!isAdmitted(), `asked before ${rest} s`)
      pass(1)
      assert.ok(isAdmitted(), `not asked after ${rest} s`)
      assert.ok(!isAdmitted())
      fall(1)
    }
    assert.equal(reported.length, told)
  })

  test('is asked by everybody once it answers, and rests briefly the next time', () => {
    const { health, fall, isAdmitted, pass, reported } = open()
    fall()
    pass(5)
    assert.ok(isAdmitted())
    health.succeeded()
    assert.equal(reported.at(-1)?.state, 'connected')
    assert.ok(isAdmitted() && isAdmitted())
    fall()
    pass(5)
    assert.ok(isAdmitted())
  })

  test('is asked on when it answers nonsense quickly, and when an asker leaves', () => {
    const { health, isAdmitted } = open()
    for (let time = 0; time < 20; time += 1) {
      health.failed(nonsense())
      health.failed(new Error('the caller hung up'))
    }
    assert.ok(isAdmitted())
  })
})
