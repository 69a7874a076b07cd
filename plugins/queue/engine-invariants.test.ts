import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { QueueEngine } from './engine.ts'
import type { Decision } from './engine-words.ts'
import { waitsFor } from './matching.ts'
import type { Strategy } from './strategies.ts'
import { openTestHouse as open, rules } from './test-house.ts'

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
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('hangs up to be called back' as const),
      base: fc.constantFrom(0, 10),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constantFrom('is back on the line' as const, 'is not reached' as const),
      nth: fc.nat(20),
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
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('is given' as const),
      nth: fc.nat(20),
      who: fc.constantFrom('a', 'b', 'c', 'd'),
      seconds: fc.integer({ min: 1, max: 60 }),
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
        } else if (step.is === 'hangs up to be called back') {
          witness.entered.add(`${index}`)
          witness.see(house.enter(`${index}`, { base: step.base, away: { isCalled: false } }))
        } else if (step.is === 'is back on the line' || step.is === 'is not reached') {
          const called = [...witness.called][step.nth % Math.max(1, witness.called.size)]
          if (called === undefined) continue
          witness.called.delete(called)
          if (step.is === 'is back on the line')
            witness.see(house.tell({ name: 'returned', entry: called, call: called }))
          else {
            witness.ended.add(called)
            witness.see(house.tell({ name: 'left', entry: called, gaveUp: false }))
          }
        } else if (step.is === 'answer' && offer) {
          const isReserved = house.engine.waiting('main').some(({ id, away }) => id === entry && away)
          if (!isReserved) witness.see(house.answer(entry, operator))
        } else if (step.is === 'refuse' && offer)
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
            witness.called.delete(gone.id)
            witness.ended.add(gone.id)
            witness.see(house.tell({ name: 'left', entry: gone.id, gaveUp: true }))
          }
        } else if (step.is === 'is given') {
          const waiting = ['main', 'hotels'].flatMap((name) => house.engine.waiting(name))
          const entry = waiting.filter(({ away }) => !away)[step.nth % Math.max(1, waiting.length)]?.id
          const until = house.now + step.seconds * 1_000
          if (entry !== undefined)
            witness.see(house.tell({ name: 'given', entry, operator: step.who, until }))
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
  /** Those who are being called back. */
  const called = new Set<string>()
  const reserved = new Set<string>()
  const entered = new Set<string>()
  const ended = new Set<string>()

  function end(entry: string) {
    assert.ok(!ended.has(entry), `${entry} ended twice`)
    ended.add(entry)
  }

  return {
    offers,
    talks,
    called,
    entered,
    ended,

    see(decisions: Decision[]) {
      for (const each of decisions) {
        if (each.do === 'call-back') {
          assert.ok(!called.has(each.entry), `${each.entry} is called back twice`)
          called.add(each.entry)
        }
        if (each.do === 'offer' && reserved.delete(`${each.entry}→${each.operator}`)) continue
        if (each.do === 'offer' || each.do === 'reserve') {
          const isBusy = [...offers.keys()].some((offer) => offer.endsWith(`→${each.operator}`))
          assert.ok(!isBusy && !talks.has(each.operator), `${each.operator} is asked twice`)
          offers.set(`${each.entry}→${each.operator}`, true)
          if (each.do === 'reserve') reserved.add(`${each.entry}→${each.operator}`)
        }
        if (each.do === 'end-offer') {
          assert.ok(offers.delete(`${each.entry}→${each.operator}`))
          reserved.delete(`${each.entry}→${each.operator}`)
        }
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
        for (const entry of engine.waiting(name)) {
          const only = waitsFor(entry)
          if (only === undefined) continue
          assert.ok([...entry.offers.keys()].every((id) => id === only))
          const isAsked = engine.crew.find(only)?.state.is !== 'ready'
          assert.ok(isAsked, 'somebody waits for an operator who is free')
        }
        const unserved = engine
          .waiting(name)
          .some(
            (entry) =>
              entry.offers.size === 0 && entry.away?.isSpent !== true && waitsFor(entry) === undefined,
          )
        for (const entry of engine.waiting(name))
          assert.ok(
            !entry.away || (entry.offers.size <= 1 && (entry.offers.size === 0 || entry.away.isCalled)),
          )
        const members = engine.queues.get(name)?.rules.members ?? []
        const isFree = members.some(({ operator }) => engine.crew.find(operator)?.state.is === 'ready')
        assert.ok(!(unserved && isFree), 'somebody waits beside a free operator')
      }
    },
  }
}
