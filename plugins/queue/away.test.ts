import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestHouse as open, rules } from './test-house.ts'

const away = { isCalled: false }

test('a place without a caller moves like the others; when an operator is free for it he waits and the client is rung', () => {
  const house = open(rules())
  house.signIn('a')
  house.enter('talking')
  house.answer('talking', 'a')
  house.enter('away', { away })
  house.enter('later')
  assert.deepEqual([house.engine.position('away'), house.engine.position('later')], [1, 2])
  const decided = house.hangUp('talking', 'a')
  assert.deepEqual(
    house.told('reserve', decided).map((each) => 'operator' in each && each.operator),
    ['a'],
  )
  assert.equal(house.told('call-back', decided).length, 1)
  assert.deepEqual(house.rung(decided), [])
  house.tell({ name: 'returned', entry: 'away', call: 'outgoing' })
  assert.deepEqual(house.rung(), ['away→a'])
  house.answer('away', 'a')
  assert.equal(house.engine.crew.find('a')?.state.is, 'talking')
  house.hangUp('outgoing', 'a')
  assert.deepEqual(house.rung(), ['later→a'])
})

test('an operator waits for a client who is rung no longer than he may, loses nothing by it, and is not kept again', () => {
  const house = open(rules({ missesAtMost: 1 }))
  house.signIn('a')
  house.enter('away', { away })
  house.enter('behind')
  house.pass(19)
  assert.deepEqual(house.rung(), [])
  house.pass(1)
  assert.deepEqual(house.rung(), ['behind→a'])
  house.answer('behind', 'a')
  house.hangUp('behind', 'a')
  assert.equal(house.engine.crew.find('a')?.state.is, 'ready')
  house.tell({ name: 'returned', entry: 'away', call: 'outgoing' })
  assert.deepEqual(house.rung(), ['away→a'])
})

test('a client is rung before his turn, when it is near; not while nobody can tell how long it takes', () => {
  const house = open(rules({ expectedHandleTime: 60_000 }))
  house.enter('away', { away })
  assert.equal(house.told('call-back').length, 0)
  house.signIn('a', 'b', 'c')
  house.tell({ name: 'left', entry: 'away', gaveUp: false })
  for (const [entry, operator] of ['1a', '2b', '3c'].map((each) => [...each])) {
    house.enter(entry ?? '')
    house.answer(entry ?? '', operator ?? '')
  }
  for (const ahead of ['4', '5']) house.enter(ahead)
  house.enter('away', { away })
  assert.equal(house.told('call-back').length, 0, 'two are before him: a minute')
  house.tell({ name: 'left', entry: '4', gaveUp: true })
  assert.equal(house.told('call-back').length, 0)
  house.tell({ name: 'left', entry: '5', gaveUp: true })
  assert.equal(house.told('call-back').length, 1, 'the next of three to come free is his: twenty seconds')
})

test('neither the longest wait nor an overflow ends a place that nobody holds the line for', () => {
  const house = open(rules({ maximumWait: 60_000, overflowAfter: 30_000 }))
  house.enter('away', { away })
  assert.deepEqual(house.told('send', house.pass(3_600)), [])
  house.tell({ name: 'returned', entry: 'away', call: 'outgoing' })
  assert.deepEqual(house.told('send', house.pass(59)), [])
  assert.equal(house.told('send', house.pass(1)).length, 1)
})
