import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestHouse as open, rules } from './test-house.ts'

const main = (...members: string[]) =>
  rules({ members: members.map((operator) => ({ operator, rank: 1, weight: 1 })) })
const give = (house: ReturnType<typeof open>, entry: string, operator: string, seconds = 60) =>
  house.rung(house.tell({ name: 'given', entry, operator, until: house.now + seconds * 1_000 }))

function busy(house: ReturnType<typeof open>, ...operators: string[]) {
  for (const operator of operators)
    house.tell({ name: 'operator-moved', operator, move: { name: 'talk-began', call: `of ${operator}` } })
}

test('a caller given to one operator waits for him beside others who are free, then for anybody', () => {
  const house = open(main('a', 'b', 'c'))
  house.signIn('a', 'b', 'c')
  busy(house, 'b')
  house.enter('1')
  assert.deepEqual(give(house, '1', 'b'), [])
  assert.deepEqual(house.told('end-offer').length, 1)
  assert.deepEqual(house.rung(house.pass(59)), [])
  assert.deepEqual(house.rung(house.pass(1)).length, 1)
})

test('he is the next of that operator, whoever stands before him, with the place he had', () => {
  const house = open(main('a', 'b'))
  house.signIn('a', 'b')
  busy(house, 'a', 'b')
  house.enter('1')
  house.enter('2')
  give(house, '2', 'b')
  assert.equal(house.engine.position('2'), 2)
  assert.deepEqual(house.rung(house.hangUp('of b', 'b')), ['2→b'])
})

test('an operator of another queue, without the skill, is asked as well when a supervisor wants it', () => {
  const house = open({ ...main('a'), needs: { english: 2 } }, { ...main('b'), name: 'hotels' })
  house.signIn('b')
  house.enter('1')
  assert.deepEqual(give(house, '1', 'b'), ['1→b'])
  house.answer('1', 'b')
  assert.deepEqual(house.told('join'), [{ do: 'join', entry: '1', operator: 'b' }])
})

test('when that operator does not take him, or goes to rest, he waits for anybody at once', () => {
  for (const why of ['refuses', 'rests', 'goes home'] as const) {
    const house = open(main('a', 'b'))
    house.signIn('a', 'b')
    if (why !== 'refuses') busy(house, 'b')
    house.enter('1')
    give(house, '1', 'b')
    if (why === 'refuses') house.tell({ name: 'offer-refused', entry: '1', operator: 'b', how: 'rejected' })
    else {
      const move =
        why === 'rests' ? ({ name: 'paused', reason: 'lunch' } as const) : ({ name: 'signed-out' } as const)
      house.tell({ name: 'operator-moved', operator: 'b', move })
    }
    assert.deepEqual(house.rung(), ['1→a'], why)
  }
})

test('a phone that rings for him when the time is over rings to its end', () => {
  const house = open(main('a', 'b'))
  house.signIn('a', 'b')
  busy(house, 'b')
  house.enter('1')
  give(house, '1', 'b', 10)
  house.pass(8)
  assert.deepEqual(house.rung(house.hangUp('of b', 'b')), ['1→b'])
  assert.deepEqual(house.rung(house.pass(14)), [])
  assert.deepEqual(house.rung(house.pass(1)), ['1→a'])
})

test('he may be given to somebody else meanwhile', () => {
  const house = open(main('a', 'b'))
  house.signIn('a', 'b')
  house.enter('1')
  assert.deepEqual(give(house, '1', 'a').concat(give(house, '1', 'b')), ['1→b'])
  assert.deepEqual(give(house, '1', 'a'), ['1→a'])
})
