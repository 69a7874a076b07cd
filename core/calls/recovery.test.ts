import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goodbye, hello, openHouse, passenger, toOperator } from '../../test/support/test-call-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import type { Stamped } from '../call-bus/events.ts'
import type { CallRow } from '../database/tables.ts'
import { openScriptedExchange } from '../ports/scripted-exchange.ts'
import type { PlaceFlow } from './places.ts'

test('after a restart a talk goes on, a waiting caller waits on, a lost one is closed and orphans go', async () => {
  const exchange = openScriptedExchange()
  exchange.phones.set('101', 'answers').set('102', 'rings')
  const before = openHouse({ exchange, operators: toOperator })
  const talking = exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.phones.set('101', 'busy')
  const waiting = exchange.ring({ from: '+380500000002', to: '100' })
  await settled()
  const gone = exchange.ring({ from: '+380500000003', to: '100' })
  await settled()
  assert.equal(talking.talk !== undefined, true)
  exchange.listen(() => undefined)
  exchange.hangUp(gone)

  const visits: (number | undefined)[] = []
  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    async operators(caller, { since }) {
      visits.push(since)
      using _music = caller.playOnHold()
      await caller.press('*')
    },
  })
  exchange.connect()
  await settled()
  assert.equal(after.calls.live().length, 2)
  assert.equal(after.calls.live().find((call) => call.leg === talking.leg)?.state.is, 'talking')
  assert.deepEqual(visits, [before.clock.now()])
  assert.deepEqual(after.result(), ['lost'])
  assert.deepEqual(
    exchange
      .alive()
      .map((leg) => leg.to)
      .sort(),
    ['100', '100', '101'],
    'the phone that was ringing for nobody stopped',
  )
  exchange.hangUp(talking)
  exchange.hangUp(waiting)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.deepEqual(after.result(), ['lost', 'answered', 'lost'])
})

test('what a caller chose is still known after a restart', async () => {
  const before = openHouse({
    async operators(caller) {
      caller.chose({ tariff: '12' })
      caller.waitsAt('operators')
      await caller.press('*')
    },
  })
  const { exchange } = before
  const waiting = exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.listen(() => undefined)
  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    async operators(caller) {
      caller.chose({ service: 'cargo' })
      await caller.press('*')
    },
  })
  exchange.connect()
  await settled()
  assert.deepEqual(after.calls.live()[0]?.chosen, { tariff: '12', service: 'cargo' })
  exchange.hangUp(waiting)
  await settled()
})

test('a talk that outlived us is told again as such, since its own beginning, and no phone of it is rung', async () => {
  const exchange = openScriptedExchange()
  exchange.phones.set('101', 'answers').set('102', 'busy')
  const before = openHouse({ exchange, operators: toOperator })
  exchange.ring({ from: passenger, to: '100' })
  await settled()
  const [row] = before.kept.values()
  exchange.listen(() => undefined)

  const after = openHouse({ exchange, rows: [...before.kept.values()], operators: toOperator })
  await after.clock.advance(60_000)
  exchange.connect()
  assert.equal(after.facts.length, 1, 'nothing is told before the exchange was asked')
  await settled()
  const [call] = after.calls.live()
  assert.equal(call?.state.is === 'talking' && call.state.since, row?.state_since)
  const talking = after.facts.find((fact) => fact.name === 'call.talking')
  assert.equal(talking?.data.again, true)
  assert.equal(after.kept.get(row?.id ?? '')?.answered_at, row?.answered_at)
})

test('who was left alone in a talk while we were away is let go, and the call was answered', async () => {
  const exchange = openScriptedExchange()
  exchange.phones.set('101', 'answers').set('102', 'busy')
  const before = openHouse({ exchange, operators: toOperator })
  const leg = exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.listen(() => undefined)
  const operator = exchange.alive().find(({ to }) => to === '101')
  if (operator) exchange.hangUp(operator)

  const after = openHouse({ exchange, rows: [...before.kept.values()], operators: toOperator })
  exchange.connect()
  await settled()
  assert.equal(leg.ended, 'normal')
  assert.deepEqual(after.result(), ['answered'])
  assert.ok(after.names().includes('call.talk-ended'))
  assert.equal(exchange.talks.size, 0)
})

test('those who waited are served again in the order in which they came', async () => {
  const exchange = openScriptedExchange()
  const before = openHouse({ exchange, operators: (caller) => waitForEver(caller) })
  const first = exchange.ring({ from: passenger, to: '100' })
  await before.clock.advance(1_000)
  const second = exchange.ring({ from: '+380500000002', to: '100' })
  await settled()
  exchange.listen(() => undefined)
  // An exchange lists its legs in any order.
  exchange.legs.delete(first.leg)
  exchange.legs.set(first.leg, first)

  const served: string[] = []
  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    operators(caller) {
      served.push(caller.call.leg)
      return waitForEver(caller)
    },
  })
  exchange.connect()
  await settled()
  assert.deepEqual(served, [first.leg, second.leg])
  assert.deepEqual(
    after.calls.live().map(({ state }) => state.is === 'waiting' && state.since),
    [...before.kept.values()].map(({ state_since }) => state_since),
  )
})

