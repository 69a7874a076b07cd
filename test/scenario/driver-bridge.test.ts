import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import { words } from '../../plugins/driver-bridge/words.ts'
import { words as orderStatus } from '../../plugins/order-status/words.ts'
import { needs } from '../support/needs.ts'
import { freePort } from '../support/ports.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { formatMessage } from '../support/sip/sip-message.ts'
import { until } from '../support/until.ts'
import { companyNumber, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'
import { openLeftovers } from './leftovers.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const client = '+380670000001'
/** Behind it client and driver are hidden from each other. */
const hiding = '+380443334456'
const states = { accepted: 1, driverAgreed: 7, done: 4, arrived: 10 }
const eventSecret = 'secret-of-the-events'

/** A company whose Taxi-Master has an order with a driver, and tells of it. */
async function open(settings: object = {}) {
  const port = await freePort()
  const company = await openCompany(await exchange(), {
    sections: {
      'driver-bridge': { lines: [hiding], ...settings },
      'call-record-links': { orderWithin: 0 },
    },
    dispatch: {
      door: { host: '127.0.0.1', port, allow: ['127.0.0.1'], scripts: {}, repeatSeconds: 20, eventSecret },
    },
  })
  company.taxiMaster.outgoing.callThrough({ url: `http://127.0.0.1:${port}`, eventSecret })
  const order = company.taxiMaster.placeOrder({ phone: client, stateId: states.driverAgreed })
  await company.fact('order.stage-changed', ({ stage }) => stage === 'assigned')
  return { company, order, id: String(order.id), driver: `+38${order.driver?.phone}` }
}

/** The driver is rung and answers, then the client; both see our number and hear each other. */
async function bothTalk({ company, driver }: Pick<Awaited<ReturnType<typeof open>>, 'company' | 'driver'>) {
  const { outside } = company.exchange
  const first = await outside.rung()
  assert.deepEqual([first.to, first.from], [driver, hiding])
  first.say(500)
  await first.answer()
  await first.hearsSound(await company.soundOf(words.joiningWithClient))
  const second = await outside.rung()
  assert.deepEqual([second.to, second.from], [client, hiding])
  second.say(900)
  await second.answer()
  await hearEachOther([first, 900], [second, 500])
  return [first, second] as const
}

type Heard = readonly [PhoneCall, number]
async function hearEachOther(...both: readonly Heard[]) {
  await Promise.all(both.map(([call, tone]) => call.hears(tone, { since: call.mark() })))
}

/** Neither the INVITE nor anything later names the other's number. */
function namesNobody(call: PhoneCall, phone: string) {
  const said = call.requests.map(formatMessage).join('\n')
  assert.ok(!said.includes(phone.slice(-9)), said)
}

type World = Awaited<ReturnType<typeof open>>
const leaving: Record<string, (world: World) => Promise<PhoneCall>> = {
  'while his phone rings': ({ company }) => company.exchange.outside.rung(),
  'while he is told whom he is joined with': async ({ company }) => {
    const first = await company.exchange.outside.rung()
    await first.answer()
    await first.hearsSomething()
    return first
  },
  'while the other phone rings': async ({ company }) => {
    const first = await company.exchange.outside.rung()
    await first.answer()
    await company.exchange.outside.rung()
    return first
  },
}

for (const [when, reach] of Object.entries(leaving)) {
  test(`who leaves ${when} leaves nothing behind`, { skip }, async () => {
    const world = await open()
    await using company = world.company
    using leftovers = await openLeftovers(company)
    company.taxiMaster.outgoing.join(world.order)
    await leftovers.watch()
    const first = await reach(world)
    if (first.state === 'ringing') first.refuse(486)
    else await first.hangUp()
    await company.fact('call.ended')
    await leftovers.none()
    assert.ok(company.exchange.outside.calls.every(({ state }) => state === 'ended'))
  })
}

const wishes: Record<string, (world: World) => unknown> = {
  'Taxi-Master’s command': ({ company, order }) => company.taxiMaster.outgoing.join(order),
  'the stage of the order': ({ company, order }) => company.taxiMaster.moveOrder(order.id, states.arrived),
  'the operator’s button': ({ company, id }) =>
    company.api('POST', '/api/plugins/driver-bridge/joins', { order: id }),
}

for (const [by, wish] of Object.entries(wishes)) {
  test(`by ${by} both are rung, see the number of the company and talk; the talk is recorded to the order`, {
    skip,
  }, async () => {
    const world = await open({ joinAt: ['arrived'] })
    await using company = world.company
    using leftovers = await openLeftovers(company)
    await wish(world)
    await leftovers.watch()
    const [driver, passenger] = await bothTalk(world)
    const { call } = await company.fact('call.recording-started')
    assert.equal((await company.fact('call.about-order', (data) => data.call === call)).order, world.id)
    await passenger.hangUp()
    assert.equal((await driver.ended()).by, 'them')
    assert.equal((await company.fact('call.recorded')).call, call)
    assert.equal((await company.fact('call.recording-linked')).order, world.id)
    namesNobody(driver, client)
    namesNobody(passenger, world.driver)
    await leftovers.none()
    const { joins } = (await (
      await company.api('GET', `/api/plugins/driver-bridge/joins?order=${world.id}`)
    ).json()) as { joins: { outcome: string }[] }
    assert.deepEqual(
      joins.map(({ outcome }) => outcome),
      ['talked'],
    )
  })
}

test('key 1 of “where is my taxi” rings the driver, who dials back the number he saw', { skip }, async () => {
  const world = await open()
  await using company = world.company
  const { outside, asterisk } = company.exchange
  const caller = await company.ring({ from: client, says: 900 })
  await caller.hearsSomething()
  await caller.press('1')
  await caller.hearsSound(await company.soundOf(words.joiningWithDriver), { within: 30_000 })
  assert.ok(
    !company.factsNamed('call.told').some(({ data }) => data.saying === orderStatus.connectingToDriver.name),
  )
  const driver = await outside.rung()
  assert.deepEqual([driver.to, driver.from], [world.driver, hiding])
  driver.say(500)
  await driver.answer()
  await hearEachOther([caller, 500], [driver, 900])
  await driver.hangUp()
  assert.equal((await caller.ended()).by, 'them')
  namesNobody(driver, client)

  await using back = await outside.dial({ asterisk, from: world.driver, to: hiding })
  back.say(500)
  await back.hearsSound(await company.soundOf(words.joiningWithClient))
  const passenger = await outside.rung()
  assert.deepEqual([passenger.to, passenger.from], [client, hiding])
  passenger.say(900)
  await passenger.answer()
  await hearEachOther([back, 900], [passenger, 500])
  await passenger.hangUp()
  await back.ended()
  namesNobody(passenger, world.driver)
})

test('the client dials the hiding number while the order lives; after its grace an operator answers', {
  skip,
}, async () => {
  const world = await open({ grace: 0 })
  await using company = world.company
  const operator = await company.phone('101', { answers: 'at once', says: 300 })
  const { outside } = company.exchange
  const caller = await company.ring({ from: client, to: hiding, says: 900 })
  const driver = await outside.rung()
  assert.deepEqual([driver.to, driver.from], [world.driver, hiding])
  driver.say(500)
  await driver.answer()
  await hearEachOther([caller, 500], [driver, 900])
  await caller.hangUp()
  await driver.ended()

  company.taxiMaster.moveOrder(world.order.id, states.done)
  await company.fact('order.stage-changed', ({ stage }) => stage === 'done')
  const late = await company.ring({ from: client, to: hiding, says: 900 })
  const taken = await operator.rung()
  await hearEachOther([late, 300], [taken, 900])
  assert.equal((await company.fact('call.waiting')).because, `order ${world.id} is over`)
})

test('with Taxi-Master down the remembered driver is reached', { skip }, async () => {
  const world = await open()
  await using company = world.company
  const remembered = () => sql`select 1 from driver_bridge_pairs`.execute(company.database)
  await until(async () => (await remembered()).rows.length > 0, { what: 'the two to be remembered' })
  await company.taxiMaster.goDown()
  const caller = await company.ring({ from: client, to: hiding, says: 900 })
  const driver = await company.exchange.outside.rung()
  assert.equal(driver.to, world.driver)
  driver.say(500)
  await driver.answer()
  await hearEachOther([caller, 500], [driver, 900])
})

test('a driver who was rung once and dials the usual number back reaches the client', { skip }, async () => {
  const world = await open({ lines: [], dialBack: 5 })
  await using company = world.company
  const { outside, asterisk } = company.exchange
  const caller = await company.ring({ from: client })
  await caller.hearsSomething()
  await caller.press('1')
  const missed = await outside.rung(30_000)
  assert.equal(missed.from, companyNumber)
  await caller.hangUp()
  await missed.ended()

  await using back = await outside.dial({ asterisk, from: world.driver, to: companyNumber })
  back.say(500)
  const passenger = await outside.rung()
  assert.deepEqual([passenger.to, passenger.from], [client, companyNumber])
  passenger.say(900)
  await passenger.answer()
  await hearEachOther([back, 900], [passenger, 500])
})

test('who was rung hears that the other is silent and reaches an operator with 2', { skip }, async () => {
  const world = await open()
  await using company = world.company
  const operator = await company.phone('101', { answers: 'at once', says: 300 })
  company.taxiMaster.outgoing.join(world.order)
  const { outside } = company.exchange
  const driver = await outside.rung()
  driver.say(500)
  await driver.answer()
  const passenger = await outside.rung()
  passenger.refuse(486)
  await driver.hearsSound(await company.soundOf(words.clientSilent))
  await driver.press('2')
  const taken = await operator.rung()
  await hearEachOther([driver, 300], [taken, 500])
  await driver.hangUp()
})

test('a line whose number nobody wrote down shows none, rather than that of the other', {
  skip,
}, async () => {
  const world = await open({ lines: [] })
  await using company = world.company
  company.taxiMaster.outgoing.join(world.order)
  const driver = await company.exchange.outside.rung()
  await driver.answer()
  const passenger = await company.exchange.outside.rung()
  await passenger.answer()
  await company.fact('call.talking')
  await passenger.hangUp()
  await driver.ended()
  namesNobody(driver, client)
  namesNobody(passenger, world.driver)
})
