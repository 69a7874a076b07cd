import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { realClock } from '#core/clock.ts'
import { connectToSimulator } from './simulator/connected.ts'

const client = '+380670000001'
const unhurried = () => AbortSignal.timeout(20_000)

async function open(options?: Parameters<typeof connectToSimulator>[0]) {
  const world = await connectToSimulator(options)
  const asked = async <Value>(question: Promise<Value>) => {
    const before = world.simulator.requests.length
    const answer = await question
    return { answer, methods: world.simulator.requests.slice(before).map(({ method }) => method) }
  }
  return Object.assign(world, { asked })
}

describe('identifying a caller', () => {
  test('is one request, with or without an order', async () => {
    await using world = await open()
    const { dispatch, simulator, asked } = world
    assert.deepEqual((await asked(dispatch.identify(client, unhurried()))).methods, ['get_info_by_phone'])
    simulator.placeOrder({ phone: client, stateId: 10 })
    assert.deepEqual((await asked(dispatch.identify(client, unhurried()))).methods, ['get_info_by_phone'])
  })

  test('asks for the driver’s agreement only when a car was just assigned', async () => {
    await using world = await open()
    const { dispatch, simulator, asked } = world
    simulator.placeOrder({ phone: client, stateId: 7, minutes: 6 })
    const { answer, methods } = await asked(dispatch.identify(client, unhurried()))
    assert.deepEqual(methods, ['get_info_by_phone', 'get_order_state'])
    assert.equal(answer.order?.stage, 'assigned')
    assert.equal(answer.order?.minutes, 6)
    assert.deepEqual(answer.order?.takenBy, ['101'])
    assert.match(answer.order?.car?.plate ?? '', /^AA\d+BE$/)
    assert.equal(answer.order?.state.name, 'Водитель принял')
  })

  test('says of an order for later when the car is wanted, and where', async () => {
    await using world = await open()
    const { dispatch, simulator, asked } = world
    const at = Date.UTC(2031, 4, 17, 18, 30)
    simulator.placeOrder({ phone: client, at, pickup: 'Садовая, 5' })
    const { answer, methods } = await asked(dispatch.identify(client, unhurried()))
    assert.deepEqual(methods, ['get_info_by_phone', 'get_order_state'])
    assert.equal(answer.order?.at, at)
    assert.equal(answer.order?.pickup, 'Садовая, 5')
    assert.equal(answer.order?.phone, client)
  })

  test('asks with the number as this site stores it', async () => {
    await using world = await open()
    await world.dispatch.identify(client, unhurried())
    assert.match(world.simulator.requests.at(-1)?.url ?? '', /PHONE=0670000001&/)
  })

  test('tells no minutes while Taxi-Master says 0', async () => {
    let now = 1_000_000
    const clock = { ...realClock, now: () => now }
    await using world = await open({ simulator: { clock } })
    const { id } = world.simulator.placeOrder({ phone: client, stateId: 1 })
    world.simulator.moveOrder(id, 7)
    now += 4000
    const order = (await world.dispatch.identify(client, unhurried())).order
    assert.deepEqual([order?.stage, order?.minutes], ['assigned', undefined])
    now += 4000
    assert.ok(((await world.dispatch.identify(client, unhurried())).order?.minutes ?? 0) > 0)
  })

  test('finds an order that is dialled on the caller’s number, where the site wants it', async () => {
    for (const findByPhoneToDial of [true, false]) {
      await using world = await open({ settings: { findByPhoneToDial } })
      const { id } = world.simulator.placeOrder({ phone: '+380670000002', phoneToDial: client, stateId: 10 })
      const card = await world.dispatch.identify(client, unhurried())
      assert.equal(card.kind, 'client')
      assert.equal(card.order?.id, findByPhoneToDial ? String(id) : undefined)
    }
  })

  test('takes a stranger for unknown, whether told by a code or by a type', async () => {
    await using world = await open()
    for (const stranger of ['+380990000001', '+380990000002']) {
      assert.equal((await world.dispatch.identify(stranger, unhurried())).kind, 'unknown')
    }
  })

  test('counts the site’s client groups as VIP and as black', async () => {
    await using world = await open({
      settings: { vip: { white: false, clientGroups: [2] }, blackClientGroups: [1] },
    })
    assert.equal((await world.dispatch.identify('+380670000040', unhurried())).isVip, true)
    assert.equal((await world.dispatch.identify('+380670000031', unhurried())).isVip, undefined)
    assert.equal((await world.dispatch.identify(client, unhurried())).category, 'black')
  })

  test('is refused with the code when a key is wrong', async () => {
    await using world = await open({ settings: { keys: { commonApi: 'wrong', tapi: 'wrong' } } })
    await assert.rejects(world.dispatch.identify(client, unhurried()), {
      code: 'DISPATCH_REFUSED',
      message: /code 4/,
    })
  })

  test('works before the directory of states could be read', async () => {
    await using world = await open({ settings: { keys: { commonApi: 'wrong', tapi: 'demo-tapi-key' } } })
    world.simulator.placeOrder({ phone: client, stateId: 10 })
    const { order } = await world.dispatch.identify(client, unhurried())
    assert.deepEqual([order?.stage, order?.state], ['arrived', { id: '10', name: '10' }])
  })
})

