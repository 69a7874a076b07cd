import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Candidate,
  phaseAt,
  remember,
  type SimpleStrategy,
  type Strategy,
  type StrategyMemory,
  welcome,
  whomToRing,
} from './strategies.ts'

const hour = 3_600_000

function candidate(id: string, about: Partial<Candidate> = {}): Candidate {
  return {
    id,
    turn: 'abcdefgh'.indexOf(id),
    rank: 1,
    weight: 1,
    level: 1,
    idleSince: 0,
    talkedToday: 0,
    signedInToday: hour,
    callsToday: 0,
    ...about,
  }
}

const rings = (strategy: SimpleStrategy, candidates: Candidate[], memory: StrategyMemory = { used: {} }) =>
  whomToRing(strategy, candidates, memory, 'entry:0')

test('ring_all rings everybody', () => {
  assert.deepEqual(rings({ is: 'ring_all' }, [candidate('b'), candidate('a')]), ['a', 'b'])
})

test('round_robin goes round the fixed circle from the last one offered, who need not be ready now', () => {
  const memory: StrategyMemory = { used: {} }
  remember(memory, candidate('b'))
  assert.deepEqual(rings({ is: 'round_robin' }, [candidate('a'), candidate('d'), candidate('c')], memory), [
    'c',
  ])
  remember(memory, candidate('d'))
  assert.deepEqual(rings({ is: 'round_robin' }, [candidate('c'), candidate('a')], memory), ['a'])
})

test('random draws evenly by the seed, and the same seed draws the same', () => {
  const all = [candidate('a'), candidate('b'), candidate('c')]
  const times: Record<string, number> = { a: 0, b: 0, c: 0 }
  for (let entry = 0; entry < 3_000; entry += 1) {
    const [drawn = ''] = whomToRing({ is: 'random' }, all, { used: {} }, `${entry}:0`)
    assert.deepEqual(whomToRing({ is: 'random' }, all.toReversed(), { used: {} }, `${entry}:0`), [drawn])
    times[drawn] = (times[drawn] ?? 0) + 1
  }
  for (const share of Object.values(times)) assert.ok(share > 900 && share < 1_100, JSON.stringify(times))
})

test('longest_idle takes whoever has waited longest for a call, of two alike the lowest id', () => {
  const idle = [
    candidate('c', { idleSince: 5 }),
    candidate('b', { idleSince: 3 }),
    candidate('a', { idleSince: 3 }),
  ]
  assert.deepEqual(rings({ is: 'longest_idle' }, idle), ['a'])
})

test('least_talk_today takes the smallest talk, or the smallest share of the signed-in time', () => {
  const early = candidate('a', { talkedToday: 1_800_000, signedInToday: 4 * hour })
  const late = candidate('b', { talkedToday: 1_200_000, signedInToday: hour })
  assert.deepEqual(rings({ is: 'least_talk_today' }, [early, late]), ['b'])
  assert.deepEqual(rings({ is: 'least_talk_today', perHour: true }, [early, late]), ['a'])
})

test('fewest_calls takes the fewest, of two alike the longest idle', () => {
  const [a, b] = [
    candidate('a', { callsToday: 2, idleSince: 9 }),
    candidate('b', { callsToday: 2, idleSince: 4 }),
  ]
  assert.deepEqual(rings({ is: 'fewest_calls' }, [a, b, candidate('c', { callsToday: 3 })]), ['b'])
})

test('priority takes the smallest rank, of two alike the longest idle', () => {
  const ranked = [
    candidate('a', { rank: 2 }),
    candidate('b', { idleSince: 9 }),
    candidate('c', { idleSince: 4 }),
  ]
  assert.deepEqual(rings({ is: 'priority' }, ranked), ['c'])
})

test('skills takes the highest level, of two alike the longest idle, and the needed level falls with the wait', () => {
  const skilled = [candidate('a', { level: 5, idleSince: 9 }), candidate('b', { level: 5 }), candidate('c')]
  const strategy = { is: 'skills', fall: { levels: 1, every: 20 } } as const
  assert.deepEqual(rings(strategy, skilled), ['b'])
  assert.deepEqual(
    [0, 19_999, 20_000, 61_000].map((waited) => phaseAt(strategy, { waited }).leniency),
    [0, 0, 1, 3],
  )
})

test('steps: line 1 at once, everybody after 10 s while line 1 rings on, the responsible person after 30 s', () => {
  const strategy: Strategy = {
    is: 'steps',
    steps: [
      { after: 0, who: ['a', 'b'], strategy: { is: 'round_robin' } },
      { after: 10, strategy: { is: 'ring_all' }, keepRinging: true },
      { after: 30, who: ['chief'], strategy: { is: 'longest_idle' } },
    ],
  }
  const at = (waited: number) => phaseAt(strategy, { waited })
  assert.deepEqual([at(0).only, at(0).simple.is, at(0).until], [['a', 'b'], 'round_robin', 10_000])
  assert.deepEqual(
    [at(10_000).only, at(10_000).simple.is, at(10_000).keepsRinging],
    [undefined, 'ring_all', true],
  )
  assert.deepEqual(
    [at(31_000).only, at(31_000).keepsRinging, at(31_000).until],
    [['chief'], false, undefined],
  )
})

