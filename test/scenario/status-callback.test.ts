import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { plugin as statusCallback } from '../../plugins/status-callback/plugin.ts'
import { words } from '../../plugins/status-callback/words.ts'
import { samplesPerSecond } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { freePort } from '../support/ports.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { until } from '../support/until.ts'
import { type Company, type CompanyOptions, companyNumber, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const client = '+380670000001'
const states = { driverAgreed: 7, atTheDoor: 10, inTheCar: 11, didNotCome: 12, called: 24 }
const firstWordWithin = 0.7

async function open(rules: object, options: CompanyOptions = {}) {
  const company = await openCompany(await exchange(), {
    plugins: [statusCallback],
    sections: {
      'status-callback': {
        rules,
        line: companyNumber,
        patience: 1,
        pauses: { busy: 1 },
        lateBy: 0,
        lookEvery: 1,
      },
    },
    dispatch: { watchSeconds: 0.3, watchFastestSeconds: 0.3, ...options.dispatch },
  })
  company.exchange.outside.answers = 'never'
  const order = company.taxiMaster.placeOrder({ phone: client, stateId: states.driverAgreed, minutes: 7 })
  const { colour, make, plate } = order.driver?.car ?? {}
  const isWatched = options.dispatch?.watchSeconds !== 0
  const looks = () =>
    company.taxiMaster.requests.filter(({ method, code }) => method === 'get_current_orders' && code === 0)
      .length
  const before = looks()
  // The first look only learns what there is.
  if (isWatched) await until(() => looks() > before + 1, { what: 'the order to be known' })

  /** The client's phone; calls that another test let ring have ended. */
  async function rings(): Promise<PhoneCall> {
    for (;;) {
      const call = await company.exchange.outside.rung(30_000)
      if (call.state === 'ringing') return call
    }
  }

  return {
    company,
    order,
    car: { colour, make, plate } as never,
    moves: (stateId: number) => company.taxiMaster.moveOrder(order.id, stateId),
    rings,
    /** He answers and hears the first word at once. */
    async answers(): Promise<PhoneCall> {
      const call = await rings()
      await call.answer()
      await call.hearsSomething()
      const seconds = (call.firstSoundAfter() ?? Number.POSITIVE_INFINITY) / samplesPerSecond
      assert.ok(seconds <= firstWordWithin, `the first word came ${seconds} s after the answer`)
      return call
    },
    [Symbol.asyncDispose]: () => company[Symbol.asyncDispose](),
  }
}

const progressOf = ({ taxiMaster }: Company) => taxiMaster.requestStates.map(({ state }) => state)
const resultsOf = (company: Company) =>
  company.factsNamed('order.client-called').map(({ data }) => data.result)
const ended = (company: Company, result: string) =>
  company.fact('order.client-called', (data) => data.result === result)

test('whose car has arrived hears at once which one it is, and one says that he is coming', {
  skip,
}, async () => {
  await using house = await open({ arrived: { moves: { reached_confirmed: String(states.called) } } })
  const { company, order } = house
  house.moves(states.atTheDoor)
  const him = await house.answers()
  assert.equal(him.from, companyNumber)
  await him.hearsSound(await company.soundOf(words.arrived({ car: house.car })), { within: 30_000 })
  await him.press('1')
  await him.hearsSound(await company.soundOf(words.thanks), { within: 30_000 })
  assert.equal((await him.ended()).by, 'them')

  await until(() => order.stateId === states.called, { what: 'the order to be moved' })
  assert.deepEqual(resultsOf(company), ['reached_confirmed'])
  assert.deepEqual(progressOf(company), ['1', '2'])
  const moved = company.taxiMaster.requests.filter(({ method }) => method === 'change_order_state')
  assert.equal(moved.length, 1)
})

test('who presses nothing hears it twice, and nine says it again', { skip }, async () => {
  await using house = await open({ arrived: {} })
  const { company } = house
  house.moves(states.atTheDoor)
  const him = await house.answers()
  const pressed = him.mark()
  await him.press('9')
  const sound = await company.soundOf(words.arrived({ car: house.car }))
  await him.hearsSound(sound, { since: pressed, within: 30_000 })
  await him.ended(60_000)
  assert.deepEqual(resultsOf(company), ['reached_heard'])
})

test('two brings an operator, with the order raised on dispatchers’ screens', { skip }, async () => {
  await using house = await open({ arrived: {} })
  const { company, order } = house
  const operator = await company.phone('101', { answers: 'at once', says: 500 })
  house.moves(states.atTheDoor)
  const him = await house.answers()
  await him.press('2')
  await him.hears(500, { within: 30_000 })
  assert.equal((await operator.rung()).from, client)
  assert.match((await company.fact('call.waiting')).because ?? '', new RegExp(`^order ${order.id}:`))
  assert.equal(company.taxiMaster.messages[0]?.order_id, order.id)
  await ended(company, 'asked_operator')
  await until(() => progressOf(company).length === 2, { what: 'the result to be told' })
  assert.deepEqual(progressOf(company), ['1', '2'])
})

test('three joins him with his driver, and both see the company’s number', { skip }, async () => {
  await using house = await open({ arrived: {} })
  const { outside } = house.company.exchange
  house.moves(states.atTheDoor)
  const him = await house.answers()
  him.say(900)
  await him.press('3')
  const driver = await outside.rung(30_000)
  assert.deepEqual([driver.to, driver.from], [`+38${house.order.driver?.phone}`, companyNumber])
  driver.say(500)
  await driver.answer()
  await Promise.all([
    him.hears(500, { since: him.mark(), within: 30_000 }),
    driver.hears(900, { since: driver.mark(), within: 30_000 }),
  ])
  await him.hangUp()
  await driver.ended()
})

test('who is busy or declines is rung again, and what came of it is written back once', {
  skip,
}, async () => {
  await using house = await open({ arrived: {} })
  const { company } = house
  company.exchange.outside.answers = 486
  house.moves(states.atTheDoor)
  await ended(company, 'busy')
  company.exchange.outside.answers = 603
  await until(() => resultsOf(company).length >= 2, { what: 'the second try' })
  company.exchange.outside.answers = 404
  await ended(company, 'invalid')
  await until(() => progressOf(company).length === 2, { what: 'the result to be told' })
  assert.deepEqual(progressOf(company), ['1', '5'])
  assert.deepEqual(new Set(resultsOf(company).slice(0, -1)), new Set(['busy']))
})

test('an order that moves on stops the ringing phone', { skip }, async () => {
  await using house = await open({ arrived: {} })
  const { company } = house
  house.moves(states.atTheDoor)
  const ringing = await house.rings()
  house.moves(states.inTheCar)
  const { by, code } = await ringing.ended()
  assert.deepEqual([by, code], ['them', 487])
  assert.equal((await ended(company, 'cancelled')).because, 'the order is client_in_car')
})

test('before a client is taken for lost he is asked whether he comes', { skip }, async () => {
  await using house = await open({
    no_show: { say: 'coming', moves: { reached_confirmed: String(states.atTheDoor) } },
  })
  house.moves(states.didNotCome)
  const him = await house.answers()
  await him.hearsSound(await house.company.soundOf(words.areYouComing({ car: house.car })), {
    within: 30_000,
  })
  await him.press('1')
  await until(() => house.order.stateId === states.atTheDoor, { what: 'the order to be moved back' })
})

test('a promise that is broken is told with an apology', { skip }, async () => {
  await using house = await open({ delayed: {} })
  const { company, order } = house
  house.moves(states.atTheDoor)
  await company.fact('order.stage-changed', ({ stage }) => stage === 'arrived')
  house.moves(states.driverAgreed)
  await company.fact('order.stage-changed', ({ stage }) => stage === 'assigned')
  await until(() => readsOf(company) > 0, { what: 'the promise to be read' })
  order.arrivesAt += 30 * 60_000
  const him = await house.answers()
  await him.press('9')
  const { text } = await company.fact('call.told', ({ saying }) => saying === 'status-callback.delayed')
  assert.match(text, /затримується/)
})

test('an operator has a client called about any order of his', { skip }, async () => {
  await using house = await open({})
  const { company, order } = house
  const callBacks = '/api/plugins/status-callback/call-backs'
  await company.api('POST', callBacks, { order: String(order.id), request: 'one' })
  await company.api('POST', callBacks, { order: String(order.id), request: 'one' })
  const him = await house.answers()
  await him.ended(60_000)
  const told = company.factsNamed('call.told').map(({ data }) => data.text)
  assert.ok(told.includes(words.coming({ car: house.car, minutes: 7 }).in('uk')))
  const [seen] = (await (await company.api('GET', `${callBacks}?order=${order.id}`)).json()) as {
    result: string
  }[]
  assert.equal(seen?.result, 'reached_heard')
  assert.equal(company.factsNamed('call.placed').length, 1)
})

test('a script of Taxi-Master is a call, and its progress comes back', { skip }, async () => {
  const port = await freePort()
  const door = { host: '127.0.0.1', port, scripts: { car_at_place: 'arrived' } }
  await using house = await open({ arrived: {} }, { dispatch: { watchSeconds: 0, door } as never })
  const { company } = house
  company.taxiMaster.outgoing.callThrough({
    url: `http://127.0.0.1:${port}`,
    scripts: { [states.atTheDoor]: 'Car_At_Place' },
  })
  company.taxiMaster.outgoing.repeat(2)
  house.moves(states.atTheDoor)
  const him = await house.answers()
  await him.hearsSound(await company.soundOf(words.arrived({ car: house.car })), { within: 30_000 })
  await him.hangUp()
  await until(() => progressOf(company).length === 3, { what: 'the progress to be told' })
  assert.deepEqual(progressOf(company), ['0', '1', '2'])
  assert.equal(company.factsNamed('call.placed').length, 1)
})

function readsOf({ taxiMaster }: Company): number {
  return taxiMaster.requests.filter(({ method, code }) => method === 'get_info_by_order_id' && code === 0)
    .length
}
