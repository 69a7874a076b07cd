import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openEngine, type QueueEngine } from './engine.ts'
import type { Decision, NewEntry, QueueEvent, QueueRules } from './engine-words.ts'
import type { Strategy } from './strategies.ts'

const day = 24 * 3_600_000
const noon = day / 2

function rules(about: Partial<QueueRules> = {}): QueueRules {
  return {
    name: 'main',
    strategy: { is: 'longest_idle' },
    members: ['a', 'b', 'c'].map((operator) => ({ operator, rank: 1, weight: 1 })),
    needs: {},
    ringFor: 15_000,
    wrapUp: 0,
    targetWait: 20_000,
    aging: 0,
    maximumWait: 600_000,
    maximumLength: 1_000,
    needsSomebody: false,
    announceAt: [],
    missesAtMost: 2,
    idleFrom: 'wrap_up_end',
    expectedHandleTime: 60_000,
    ...about,
  }
}

/** An engine that is told one thing after another; time passes only when told. */
function open(...queues: QueueRules[]) {
  const ids = new Set(queues.flatMap(({ members }) => members.map(({ operator }) => operator)))
  const engine = openEngine({
    queues,
    operators: [...ids].map((id) => ({ id, skills: skillsOf(id) })),
    dayOf: (now) => ({ from: now - (now % day), until: now - (now % day) + day }),
    now: noon,
  })
  let now = noon
  let heard: Decision[] = []

  const tell = (event: QueueEvent) => {
    heard = engine.handle(event, now)
    return heard
  }
  return {
    engine,
    tell,
    get now() {
      return now
    },
    signIn: (...operators: string[]) => {
      for (const operator of operators)
        tell({ name: 'operator-moved', operator, move: { name: 'signed-in' } })
    },
    enter: (id: string, about: Partial<NewEntry> = {}) =>
      tell({
        name: 'entered',
        entry: { id, call: id, queue: 'main', base: 0, arrivedAt: now, enteredAt: now, ...about },
      }),
    answer: (entry: string, operator: string) => tell({ name: 'offer-answered', entry, operator }),
    hangUp: (call: string, operator: string) =>
      tell({ name: 'operator-moved', operator, move: { name: 'talk-over', call } }),
    /** Lets time pass, alarm by alarm; everything decided meanwhile. */
    pass(seconds: number) {
      const until = now + seconds * 1_000
      const all: Decision[] = []
      for (let next = engine.nextAlarm(); next !== undefined && next <= until; next = engine.nextAlarm()) {
        assert.ok(next >= now)
        now = Math.max(now, next)
        all.push(...tell({ name: 'ticked' }))
      }
      now = until
      heard = [...all, ...tell({ name: 'ticked' })]
      return heard
    },
    rung: (decisions = heard) =>
      decisions.flatMap((each) => (each.do === 'offer' ? [`${each.entry}→${each.operator}`] : [])),
    told: (what: Decision['do'], decisions = heard) => decisions.filter((each) => each.do === what),
  }
}

const skillsOf = (id: string): Record<string, number> => ({
  english: { a: 3, b: 8, c: 5 }[id] ?? 0,
})

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

