import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CallMove, type CallState, nextState } from './call-state.ts'

const anyMove: fc.Arbitrary<CallMove> = fc.oneof(
  fc.record({ name: fc.constant('call.conversing' as const), by: fc.string() }),
  fc.record({ name: fc.constant('call.waiting' as const), place: fc.string(), at: fc.nat() }),
  fc.record({
    name: fc.constant('call.talking' as const),
    talk: fc.string(),
    with: fc.string(),
    at: fc.nat(),
  }),
  fc.constant({ name: 'call.talk-ended' as const }),
  fc.record({ name: fc.constant('call.ended' as const), result: fc.string() }),
)

test('any interleaving of facts leaves a call in a legal state', () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 30 }), (moves) => {
      let state: CallState = { is: 'ringing' }
      let endings = 0
      let talks = 0
      for (const move of moves) {
        const next = nextState(state, move)
        if (!next) continue
        assert.notEqual(state.is, 'ended', 'nothing comes after the end')
        assert.notEqual(next.is, 'ringing', 'a call never rings anew')
        if (next.is === 'talking') {
          assert.notEqual(state.is, 'talking', 'one talk at a time')
          talks += 1
        }
        if (state.is === 'talking' && next.is !== 'ended') assert.equal(move.name, 'call.talk-ended')
        if (next.is === 'ended') endings += 1
        state = next
      }
      assert.ok(endings <= 1)
      assert.ok(talks <= moves.length)
      if (moves.some((move) => move.name === 'call.ended')) assert.equal(state.is, 'ended')
    }),
  )
})

test('waiting again at another place keeps the arrival time', () => {
  const waiting = nextState({ is: 'ringing' }, { name: 'call.waiting', place: 'operators', at: 5 })
  assert.ok(waiting)
  assert.deepEqual(nextState(waiting, { name: 'call.waiting', place: 'night', at: 90 }), {
    is: 'waiting',
    place: 'night',
    since: 5,
  })
})
