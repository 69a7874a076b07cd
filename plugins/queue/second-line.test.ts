import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { callsOf, offeredTo } from './operator-state.ts'
import { plugin } from './plugin.ts'
import { noon, openHouseWithSecondLines, openTestHouse, rules } from './test-house.ts'

const alone = { members: [{ operator: 'a', rank: 1, weight: 1 }] }

test('whoever talks is offered one more caller, never a third, and nobody at all without a second line', () => {
  const house = openHouseWithSecondLines(rules(alone))
  house.signIn('a')
  house.enter('1')
  house.answer('1', 'a')
  house.enter('2')
  assert.deepEqual(house.rung(), ['2→a'])
  house.enter('3')
  assert.deepEqual(house.rung(), [])
  house.answer('2', 'a')
  assert.deepEqual(house.rung(), [])
  house.hangUp('2', 'a')
  assert.deepEqual(house.rung(), ['3→a'])

  const usual = openTestHouse(rules(alone))
  usual.signIn('a')
  usual.enter('1')
  usual.answer('1', 'a')
  usual.enter('2')
  assert.deepEqual(usual.rung(), [])
})

test('a free operator has the caller, also one who comes free while a second line rings for him', () => {
  const house = openHouseWithSecondLines(rules())
  house.signIn('a', 'b')
  house.enter('1')
  house.answer('1', 'a')
  house.enter('2')
  assert.deepEqual(house.rung(), ['2→b'])
  house.answer('2', 'b')
  house.enter('3')
  assert.deepEqual(house.rung(), ['3→a'])
  house.hangUp('2', 'b')
  assert.deepEqual(house.rung(), ['3→b'])
  assert.equal(house.told('end-offer').length, 1)
})

test('who leaves his second line unanswered keeps his place at work and is left alone in this talk', () => {
  const house = openHouseWithSecondLines(rules({ ...alone, missesAtMost: 1 }))
  house.signIn('a')
  house.enter('1')
  house.answer('1', 'a')
  house.enter('2')
  house.pass(60)
  assert.deepEqual(house.rung(), [])
  house.hangUp('1', 'a')
  assert.deepEqual(house.rung(), ['2→a'])
})

test('who has asked for a pause after his talk is offered nobody; what rings when a talk ends rings on', () => {
  const house = openHouseWithSecondLines(rules({ ...alone, wrapUp: 10_000 }))
  house.signIn('a')
  house.enter('1')
  house.answer('1', 'a')
  house.enter('2')
  house.hangUp('1', 'a')
  assert.equal(house.engine.crew.find('a')?.state.is, 'ringing')
  house.answer('2', 'a')
  house.tell({ name: 'operator-moved', operator: 'a', move: { name: 'paused', reason: 'lunch' } })
  house.enter('3')
  assert.deepEqual(house.rung(), [])
})

test('of two calls each has the time that was not the other’s, and the day has all of it once', () => {
  const house = openHouseWithSecondLines(rules(alone))
  house.signIn('a')
  house.enter('1')
  house.answer('1', 'a')
  house.pass(30)
  house.enter('2')
  house.pass(5)
  house.answer('2', 'a')
  const [turned] = house.told('show')
  assert.ok(turned?.do === 'show' && turned.was.is === 'talking')
  assert.deepEqual([turned.was.call, turned.was.since, turned.state.since], ['1', noon, noon + 35_000])
  house.pass(20)
  house.hangUp('2', 'a')
  house.tell({ name: 'operator-moved', operator: 'a', move: { name: 'paused', reason: 'lunch' } })
  house.pass(10)
  house.hangUp('1', 'a')
  const { talked, calls } = house.engine.crew.find('a')?.today(house.now) ?? {}
  assert.deepEqual([talked, calls], [65_000, 2])
  const apart = openTestHouse(rules(alone)).engine.queues.get('main')?.knowledge
  apart?.talked(20)
  apart?.talked(45)
  assert.equal(house.engine.queues.get('main')?.knowledge.handleTime, apart?.handleTime)
})

