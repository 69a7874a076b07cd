import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Strategy } from './strategies.ts'
import { noon, openTestHouse as open, rules } from './test-house.ts'

test('a caller is offered to one operator at a time, and a refusal brings the next, until all have refused', () => {
  const house = open(rules())
  house.signIn('a', 'b')
  house.enter('1')
  assert.deepEqual(house.rung(), ['1→a'])
  house.tell({ name: 'offer-refused', entry: '1', operator: 'a', how: 'rejected' })
  assert.deepEqual(house.rung(), ['1→b'])
  house.tell({ name: 'offer-refused', entry: '1', operator: 'b', how: 'rejected' })
  assert.deepEqual(house.rung(), ['1→a'])
})

test('ring_all: the first answer wins and all others stop at once as answered elsewhere', () => {
  const house = open(rules({ strategy: { is: 'ring_all' } }))
  house.signIn('a', 'b', 'c')
  house.enter('1')
  assert.deepEqual(house.rung(), ['1→a', '1→b', '1→c'])
  const ended = house.told('end-offer', house.answer('1', 'b'))
  assert.deepEqual(
    ended.map((each) => each.do === 'end-offer' && `${each.operator} ${each.outcome}`),
    ['b answered', 'a answered_elsewhere', 'c answered_elsewhere'],
  )
  assert.deepEqual(house.told('join', house.answer('1', 'a')), [])
})

test('an operator who leaves two offers in a row unanswered is paused and told why', () => {
  const house = open(rules({ members: [{ operator: 'a', rank: 1, weight: 1 }] }))
  house.signIn('a')
  house.enter('1')
  house.pass(15)
  assert.deepEqual(house.rung(), ['1→a'])
  house.pass(15)
  const state = house.engine.crew.find('a')?.state
  assert.equal(state?.is === 'not_ready' && state.reason, 'no answer')
  assert.deepEqual(house.rung(), [])
  house.tell({ name: 'operator-moved', operator: 'a', move: { name: 'ready' } })
  assert.deepEqual(house.rung(), ['1→a'])
})

test('the highest priority is served first, then the earliest arrival; everybody knows his position', () => {
  const house = open(rules({ members: [{ operator: 'a', rank: 1, weight: 1 }] }))
  house.enter('late', { arrivedAt: noon - 1 })
  house.enter('early', { arrivedAt: noon - 5_000 })
  house.enter('vip', { base: 100 })
  assert.deepEqual(['vip', 'early', 'late'].map(house.engine.position), [1, 2, 3])
  house.signIn('a')
  const order: string[] = []
  for (const rung = house.rung(); rung.length > 0; rung.splice(0, 1, ...house.rung())) {
    const [entry = ''] = rung[0]?.split('→') ?? []
    order.push(entry)
    house.answer(entry, 'a')
    house.hangUp(entry, 'a')
  }
  assert.deepEqual(order, ['vip', 'early', 'late'])
})

test('of two queues the one whose caller has used up more of its target wait is served first', () => {
  const members = [{ operator: 'a', rank: 1, weight: 1 }]
  const house = open(rules({ members }), rules({ name: 'hotels', members, targetWait: 5_000 }))
  house.enter('1')
  house.pass(10)
  house.enter('2', { queue: 'hotels' })
  house.pass(4)
  house.signIn('a')
  assert.deepEqual(house.rung(), ['2→a'])
})

test('wrap-up keeps calls away, is no idle time, and belongs to the handle time the queue learns', () => {
  const house = open(rules({ wrapUp: 10_000 }))
  house.signIn('a')
  house.enter('1')
  house.answer('1', 'a')
  house.pass(30)
  house.signIn('b')
  house.hangUp('1', 'a')
  house.enter('2')
  assert.deepEqual(house.rung(), ['2→b'])
  house.pass(10)
  assert.equal(house.engine.crew.find('a')?.idleSince, noon + 40_000)
  assert.equal(house.engine.queues.get('main')?.knowledge.handleTime.toFixed(2), '59.92')
})

test('skills: only who can is rung, best first, and after a wait also who can less', () => {
  const strategy: Strategy = { is: 'skills', fall: { levels: 2, every: 20 } }
  const house = open(rules({ strategy, needs: { english: 5 }, ringFor: 300_000 }))
  house.signIn('a', 'c', 'b')
  house.enter('1')
  house.enter('2')
  assert.deepEqual(house.rung(), ['2→c'])
  house.enter('3')
  assert.deepEqual(house.rung(), [])
  house.pass(20)
  assert.deepEqual(house.rung(), ['3→a'])
})