test('a survey that fails is tried again by itself, and new callers are served meanwhile', async () => {
  const exchange = openScriptedExchange()
  const before = openHouse({ exchange, operators: (caller) => waitForEver(caller) })
  exchange.ring({ from: passenger, to: '100' })
  await settled()
  exchange.listen(() => undefined)

  const after = openHouse({
    exchange,
    rows: [...before.kept.values()],
    operators: (caller) => waitForEver(caller),
  })
  let recovered = 0
  after.calls.onRecovered(() => {
    recovered += 1
  })
  exchange.breakDown(new Error('no answer'))
  exchange.connect()
  await settled()
  exchange.repair()
  exchange.ring({ from: '+380500000002', to: '100' })
  await settled()
  assert.equal(after.calls.live().length, 1)
  assert.equal(recovered, 0)
  await after.clock.advance(1_000)
  assert.equal(after.calls.live().length, 2)
  assert.equal(recovered, 1)
  assert.deepEqual(after.result(), [])
})

async function waitForEver(caller: Parameters<PlaceFlow>[0]) {
  caller.waitsAt('operators')
  using _music = caller.playOnHold()
  await caller.press('*')
}
test('a hang-up missed while the connection was cut ends the call once', async () => {
  const house = openHouse({ operators: (caller) => waitForEver(caller) })
  house.exchange.connect()
  const leg = house.exchange.ring({ from: passenger, to: '100' })
  await settled()
  house.exchange.listen(() => undefined)
  house.exchange.hangUp(leg)
  house.exchange.listen(house.calls.handle)
  house.exchange.connect()
  house.exchange.connect()
  await settled()
  assert.deepEqual(house.result(), ['lost'])
})

const partner = '+380500000009'

/** A caller whose conversation says something and rings his partner, in two lives of ours. */
function openLives(exchange = openScriptedExchange()) {
  let reached = 0
  const talkWithPartner: PlaceFlow = async (caller) => {
    await caller.say(hello)
    const found = await caller.reach({ phones: [partner], ringFor: 20, show: 'company' })
    if (!found) return await caller.say(goodbye)
    reached += 1
    await caller.talkTo(found)
  }
  const life = (rows: CallRow[] = [], told: Stamped[] = []) =>
    openHouse({ exchange, rows, told, operators: talkWithPartner })
  return {
    exchange,
    life,
    reached: () => reached,
    partnerLegs: () => [...exchange.legs.values()].filter(({ to }) => to === partner),
  }
}

async function ringingPartner(lives: ReturnType<typeof openLives>) {
  const { exchange } = lives
  exchange.phones.set(partner, 'rings')
  const before = lives.life()
  const caller = exchange.ring({ from: passenger, to: '100' })
  await settled()
  caller.playing?.finish()
  await settled()
  exchange.listen(() => undefined)
  return { caller, rows: [...before.kept.values()], told: [...before.facts] }
}

test('a partner who still rings is not rung again, and is joined when he answers', async () => {
  const lives = openLives()
  const { exchange, partnerLegs } = lives
  const { caller, rows } = await ringingPartner(lives)
  assert.equal(partnerLegs().length, 1)

  const after = lives.life(rows)
  exchange.connect()
  await settled()
  caller.playing?.finish()
  await settled()
  exchange.pickUp(partner)
  await settled()
  assert.equal(partnerLegs().length, 1)
  assert.ok(caller.talk)
  assert.equal(partnerLegs()[0]?.talk, caller.talk)
  const rung = after.facts.filter((fact) => fact.name === 'call.operator-rung')
  assert.deepEqual(
    rung.map(({ data }) => [data.operator, data.again]),
    [[partner, true]],
  )
  exchange.hangUp(caller)
  await settled()
  assert.deepEqual(exchange.alive(), [])
  assert.equal(after.clock.pending, 0)
})

test('a partner who answers before the conversation asks for him hears music until then', async () => {
  for (const when of ['while nobody was there', 'while the caller is told something'] as const) {
    const lives = openLives()
    const { exchange, partnerLegs } = lives
    const { caller, rows } = await ringingPartner(lives)
    const [leg] = partnerLegs()
    if (when === 'while nobody was there') Object.assign(leg ?? {}, { isUp: true })
    lives.life(rows)
    exchange.connect()
    await settled()
    if (when !== 'while nobody was there') exchange.pickUp(partner)
    await settled()
    assert.ok(partnerLegs()[0]?.hasMusic, when)
    caller.playing?.finish()
    await settled()
    assert.equal(partnerLegs().length, 1)
    assert.ok(caller.talk, when)
    assert.equal(partnerLegs()[0]?.talk, caller.talk)
  }
})

