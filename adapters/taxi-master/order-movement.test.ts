import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Stage } from '#core/ports/dispatch.ts'
import { freePort } from '../../test/support/ports.ts'
import { connectToSimulator } from './simulator/connected.ts'

const client = '+380670000001'
const secret = 'long enough'

/** A Taxi-Master that takes us for Oktell. */
async function open() {
  const port = await freePort()
  const door = {
    host: '127.0.0.1',
    port,
    allow: ['127.0.0.1'],
    eventSecret: secret,
    scripts: { Car_Arrived: 'arrived' },
    repeatSeconds: 20,
  }
  const world = await connectToSimulator({ settings: { door } })
  const { outgoing } = world.simulator
  outgoing.callThrough({
    url: `http://127.0.0.1:${port}`,
    scripts: { 10: 'car_arrived' },
    eventSecret: secret,
  })
  const stages = () =>
    world.reported.flatMap((event) => (event.name === 'order.stage-changed' ? [event.stage] : []))
  const moved = async (stage: Stage) => {
    const patience = AbortSignal.timeout(20_000)
    while (!stages().includes(stage)) {
      patience.throwIfAborted()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { ...world, outgoing, stages, moved }
}

describe('a Taxi-Master that takes us for Oktell', () => {
  test('has its call-backs and its order moves reported, each once, though it sends everything thrice', async () => {
    await using world = await open()
    world.outgoing.repeat(3)
    const { id } = world.simulator.placeOrder({ phone: client, stateId: 1 })
    await world.moved('new')
    world.simulator.moveOrder(id, 10)
    await world.moved('arrived')
    await world.outgoing.settled()
    assert.deepEqual(world.stages(), ['new', 'arrived'])
    const calls = world.reported.filter(({ name }) => name === 'callback.requested')
    assert.deepEqual(calls, [
      {
        name: 'callback.requested',
        phone: client,
        order: String(id),
        script: 'car_arrived',
        action: 'arrived',
        parameters: ['0670000001', '', '0', String(id)],
      },
    ])
    assert.ok(world.outgoing.sent.every(({ status }) => status === 200))
  })

  test('asks back for the joining that it was asked for', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: client, stateId: 10 })
    assert.equal(await world.dispatch.joinClientAndDriver(String(id), AbortSignal.timeout(20_000)), 'asked')
    await world.outgoing.settled()
    const join = world.reported.find(({ name }) => name === 'join.requested')
    assert.ok(join?.name === 'join.requested')
    assert.deepEqual([join.phones[0], join.order], [client, String(id)])
    assert.match(join.phones[1], /^\+38050/)
  })

  test('loses a message, and nothing is made up for it', async () => {
    await using world = await open()
    world.outgoing.lose(2)
    world.simulator.placeOrder({ phone: client, stateId: 10 })
    await world.outgoing.settled()
    assert.deepEqual(world.outgoing.sent, [])
    assert.deepEqual(world.stages(), [])
  })
})