test('steps: the second step rings everybody beside the first, the third stops them for the responsible person', () => {
  const steps = [
    { after: 0, who: ['a'], strategy: { is: 'longest_idle' } },
    { after: 10, who: ['a', 'b'], strategy: { is: 'ring_all' }, keepRinging: true },
    { after: 30, who: ['c'], strategy: { is: 'longest_idle' } },
  ] as const
  const house = open(rules({ strategy: { is: 'steps', steps }, ringFor: 60_000 }))
  house.signIn('a', 'b', 'c')
  house.enter('1')
  assert.deepEqual(house.rung(), ['1→a'])
  house.pass(10)
  assert.deepEqual(house.rung(), ['1→b'])
  assert.deepEqual(house.told('end-offer'), [])
  house.pass(20)
  assert.deepEqual(house.rung(), ['1→c'])
  assert.equal(house.told('end-offer').length, 2)
})

test('the client’s last operator is waited for ten seconds even while he talks, then anybody serves', () => {
  const strategy: Strategy = { is: 'last_operator', inner: { is: 'longest_idle' } }
  const house = open(rules({ strategy }))
  house.signIn('a')
  house.enter('1')
  house.answer('1', 'a')
  house.signIn('b')
  house.enter('2', { lastOperator: { operator: 'a', at: noon - 60_000 } })
  assert.deepEqual(house.rung(), [])
  house.pass(10)
  assert.deepEqual(house.rung(), ['2→b'])
  house.enter('3', { lastOperator: { operator: 'a', at: noon } })
  house.hangUp('1', 'a')
  assert.deepEqual(house.rung(), ['3→a'])
})

test('limits: a full queue and too long a wait send the caller elsewhere, at the longest wait we end it', () => {
  const house = open(
    rules({ maximumLength: 1, maximumWait: 60_000 }),
    rules({ name: 'hotels', overflowAfter: 20_000 }),
  )
  house.enter('1')
  const [full] = house.told('send', house.enter('2'))
  assert.deepEqual(full?.do === 'send' && [full.entry, full.outcome], ['2', 'overflowed'])
  house.enter('3', { queue: 'hotels' })
  const [over] = house.told('send', house.pass(20))
  assert.deepEqual(over?.do === 'send' && [over.entry, over.outcome], ['3', 'overflowed'])
  const [late] = house.told('send', house.pass(40))
  assert.deepEqual(late?.do === 'send' && [late.entry, late.outcome], ['1', 'timed_out'])
  assert.equal(house.engine.nextAlarm(), undefined)
})

test('when the last operator signs out nobody is left waiting where somebody is needed', () => {
  const house = open(rules({ needsSomebody: true, members: [{ operator: 'a', rank: 1, weight: 1 }] }))
  house.signIn('a')
  house.tell({ name: 'operator-moved', operator: 'a', move: { name: 'paused', reason: 'lunch' } })
  house.enter('1')
  assert.deepEqual(house.told('send'), [])
  house.tell({ name: 'operator-moved', operator: 'a', move: { name: 'signed-out' } })
  const [sent] = house.told('send')
  assert.equal(sent?.do === 'send' && sent.outcome, 'no_operators')
})

test('a changed strategy is in force from the next call', () => {
  const house = open(rules())
  house.enter('1')
  house.tell({ name: 'strategy-changed', queue: 'main', strategy: { is: 'ring_all' } })
  house.enter('2')
  house.signIn('a', 'b', 'c')
  assert.deepEqual(
    house.engine.waiting('main').map(({ offers }) => offers.size),
    [1, 2],
  )
})

test('a call that the operator makes by himself keeps offers away until it is over', () => {
  const house = open(rules({ members: [{ operator: 'a', rank: 1, weight: 1 }] }))
  house.signIn('a')
  house.tell({ name: 'operator-moved', operator: 'a', move: { name: 'talk-began', call: 'own' } })
  house.enter('1')
  assert.deepEqual(house.rung(), [])
  house.hangUp('own', 'a')
  assert.deepEqual(house.rung(), ['1→a'])
})

test('a caller hears his position and an honest time by step, and the time never grows', () => {
  const house = open(rules({ announceAt: [5_000, 30_000], announceEvery: 30_000 }))
  house.signIn('a')
  for (const call of ['0', '1', '2', '3']) house.enter(call)
  house.answer('0', 'a')
  const heard = house.pass(150).filter((each) => each.do === 'announce' && each.entry === '3')
  const said = heard.map(
    (each) => each.do === 'announce' && [each.step, each.position, each.wait, each.isLate],
  )
  assert.deepEqual(said, [
    [0, 3, 180, false],
    [1, 3, 180, false],
    [2, 3, 180, false],
    [3, 3, undefined, true],
    [4, 3, undefined, true],
    [5, 3, undefined, true],
  ])
})

test('whose caller he is has him first while free, and is not waited for', () => {
  const house = open(rules({ strategy: { is: 'ring_all' } }))
  house.signIn('a', 'b')
  const first = { operators: ['b'], tryFor: 8_000 }
  house.enter('1', { first })
  assert.deepEqual(house.rung(), ['1→b'])
  house.pass(8)
  assert.deepEqual(house.rung().sort(), ['1→a', '1→b'])
  house.answer('1', 'b')
  house.enter('2', { first })
  assert.deepEqual(house.rung(), ['2→a'])
})