test('a partner who answered and hangs up, or whom nobody asks for, is told of as missed', async () => {
  for (const leaves of [true, false]) {
    const lives = openLives()
    const { exchange, partnerLegs } = lives
    const { rows } = await ringingPartner(lives)
    const after = lives.life(rows)
    exchange.connect()
    await settled()
    const leg = exchange.pickUp(partner)
    await settled()
    if (leaves && leg) exchange.hangUp(leg)
    else await after.clock.advance(10_000)
    await settled()
    const missed = after.facts.filter((fact) => fact.name === 'call.operator-missed')
    assert.deepEqual(
      missed.map(({ data }) => [data.operator, data.outcome]),
      [[partner, 'cancelled']],
    )
    assert.ok(partnerLegs()[0]?.ended)
  }
})

test('a partner who refuses before the conversation asks for him is not rung again', async () => {
  const lives = openLives()
  const { exchange, partnerLegs } = lives
  const { caller, rows } = await ringingPartner(lives)
  const after = lives.life(rows)
  exchange.connect()
  await settled()
  exchange.refuse(partner, 'busy')
  await settled()
  caller.playing?.finish()
  await settled()
  assert.equal(partnerLegs().length, 1)
  assert.equal(after.facts.find((fact) => fact.name === 'call.operator-missed')?.data.outcome, 'busy')
  assert.deepEqual(caller.playing?.media, ['test.goodbye'])
})

test('a partner who rang and ended while nobody listened is not rung again, and it is said why', async () => {
  for (const outcome of [undefined, 'busy'] as const) {
    const lives = openLives()
    const { exchange, partnerLegs } = lives
    const { caller, rows, told } = await ringingPartner(lives)
    const [leg] = partnerLegs()
    assert.ok(leg)
    exchange.hangUp(leg)
    const after = lives.life(rows, told)
    exchange.connect()
    // The exchange may have kept it for us.
    if (outcome) exchange.tellEnd(leg, outcome)
    await settled()
    caller.playing?.finish()
    await settled()
    assert.equal(partnerLegs().length, 1, 'he was rung once')
    assert.deepEqual(caller.playing?.media, ['test.goodbye'])
    const missed = after.facts.filter((fact) => fact.name === 'call.operator-missed')
    assert.deepEqual(
      missed.map(({ data }) => [data.leg, data.operator, data.outcome]),
      [[leg.leg, partner, outcome ?? 'failed']],
    )
    exchange.hangUp(caller)
    await settled()
    assert.equal(after.clock.pending, 0)
  }
})

test('a partner who rang in vain before a restart is rung for who wants him later', async () => {
  const lives = openLives()
  const { exchange, partnerLegs } = lives
  const { caller, rows, told } = await ringingPartner(lives)
  for (const leg of partnerLegs()) exchange.hangUp(leg)
  const after = lives.life(rows, told)
  exchange.connect()
  await settled()
  await after.clock.advance(10_000)
  caller.playing?.finish()
  await settled()
  assert.equal(partnerLegs().length, 2)
})

test('a partner whose silence was told before the restart is rung again when asked for', async () => {
  const lives = openLives()
  const { exchange } = lives
  exchange.phones.set(partner, 'no-answer')
  const before = lives.life()
  const caller = exchange.ring({ from: passenger, to: '100' })
  await settled()
  caller.playing?.finish()
  await settled()
  assert.deepEqual(caller.playing?.media, ['test.goodbye'])
  exchange.listen(() => undefined)
  const after = lives.life([...before.kept.values()], [...before.facts])
  exchange.connect()
  await settled()
  caller.playing?.finish()
  await settled()
  assert.equal(after.names().filter((name) => name === 'call.operator-rung').length, 1)
})

test('a partner for whom the conversation does not ask again rings for a moment, not for ever', async () => {
  for (const leaves of [false, true]) {
    const lives = openLives()
    const { exchange, partnerLegs } = lives
    const { caller, rows } = await ringingPartner(lives)
    const after = lives.life(rows)
    exchange.connect()
    await settled()
    assert.equal(partnerLegs()[0]?.ended, undefined)
    if (leaves) exchange.hangUp(caller)
    else await after.clock.advance(10_000)
    await settled()
    assert.ok(partnerLegs()[0]?.ended)
    assert.equal(after.names().filter((name) => name === 'call.operator-missed').length, 1)
    assert.equal(lives.reached(), 0)
  }
})
