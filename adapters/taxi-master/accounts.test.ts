import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectToSimulator } from './simulator/connected.ts'

const { signal } = new AbortController()

test('a client is proven by his login as by the number of his contract, with his own password', async () => {
  await using world = await connectToSimulator()
  for (const login of ['client1', '1001'])
    assert.deepEqual(await world.dispatch.checkClaim({ login, password: '2401' }, signal), {
      clientId: '1001',
    })
  assert.equal(await world.dispatch.checkClaim({ login: '100', password: '2401' }, signal), undefined)
})

test('the PIN of a driver may be an attribute of his', async () => {
  await using world = await connectToSimulator({ settings: { driverPin: 12 } })
  const check = (pin: string) => world.dispatch.checkClaim({ callSign: '2', pin }, signal)
  assert.deepEqual(await check('073102'), { driverId: '502' })
  assert.equal(await check('73102'), undefined)
})

test('without an event for it nobody can be taken off the line', async () => {
  await using world = await connectToSimulator({ settings: { offLineEvent: undefined } as object })
  assert.ok(!world.dispatch.capabilities.has('takeOffLine'))
  await assert.rejects(world.dispatch.takeOffLine('501', signal), { code: 'DISPATCH_CANNOT' })
})

test('an operation that was taken back is not the last one', async () => {
  await using world = await connectToSimulator()
  const { lastOperationAt } = await world.dispatch.accountDetails({ of: 'client', id: '1001' }, signal)
  // That of today was; yesterday's stands.
  assert.ok(lastOperationAt !== undefined && lastOperationAt < Date.now() - 12 * 3_600_000)
})
