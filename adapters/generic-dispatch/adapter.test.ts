import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../test/support/until.ts'
import { connectToSimulator } from './simulator/connected.ts'

const client = '+380670000001'
const unhurried = () => AbortSignal.timeout(20_000)

test('a wrong address is told apart from an unknown order', async () => {
  await using world = await connectToSimulator()
  world.simulator.misbehave({ status: 404, nonsense: '{"message":"Route not found"}' })
  await assert.rejects(world.dispatch.findOrder('1', unhurried()), {
    code: 'DISPATCH_NONSENSE',
    message: /there is nothing at this address/,
  })
})

test('a wrong token is refused with its status, and the house opens nevertheless', async () => {
  await using world = await connectToSimulator({ settings: { token: 'wrong' } })
  await assert.rejects(world.dispatch.identify(client, unhurried()), {
    code: 'DISPATCH_REFUSED',
    message: /401/,
  })
})

test('what a program cannot is refused without asking it', async () => {
  await using world = await connectToSimulator({ settings: { cannot: ['sendSms'] } })
  assert.ok(!world.dispatch.capabilities.has('sendSms'))
  await assert.rejects(world.dispatch.sendSms(client, 'text', unhurried()), { code: 'DISPATCH_CANNOT' })
})

test('a program may leave out what is ordinary', async () => {
  await using world = await connectToSimulator()
  world.simulator.misbehave({ nonsense: '{"kind":"client","order":{"id":"7","stage":"new"}}' })
  assert.deepEqual(await world.dispatch.identify(client, unhurried()), {
    kind: 'client',
    category: 'normal',
    orders: 1,
    order: { id: '7', stage: 'new', state: { id: 'new', name: 'new' } },
  })
})

test('the token and phones stay out of errors', async () => {
  await using world = await connectToSimulator({ settings: { deadlineMs: 100 } })
  const faults = [
    { status: 500 },
    { silent: true },
    { nonsense: `{"phone":"${client}"}` },
    { lostAnswer: true },
  ]
  for (const fault of faults) {
    world.simulator.misbehave(fault)
    await assert.rejects(world.dispatch.identify(client, unhurried()), (thrown: Error) => {
      const said = `${thrown.stack} ${JSON.stringify(thrown)} ${String(thrown.cause)}`
      for (const secret of ['670000001', world.simulator.token]) assert.ok(!said.includes(secret), said)
      return true
    })
  }
})

test('a program that comes back is found without anybody calling', async () => {
  await using world = await connectToSimulator({ settings: { lookSeconds: 0.02 } })
  const state = () =>
    world.reported.flatMap((event) => (event.name === 'connection.changed' ? event.state : [])).at(-1)
  await world.simulator.goDown()
  await until(() => state() === 'lost', { what: 'the loss to be noticed' })
  await world.simulator.comeBack()
  await until(() => state() === 'connected', { what: 'the return to be noticed' })
})