/** Events in any order, at any time: what holds whatever happens. */
const anything = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('enter' as const),
      base: fc.constantFrom(0, 0, 10),
      queue: fc.constantFrom('main', 'hotels'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('answer' as const), nth: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('hang up' as const), nth: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('give up' as const), nth: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('refuse' as const),
      nth: fc.nat(20),
      how: fc.constantFrom('rejected' as const, 'busy' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('move' as const),
      who: fc.constantFrom('a', 'b', 'c', 'd'),
      to: fc.constantFrom('signed-in' as const, 'signed-out' as const, 'ready' as const, 'paused' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
  },
)

const anyStrategy = fc.constantFrom<Strategy>(
  { is: 'ring_all' },
  { is: 'round_robin' },
  { is: 'random' },
  { is: 'longest_idle' },
  { is: 'least_talk_today' },
  { is: 'fewest_calls' },
  { is: 'priority' },
  { is: 'weighted' },
  { is: 'skills' },
  {
    is: 'steps',
    steps: [
      { after: 0, strategy: { is: 'round_robin' } },
      { after: 10, strategy: { is: 'ring_all' }, keepRinging: true },
    ],
  },
  { is: 'last_operator', inner: { is: 'longest_idle' } },
)

test('whatever happens: one offer or talk each, only to the ready, one end each, and no caller waits beside a free operator', () => {
  fc.assert(
    fc.property(anyStrategy, fc.array(anything, { maxLength: 120 }), (strategy, steps) => {
      const members = ['a', 'b', 'c', 'd'].map((operator) => ({ operator, rank: 1, weight: 1 }))
      const house = open(
        rules({
          strategy,
          members,
          wrapUp: 5_000,
          maximumWait: 90_000,
          missesPause: 20_000,
          announceAt: [5_000],
        }),
        rules({ name: 'hotels', members: members.slice(2), maximumLength: 5, overflowAfter: 30_000 }),
      )
      const witness = openWitness(house.engine)
      for (const [index, step] of steps.entries()) {
        const offers = [...witness.offers.keys()]
        const offer = 'nth' in step ? offers[step.nth % Math.max(1, offers.length)] : undefined
        const [entry = '', operator = ''] = offer?.split('→') ?? []
        if (step.is === 'enter') {
          witness.entered.add(`${index}`)
          witness.see(house.enter(`${index}`, { base: step.base, queue: step.queue }))
        } else if (step.is === 'answer' && offer) witness.see(house.answer(entry, operator))
        else if (step.is === 'refuse' && offer)
          witness.see(house.tell({ name: 'offer-refused', entry, operator, how: step.how }))
        else if (step.is === 'hang up') {
          const [who, call] = [...witness.talks][step.nth % Math.max(1, witness.talks.size)] ?? []
          if (who && call) {
            witness.talks.delete(who)
            witness.see(house.hangUp(call, who))
          }
        } else if (step.is === 'give up') {
          const waiting = ['main', 'hotels'].flatMap((name) => house.engine.waiting(name))
          const gone = waiting[step.nth % Math.max(1, waiting.length)]
          if (gone) {
            witness.ended.add(gone.id)
            witness.see(house.tell({ name: 'left', entry: gone.id, gaveUp: true }))
          }
        } else if (step.is === 'move') {
          const move =
            step.to === 'paused' ? ({ name: 'paused', reason: 'lunch' } as const) : { name: step.to }
          witness.see(house.tell({ name: 'operator-moved', operator: step.who, move }))
        } else if (step.is === 'pass') witness.see(house.pass(step.seconds))
        witness.check()
      }
    }),
    { numRuns: 300 },
  )
})

/** Keeps account of every decision and compares it with what the engine shows. */
function openWitness(engine: QueueEngine) {
  const offers = new Map<string, true>()
  const talks = new Map<string, string>()
  const entered = new Set<string>()
  const ended = new Set<string>()

  function end(entry: string) {
    assert.ok(!ended.has(entry), `${entry} ended twice`)
    ended.add(entry)
  }

  return {
    offers,
    talks,
    entered,
    ended,

    see(decisions: Decision[]) {
      for (const each of decisions) {
        if (each.do === 'offer') {
          const isBusy = [...offers.keys()].some((offer) => offer.endsWith(`→${each.operator}`))
          assert.ok(!isBusy && !talks.has(each.operator), `${each.operator} is asked twice`)
          offers.set(`${each.entry}→${each.operator}`, true)
        }
        if (each.do === 'end-offer') assert.ok(offers.delete(`${each.entry}→${each.operator}`))
        if (each.do === 'join') {
          end(each.entry)
          talks.set(each.operator, each.entry)
        }
        if (each.do === 'send') end(each.entry)
        if (each.do === 'show' && each.state.is === 'ringing' && each.was.is !== 'ringing')
          assert.equal(each.was.is, 'ready')
      }
    },

    check() {
      const waiting = ['main', 'hotels'].flatMap((name) => engine.waiting(name))
      assert.equal(entered.size, ended.size + waiting.length)
      for (const each of engine.crew.all) {
        const { id } = each.profile
        assert.equal(talks.has(id), each.state.is === 'talking')
        const offer = [...offers.keys()].find((key) => key.endsWith(`→${id}`))
        assert.equal(offer !== undefined, each.state.is === 'ringing')
      }
      for (const name of ['main', 'hotels']) {
        const unserved = engine.waiting(name).some((entry) => entry.offers.size === 0)
        const members = engine.queues.get(name)?.rules.members ?? []
        const isFree = members.some(({ operator }) => engine.crew.find(operator)?.state.is === 'ready')
        assert.ok(!(unserved && isFree), 'somebody waits beside a free operator')
      }
    },
  }
}
