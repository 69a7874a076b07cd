import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CallView, Stamped } from './api.ts'
import { endedRows, hasStrangers, liveRows, noCalls, withFact, withSnapshot } from './live-calls.ts'

const shapes = {
  'call.offered': (call: string) => ({
    call,
    leg: `leg-${call}`,
    from: '+380671234567',
    to: '838',
    line: 'city',
  }),
  'call.identified': (call: string) => ({ call, kind: 'client', lookedUp: true }),
  'call.conversing': (call: string) => ({ call, by: 'order-status' }),
  'call.waiting': (call: string) => ({ call, place: 'operators', priority: 0 }),
  'call.talking': (call: string) => ({ call, talk: 't', leg: 'l', with: '101' }),
  'call.ended': (call: string) => ({ call, result: 'answered', because: 'the caller left' }),
}

function fact(id: number, name: keyof typeof shapes, call = 'one'): Stamped {
  return { id, at: 1000 * id, name, data: shapes[name](call) } as Stamped
}

function view(id: string, more: Partial<CallView> = {}): CallView {
  return {
    id,
    direction: 'in',
    to: '838',
    line: 'city',
    language: 'uk',
    at: 1000,
    state: 'ringing',
    since: 1000,
    priority: 0,
    ...more,
  }
}

const story = ['call.offered', 'call.identified', 'call.conversing', 'call.waiting', 'call.talking'] as const
const facts = story.map((name, index) => fact(index + 1, name))

test('a call is seen from its first ring to its talk, with the time of each step', () => {
  const [row, ...others] = liveRows(facts.reduce(withFact, noCalls))

  assert.deepEqual(others, [])
  assert.equal(row?.state, 'talking')
  assert.equal(row?.with, '101')
  assert.equal(row?.kind, 'client')
  assert.equal(row?.talkingAt, 5000)
})

test('any order and any repetition of facts give the same one row', () => {
  const expected = liveRows(facts.reduce(withFact, noCalls)).map(({ id, state, from }) => ({
    id,
    state,
    from,
  }))

  fc.assert(
    fc.property(fc.shuffledSubarray([...facts, ...facts], { minLength: 10, maxLength: 10 }), (mixed) => {
      const rows = liveRows(mixed.reduce(withFact, noCalls))
      assert.deepEqual(
        rows.map(({ id, state, from }) => ({ id, state, from })),
        expected,
      )
    }),
  )
})

test('whatever comes, no call has two rows and an ended call is never live', () => {
  const anyFact = fc
    .record({
      id: fc.integer({ min: 1, max: 50 }),
      name: fc.constantFrom(...(Object.keys(shapes) as (keyof typeof shapes)[])),
      call: fc.constantFrom('one', 'two', 'three'),
    })
    .map(({ id, name, call }) => fact(id, name, call))
  const anySnapshot = fc.subarray(['one', 'two', 'three']).map((ids) => ids.map((id) => view(id)))

  fc.assert(
    fc.property(fc.array(fc.oneof(anyFact, anySnapshot), { maxLength: 60 }), (happenings) => {
      const ended = new Set<string>()
      let calls = noCalls
      for (const each of happenings) {
        if (Array.isArray(each)) calls = withSnapshot(calls, each, [])
        else {
          calls = withFact(calls, each)
          if (each.name === 'call.ended') ended.add(each.data.call)
        }
        const live = liveRows(calls).map((row) => row.id)
        assert.equal(new Set(live).size, live.length)
        assert.ok(live.every((id) => !ended.has(id)))
        assert.ok(endedRows(calls).every(({ id }) => !live.includes(id)))
      }
    }),
  )
})

test('a snapshot takes away what ended while we were away and spares what began meanwhile', () => {
  const before = withSnapshot(noCalls, [view('gone'), view('there')], [])
  const began = withFact(before, fact(9, 'call.offered', 'new'))
  const after = withSnapshot(began, [view('there', { state: 'talking' })], [], new Set(['gone', 'there']))

  assert.deepEqual(
    liveRows(after).map(({ id, state }) => [id, state]),
    [
      ['there', 'talking'],
      ['new', 'ringing'],
    ],
  )
})

test('a fact of a call whose beginning we missed asks for a snapshot and shows no half row', () => {
  const calls = withFact(noCalls, fact(3, 'call.waiting'))

  assert.equal(hasStrangers(calls), true)
  assert.deepEqual(liveRows(calls), [])
  assert.equal(hasStrangers(withSnapshot(calls, [view('one', { state: 'waiting' })], [])), false)
})