test('last_operator is tried alone for ten seconds, then comes the inner strategy', () => {
  const strategy: Strategy = { is: 'last_operator', inner: { is: 'ring_all' } }
  assert.deepEqual(phaseAt(strategy, { waited: 0, sticky: 'b' }).only, ['b'])
  assert.equal(phaseAt(strategy, { waited: 10_000, sticky: 'b' }).simple.is, 'ring_all')
  assert.equal(phaseAt(strategy, { waited: 0 }).only, undefined)
})

test('weighted gives three calls in four to whoever weighs three times as much', () => {
  const all = [candidate('a', { weight: 3 }), candidate('b', { weight: 1 })]
  const memory: StrategyMemory = { used: {} }
  let turns = ''
  for (let turn = 0; turn < 8; turn += 1) turns += offerOne({ is: 'weighted' }, all, memory)
  assert.deepEqual([...turns].sort().join(''), 'aaaaaabb')
  const draws = { a: 0, b: 0 }
  for (let entry = 0; entry < 2_000; entry += 1) {
    const [drawn] = whomToRing({ is: 'weighted', by: 'chance' }, all, memory, `${entry}:0`)
    if (drawn === 'a' || drawn === 'b') draws[drawn] += 1
  }
  assert.ok(draws.a > 1_400 && draws.a < 1_600, JSON.stringify(draws))
})

test('whoever comes back has no share to make up for', () => {
  const memory: StrategyMemory = { used: { a: 40, b: 41, c: 3 } }
  welcome(memory, 'c', ['a', 'b', 'c'])
  assert.equal(memory.used.c, 40)
})

test('with equal weights the shares of round_robin and weighted differ by one at most', () => {
  const way = fc.constantFrom<SimpleStrategy>({ is: 'round_robin' }, { is: 'weighted' })
  fc.assert(
    fc.property(
      way,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 60 }),
      (strategy, people, calls) => {
        const all = [...'abcdefgh'].slice(0, people).map((id) => candidate(id))
        const memory: StrategyMemory = { used: {} }
        const shares = new Map(all.map(({ id }) => [id, 0]))
        for (let call = 0; call < calls; call += 1) {
          const id = offerOne(strategy, all, memory)
          shares.set(id, (shares.get(id) ?? 0) + 1)
        }
        assert.ok(Math.max(...shares.values()) - Math.min(...shares.values()) <= 1)
      },
    ),
  )
})

test('whatever the strategy, somebody is rung when anybody can be, only candidates, and the same each time', () => {
  const about = fc.record({
    rank: fc.integer({ min: 1, max: 3 }),
    weight: fc.integer({ min: 1, max: 5 }),
    level: fc.integer({ min: 1, max: 10 }),
    idleSince: fc.nat(5),
    talkedToday: fc.nat(5),
    callsToday: fc.nat(3),
    signedInToday: fc.nat(hour),
  })
  const strategy = fc.constantFrom<SimpleStrategy>(
    { is: 'ring_all' },
    { is: 'round_robin' },
    { is: 'random' },
    { is: 'longest_idle' },
    { is: 'least_talk_today' },
    { is: 'least_talk_today', perHour: true },
    { is: 'fewest_calls' },
    { is: 'priority' },
    { is: 'skills' },
    { is: 'weighted' },
    { is: 'weighted', by: 'chance' },
  )
  fc.assert(
    fc.property(
      strategy,
      fc.array(about, { maxLength: 8 }),
      fc.nat(9),
      fc.string(),
      (way, people, last, seed) => {
        const all = people.map((each, index) => candidate('abcdefgh'[index] ?? '', each))
        const memory: StrategyMemory = { lastTurn: last, used: { a: 1, b: 2 } }
        const rung = whomToRing(way, all, memory, seed)
        assert.equal(rung.length, way.is === 'ring_all' ? all.length : Math.min(1, all.length))
        assert.ok(rung.every((id) => all.some((each) => each.id === id)))
        assert.deepEqual(whomToRing(way, all.toReversed(), memory, seed), rung)
      },
    ),
  )
})

function offerOne(strategy: SimpleStrategy, all: Candidate[], memory: StrategyMemory): string {
  const [id = ''] = whomToRing(strategy, all, memory, 'x')
  const offered = all.find((each) => each.id === id)
  if (offered) remember(memory, offered)
  return id
}