describe('CommonAPI users', () => {
  for (const [userId, code] of [
    [9, 13],
    [2, 14],
  ] as const) {
    test(`are refused with ${code}`, async () => {
      await using world = await open({ settings: { userId }, simulator: { users: { 2: ['ping'] } } })
      await assert.rejects(world.dispatch.findOrder('1', unhurried()), {
        message: new RegExp(`code ${code}`),
      })
    })
  }

  test('that may ask get answers', async () => {
    await using world = await open({ settings: { userId: 1 } })
    assert.equal(await world.dispatch.findOrder('1', unhurried()), undefined)
  })
})

describe('finding an order', () => {
  test('brings what either API knows', async () => {
    await using world = await open()
    const { id, pickup } = world.simulator.placeOrder({ phone: client, stateId: 7, minutes: 5 })
    const order = await world.dispatch.findOrder(String(id), unhurried())
    assert.deepEqual([order?.minutes, order?.pickup, order?.phoneToDial], [5, pickup, client])
  })

  test('does without the telephony API where that has lost the order', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: client, stateId: 10 })
    world.simulator.misbehave({ code: 100, only: 'get_info_by_order_id' })
    const order = await world.dispatch.findOrder(String(id), unhurried())
    assert.deepEqual(
      [order?.stage, order?.minutes, typeof order?.car?.plate],
      ['arrived', undefined, 'string'],
    )
  })

  test('takes a deleted order for cancelled by the company', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: client, stateId: 7 })
    world.simulator.deleteOrder(id)
    assert.equal((await world.dispatch.findOrder(String(id), unhurried()))?.stage, 'cancelled_company')
  })
})

describe('cancelling', () => {
  test('is refused where Taxi-Master refuses the change of state', async () => {
    await using world = await open({ simulator: { transitions: { 10: [11] } } })
    const { id } = world.simulator.placeOrder({ phone: client, stateId: 10 })
    assert.equal(await world.dispatch.cancelOrder(String(id), unhurried()), 'refused')
    assert.equal(world.simulator.requests.at(-1)?.code, 102)
  })

  test('moves the order to the state that the site chose', async () => {
    await using world = await open({ settings: { cancelState: 68 } })
    const order = world.simulator.placeOrder({ phone: client, stateId: 1 })
    assert.equal(await world.dispatch.cancelOrder(String(order.id), unhurried()), 'cancelled')
    assert.equal(order.stateId, 68)
    assert.equal((await world.dispatch.findOrder(String(order.id), unhurried()))?.stage, 'cancelled_client')
  })
})
