/** What real servers do besides answering: `README.md` lists it point by point. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Agent, request } from 'undici'
import { openEar } from '../../../test/support/ear.ts'
import { openTestClock, settled } from '../../../test/support/test-clock.ts'
import { sign } from '../signature.ts'
import { orderStates } from './cast.ts'
import { localStates } from './local-states.ts'
import { type SimulatorOptions, startTaxiMasterSimulator } from './simulator.ts'

const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
after(() => dispatcher.destroy())

async function open(options: SimulatorOptions = {}) {
  const clock = openTestClock()
  const simulator = await startTaxiMasterSimulator({ clock, ...options })
  const { commonApi, tapi } = simulator.keys

  async function ask(method: string, payload = '', { verb = 'GET', key = commonApi } = {}) {
    const isBody = payload.startsWith('{')
    const url = `${simulator.url}/common_api/1.0/${method}${payload && !isBody ? `?${payload}` : ''}`
    const options = { method: verb as 'GET' | 'POST', body: isBody ? payload : null, dispatcher }
    const response = await request(url, { ...options, headers: { Signature: sign(payload, key) } })
    return (await response.body.json()) as { code: number; data: Record<string, unknown> }
  }
  async function askTapi(method: string, base: string, verb: 'GET' | 'POST' = 'GET', key = tapi) {
    const url = `${simulator.url}/tm_tapi/1.0/${method}?${base}&signature=${sign(base, key)}`
    return await (await request(url, { method: verb, dispatcher })).body.text()
  }
  const run = (body: object) => ask('run_system_event', JSON.stringify(body), { verb: 'POST' })
  return { clock, simulator, ask, askTapi, run, [Symbol.asyncDispose]: () => simulator.stop() }
}

describe('signatures and parameters', () => {
  test('each API has a key of its own', async () => {
    await using world = await open()
    const { commonApi, tapi } = world.simulator.keys
    assert.equal((await world.ask('get_tariffs_list', '', { key: tapi })).code, 4)
    assert.match(
      await world.askTapi('get_info_by_phone', 'PHONE=1&FIELDS=ORDER_ID', 'GET', commonApi),
      /<code>4/,
    )
  })

  test('the telephony API too takes the parameters of a POST in its query, in any case of letters', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: '0670000001' })
    assert.match(await world.askTapi('change_order_state', `order_id=${id}&Need_State=7`, 'POST'), /<code>0/)
  })

  test('a number that is none is a wrong value', async () => {
    await using world = await open()
    assert.equal((await world.ask('get_order_state', 'order_id=abc')).code, 9)
  })

  test('a search that finds nothing is a code, coordinates of nobody too', async () => {
    await using world = await open()
    assert.equal((await world.ask('get_addresses_like2', 'address=nowhere')).code, 100)
    for (const { id } of world.simulator.drivers) world.simulator.offLine.add(id)
    assert.equal((await world.ask('get_crews_coords')).code, 100)
    world.simulator.offLine.delete(501)
    const { data } = await world.ask('get_crews_coords')
    assert.deepEqual(
      (data.crews_coords as { crew_code: string }[]).map(({ crew_code }) => crew_code),
      ['1'],
    )
  })
})

describe('states', () => {
  test('a site has states of its own under ids of its own, other ones at every site', async () => {
    const [one, same, other] = [localStates(1, 6), localStates(1, 6), localStates(2, 6)]
    assert.deepEqual(one, same)
    assert.notDeepEqual(one, other)
    await using world = await open({ states: [...orderStates, ...one] })
    const { data } = await world.ask('get_order_states_list')
    const listed = (data.order_states as { id: number }[]).map(({ id }) => id)
    assert.equal(new Set(listed).size, orderStates.length + 6)
    const { id } = world.simulator.placeOrder({ phone: '0670000001' })
    for (const state of one.filter(({ type }) => type === 'in_work')) {
      assert.equal(world.simulator.moveOrder(id, state.id), 'moved')
      assert.equal((await world.ask('get_order_state', `order_id=${id}`)).data.state_kind, state.kind)
    }
  })

  test('some ways are barred, back to the start is not, and a deleted order keeps its state', async () => {
    await using world = await open()
    const { simulator, ask } = world
    const { id } = simulator.placeOrder({ phone: '0670000001', stateId: 7 })
    assert.equal(simulator.moveOrder(id, 1), 'moved')
    simulator.moveOrder(id, 11)
    assert.equal(simulator.moveOrder(id, 7), 'refused')
    simulator.deleteOrder(id)
    const { data } = await ask('get_order_state', `order_id=${id}&fields=state_id,finish_time`)
    assert.equal(data.state_id, 11)
    assert.match(String(data.finish_time), /^\d{14}$/)
    assert.deepEqual((await ask('get_current_orders')).data, { orders: [] })
  })
})

describe('what comes late', () => {
  test('agreement, minutes and the car’s place after the assignment; the sum after the end', async () => {
    await using world = await open()
    const { clock, simulator, ask, askTapi } = world
    const { id } = simulator.placeOrder({ phone: '0670000001', stateId: 1 })
    simulator.moveOrder(id, 7)
    const order = async () => (await ask('get_order_state', `order_id=${id}`)).data
    const minutes = async () => {
      const text = await askTapi('get_info_by_order_id', `ORDER_ID=${id}&FIELDS=DRIVER_TIMECOUNT`)
      return Number(/<DRIVER_TIMECOUNT>(\d+)/.exec(text)?.[1])
    }
    const assigned = await order()
    assert.deepEqual([assigned.confirmed, assigned.crew_coords], ['not_confirmed', undefined])
    assert.equal(await minutes(), 0)
    await clock.advance(4_000)
    assert.equal((await order()).confirmed, 'confirmed_by_driver')
    assert.equal(await minutes(), 0)
    await clock.advance(4_000)
    assert.ok((await order()).crew_coords)
    assert.ok((await minutes()) > 0)
    simulator.moveOrder(id, 4)
    assert.equal((await order()).total_sum, 0)
    await clock.advance(3_000)
    assert.equal((await order()).total_sum, 150)
  })
})

describe('system events', () => {
  const systemEvents = [
    { id: 1, code: 'weather', isActive: true, on: 'request' },
    { id: 2, code: 'asleep', isActive: false, on: 'request' },
    { id: 3, code: 'car_waits', isActive: true, on: { state: 10, afterSeconds: 60 } },
  ] as const
  let ear: Awaited<ReturnType<typeof openEar>>
  before(async () => {
    ear = await openEar()
  })
  after(() => ear[Symbol.asyncDispose]())

  async function openWithEar() {
    const world = await open({ systemEvents })
    ear.heard.length = 0
    world.simulator.outgoing.callThrough({ url: ear.url, eventSecret: 'long enough' })
    return world
  }
  const waits = () => ear.heard.filter((text) => text.includes('car_waits'))

  test('are run by request with any members, or refused by a code', async () => {
    await using world = await open({ systemEvents })
    const weather = { system_event_code: 'weather', json_data: { wind: 12 }, temperature: -5 }
    assert.equal((await world.run(weather)).code, 0)
    assert.deepEqual(world.simulator.eventRuns, [weather])
    assert.equal((await world.run({ system_event_code: 'car_waits' })).code, 100)
    assert.equal((await world.run({ system_event_id: 9 })).code, 101)
    assert.equal((await world.run({ system_event_id: 2 })).code, 102)
    assert.equal((await world.run({})).code, 8)
  })

  test('speak to the event page by query, by form and by JSON', async () => {
    await using world = await openWithEar()
    const { id } = world.simulator.placeOrder({ phone: '0670000001' })
    world.simulator.moveOrder(id, 7)
    world.simulator.moveOrder(id, 10)
    await world.simulator.outgoing.settled()
    const dresses = ear.heard.map((text) => text.split(' ')[0]).sort()
    assert.deepEqual(dresses, ['', 'application/json', 'application/x-www-form-urlencoded'])
    for (const text of ear.heard) assert.match(text, new RegExp(`order_id"?[=:]"?${id}`))
  })

  test('come some time after an order entered a state, unless it leaves the state before', async () => {
    await using world = await openWithEar()
    const { clock, simulator } = world
    const leaves = simulator.placeOrder({ phone: '0670000001', stateId: 10 })
    const stays = simulator.placeOrder({ phone: '0670000002', stateId: 10 })
    await clock.advance(59_000)
    simulator.moveOrder(leaves.id, 11)
    await clock.advance(1_000)
    await simulator.outgoing.settled()
    assert.equal(waits().length, 1)
    assert.match(waits()[0] ?? '', new RegExp(`order_id"?[=:]"?${stays.id}`))
  })

  test('are lost by a restart, or fire a second time after it', async () => {
    await using world = await openWithEar()
    const { clock, simulator } = world
    simulator.placeOrder({ phone: '0670000001', stateId: 10 })
    await clock.advance(60_000)
    simulator.placeOrder({ phone: '0670000002', stateId: 10 })
    await simulator.restart()
    await clock.advance(60_000)
    await simulator.outgoing.settled()
    assert.equal(waits().length, 1, 'the second one’s timer was lost')
    await simulator.restart({ catchUp: true })
    await simulator.outgoing.settled()
    assert.equal(waits().length, 2, 'the first one fired twice')
    await settled()
  })
})
