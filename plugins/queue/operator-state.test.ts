import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextState, type OperatorMove, type OperatorState } from './operator-state.ts'

const out = { is: 'signed_out', since: 0 } as OperatorState

/** What he does after all of it; moves that cannot happen change nothing. */
function after(...moves: OperatorMove[]): OperatorState {
  return moves.reduce((state, move, at) => nextState(state, move, at + 1) ?? state, out)
}

test('an operator signs in, is offered a call, talks, wraps up and is ready again', () => {
  const moves: OperatorMove[] = [
    { name: 'signed-in' },
    { name: 'offered', entry: 'a' },
    { name: 'talk-began', call: 'c' },
    { name: 'talk-over', call: 'c', wrapUpUntil: 6 },
    { name: 'time' },
    { name: 'time' },
  ]
  const states = moves.map((_, index) => after(...moves.slice(0, index + 1)).is)
  assert.deepEqual(states, ['ready', 'ringing', 'talking', 'wrap_up', 'wrap_up', 'ready'])
})

test('a pause asked for during a talk begins at its end, and so does signing out', () => {
  const talking: OperatorMove[] = [{ name: 'signed-in' }, { name: 'talk-began', call: 'c' }]
  const paused = after(...talking, { name: 'paused', reason: 'lunch' }, { name: 'talk-over', call: 'c' })
  assert.deepEqual(paused, { is: 'not_ready', reason: 'lunch', since: 4 })
  assert.equal(after(...talking, { name: 'signed-out' }, { name: 'talk-over', call: 'c' }).is, 'signed_out')
})

test('a call made during a pause returns to the pause, unless that has ended by itself', () => {
  const call: OperatorMove[] = [
    { name: 'talk-began', call: 'own' },
    { name: 'talk-over', call: 'own' },
  ]
  assert.equal(after({ name: 'signed-in' }, { name: 'paused', reason: 'lunch' }, ...call).is, 'not_ready')
  const short: OperatorMove = { name: 'paused', reason: 'phone busy', until: 3 }
  assert.equal(after({ name: 'signed-in' }, short, ...call).is, 'ready')
})

test('the end of another talk or offer changes nothing', () => {
  const ringing = after({ name: 'signed-in' }, { name: 'offered', entry: 'a' })
  assert.equal(nextState(ringing, { name: 'offer-over', entry: 'b' }, 9), undefined)
  assert.equal(nextState(ringing, { name: 'talk-over', call: 'c' }, 9), undefined)
})

test('only an operator who is ready or talks can be offered a call, and whoever is out stays out', () => {
  const move = fc.oneof(
    fc.constantFrom<OperatorMove>(
      { name: 'signed-in' },
      { name: 'signed-out' },
      { name: 'ready' },
      { name: 'time' },
      { name: 'offered', entry: 'a' },
      { name: 'paused', reason: 'lunch' },
    ),
    fc.constantFrom<OperatorMove>(
      { name: 'offer-over', entry: 'a' },
      { name: 'offer-over', entry: 'a', pause: { reason: 'no answer' } },
      { name: 'talk-began', call: 'c' },
      { name: 'talk-over', call: 'c', wrapUpUntil: 50 },
    ),
  )
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      let state: OperatorState = { ...out }
      for (const [at, each] of moves.entries()) {
        const next = nextState(state, each, at + 1)
        if (each.name === 'offered')
          assert.equal(next !== undefined, state.is === 'ready' || (state.is === 'talking' && !state.second))
        if (state.is === 'signed_out') assert.equal(next !== undefined, each.name === 'signed-in')
        if (next) assert.equal(next.since <= at + 1, true)
        state = next ?? state
      }
    }),
  )
})
