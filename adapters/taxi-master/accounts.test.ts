import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAccounts } from './accounts.ts'
import { connectToSimulator } from './simulator/connected.ts'
import { FieldUnreadable, toAccount } from './translate.ts'

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

test('a balance that is not told is no balance of zero', async () => {
  for (const CLIENT_BALANCE of ['', '-'])
    assert.throws(
      () => toAccount({ PHONE_TYPE: '2', CLIENT_ID: '1001', DRIVER_ID: '', CLIENT_BALANCE } as never),
      FieldUnreadable,
    )
  const neighbours = {
    commonApi: {
      clientInfo: async () => ({ ok: true, data: { client_id: 1001, balance: null } }),
      driverInfo: async () => ({ ok: true, data: { driver_id: 501 } }),
    },
  }
  const { findAccount } = openAccounts(neighbours as never, {} as never)
  for (const owner of [{ clientId: '1001' }, { driverId: '501' }])
    await assert.rejects(findAccount(owner, signal), FieldUnreadable)
})

test('who cannot be told from his company has no account by his number alone', async () => {
  await using world = await connectToSimulator()
  world.simulator.misbehave({ code: 100, only: 'analyze_phone' })
  assert.equal(await world.dispatch.findAccount({ phone: '+380670000041' }, signal), undefined)
})

test('an operation that was taken back is not the last one', async () => {
  await using world = await connectToSimulator()
  const { lastOperationAt } = await world.dispatch.accountDetails({ of: 'client', id: '1001' }, signal)
  // That of today was; yesterday's stands.
  assert.ok(lastOperationAt !== undefined && lastOperationAt < Date.now() - 12 * 3_600_000)
})
