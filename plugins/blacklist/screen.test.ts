import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Finding, toDispatchVerdict, toVerdict } from './screen.ts'
import { listsOf } from './settings.ts'
import { words } from './words.ts'

const lists = listsOf({ lists: [{ name: 'gold', title: 'Gold', effect: 'priority', priority: 30 }] })
const on = (name: string, reason = ''): Finding => {
  const list = lists.find((each) => each.name === name)
  assert.ok(list)
  return { list, entry: { reason } }
}

test('a number on no list is welcome', () => {
  assert.equal(toVerdict([], words.turnedAway), 'welcome')
})

test('a black caller is refused with our sentence and the reason in the story', () => {
  assert.deepEqual(toVerdict([on('black', 'did not pay')], words.turnedAway), {
    refuse: words.turnedAway,
    because: 'on the list Black list: did not pay',
  })
})

test('a VIP goes first; of two preferences the larger counts', () => {
  assert.deepEqual(toVerdict([on('vip')], undefined), { prefer: 10, because: 'on the list VIP' })
  assert.deepEqual(toVerdict([on('vip'), on('gold')], undefined), { prefer: 30, because: 'on the list Gold' })
})

test('a list without effect only marks the story', () => {
  assert.deepEqual(toVerdict([on('prize', 'tenth ride')], undefined), {
    prefer: 0,
    because: 'on the list Prize: tenth ride',
  })
})

test('a refusal outweighs every preference, in any order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(['vip', 'prize', 'gold', 'black']), (names) => {
      const verdict = toVerdict(
        names.map((name) => on(name)),
        undefined,
      )
      assert.equal(typeof verdict === 'object' && 'refuse' in verdict, names.includes('black'))
    }),
  )
})

test('the black category of the dispatch program refuses, a failed lookup does not', () => {
  const card = { kind: 'client', category: 'black', orders: 0 } as const
  assert.deepEqual(toDispatchVerdict({ lookedUp: true, card }, undefined), {
    refuse: undefined,
    because: 'black in the dispatch program',
  })
  assert.equal(toDispatchVerdict({ lookedUp: false, because: 'late' }, undefined), 'welcome')
})

test('settings can add a list and change one of the beginning', () => {
  const own = listsOf({ lists: [{ name: 'vip', title: 'Partners', effect: 'priority', priority: 50 }] })
  assert.deepEqual(
    own.map(({ name, title }) => [name, title]),
    [
      ['black', 'Black list'],
      ['vip', 'Partners'],
      ['prize', 'Prize'],
    ],
  )
})