test('whatever happens: one offer and two calls at most, and no second line rings beside a free operator', () => {
  const step = fc.record({
    is: fc.constantFrom('enter', 'enter', 'answer', 'refuse', 'hang up', 'give up', 'pass', 'pause', 'ready'),
    nth: fc.nat(20),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.boolean(), (steps, isRingAll) => {
      const house = openHouseWithSecondLines(
        rules({ wrapUp: 5_000, ...(isRingAll && { strategy: { is: 'ring_all' } }) }),
      )
      house.signIn('a', 'b', 'c')
      for (const [index, { is, nth }] of steps.entries()) {
        const operators = [...house.engine.crew.all]
        const nthOf = <Each>(all: Each[]) => all[nth % Math.max(1, all.length)]
        const offer = nthOf(
          house.engine
            .waiting('main')
            .flatMap(({ id, offers }) => [...offers.keys()].map((who) => [id, who] as const)),
        )
        const talk = nthOf(
          operators.flatMap(({ profile, state }) =>
            state.is === 'talking' ? callsOf(state).map((call) => [call, profile.id] as const) : [],
          ),
        )
        const who = nthOf(operators)?.profile.id ?? 'a'
        const waiting = nthOf([...house.engine.waiting('main')])
        if (is === 'enter') house.enter(`${index}`)
        else if (is === 'answer' && offer) house.answer(...offer)
        else if (is === 'refuse' && offer)
          house.tell({ name: 'offer-refused', entry: offer[0], operator: offer[1], how: 'rejected' })
        else if (is === 'hang up' && talk) house.hangUp(...talk)
        else if (is === 'give up' && waiting) house.tell({ name: 'left', entry: waiting.id, gaveUp: true })
        else if (is === 'pass') house.pass(nth)
        else if (is === 'pause')
          house.tell({ name: 'operator-moved', operator: who, move: { name: 'paused', reason: 'lunch' } })
        else if (is === 'ready')
          house.tell({ name: 'operator-moved', operator: who, move: { name: 'ready' } })

        const all = house.engine.waiting('main')
        for (const { profile, state } of house.engine.crew.all) {
          const offers = all.filter(({ offers }) => offers.has(profile.id)).map(({ id }) => id)
          const offered = offeredTo(state)
          assert.deepEqual(offers, offered === undefined ? [] : [offered])
        }
        const isSomebodyFree = house.engine.crew.ready.size > 0
        const onSecond = all.some(
          ({ offers, refused }) => refused.size === 0 && offers.values().some((each) => each.isOnSecondLine),
        )
        assert.ok(!isSomebodyFree || !onSecond)
      }
    }),
    { numRuns: 150 },
  )
})

/** The house with one operator who may have a second caller. */
function openTwoLines(t: TestContext) {
  return startTestApp(t, {
    plugin,
    secondLine: true,
    settings: {
      operators: [{ id: 'olena', extension: '101', isAlwaysHere: true }],
      queues: [{ name: 'operators' }],
    },
  })
}

test('the phone of an operator who talks rings for the next caller, and both are on his phone', async (t) => {
  const app = await openTwoLines(t)
  app.exchange.phones.set('101', 'rings')
  const first = await app.ring()
  app.exchange.pickUp('101')
  await settled()
  await app.clock.advance(10_000)
  const second = await app.ring()
  app.exchange.pickUp('101')
  await settled()
  assert.ok(first.leg.talk && second.leg.talk)
  await app.clock.advance(5_000)
  await second.hangsUp()
  await app.clock.advance(2_000)
  await first.hangsUp()
  const now = app.clock.now()
  const [olena] = (
    await app.http.inject({
      url: `/api/plugins/queue/figures/operators?from=${now - 60_000}&until=${now + 1}`,
    })
  ).json()
  assert.deepEqual([olena.talking, olena.answered], [17, 2])
})

test('an operator who talks declines the second caller: her phone rings no more, and she is left alone', async (t) => {
  const app = await openTwoLines(t)
  app.http.addHook('onRequest', async (request) => {
    Object.assign(request, { who: { user: { name: 'olena' }, rights: new Set(['operators.move']) } })
  })
  app.exchange.phones.set('101', 'rings')
  const decline = async (operator: string) =>
    (
      await app.http.inject({ method: 'POST', url: `/api/plugins/queue/operators/${operator}/decline` })
    ).json()
  assert.deepEqual((await decline('olena')).code, 'NOT_FOUND')
  const first = await app.ring()
  app.exchange.pickUp('101')
  await settled()
  await app.ring()
  assert.equal(app.factsNamed('queue.offered').length, 2)
  const { state, call } = await decline('olena')
  await settled()
  assert.equal(state, 'talking')
  assert.ok(first.leg.talk)
  assert.deepEqual(
    app.factsNamed('call.operator-missed').map(({ data }) => data.operator),
    ['101'],
  )
  const [queue] = (await app.http.inject('/api/plugins/queue/queues')).json()
  assert.deepEqual(
    queue.waiting.map((each: { call: string; offeredTo: string[] }) => [each.call === call, each.offeredTo]),
    [[false, []]],
  )
  assert.equal((await decline('taras')).code, 'RIGHT_MISSING')
})
