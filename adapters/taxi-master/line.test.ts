import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openLine, type Request } from '#core/asking/line.ts'
import { settingsFor } from './simulator/company.ts'
import { completed, connectToSimulator } from './simulator/connected.ts'
import { type SimulatorOptions, startTaxiMasterSimulator } from './simulator/simulator.ts'

const ping: Request = { name: 'ping', verb: 'GET', path: '/common_api/1.0/ping', headers: {} }
const unhurried = () => AbortSignal.timeout(20_000)

async function pingWith(tls: object, options: SimulatorOptions = {}) {
  await using cleanup = new AsyncDisposableStack()
  const simulator = await startTaxiMasterSimulator(options)
  cleanup.defer(() => simulator.stop())
  const line = openLine(
    completed({ ...settingsFor(simulator), tls: typeof tls === 'function' ? tls(simulator) : tls }),
  )
  cleanup.defer(() => line.close())
  return await line.send(ping, unhurried())
}

describe('the line to Taxi-Master', () => {
  test('refuses a self-signed certificate that nobody pinned', async () => {
    await assert.rejects(pingWith({}), { code: 'DISPATCH_UNREACHABLE' })
  })

  test('takes the pinned certificate, with or without colons', async () => {
    const pinned = await startTaxiMasterSimulator()
    const { fingerprint } = pinned
    await pinned.stop()
    for (const spelling of [fingerprint, fingerprint.replaceAll(':', '').toLowerCase()]) {
      assert.equal((await pingWith({ fingerprint: spelling })).status, 200)
    }
  })

  test('refuses every certificate but the pinned one, even unverified', async () => {
    const fingerprint = Array(32).fill('00').join(':')
    await assert.rejects(pingWith({ fingerprint, verify: false }), {
      code: 'DISPATCH_UNREACHABLE',
      message: /not the pinned one/,
    })
  })

  test('does without verification where the site says so', async () => {
    assert.equal((await pingWith({ verify: false })).status, 200)
  })

  test('speaks old TLS only where the site says so', async () => {
    await assert.rejects(pingWith({ verify: false }, { oldTls: true }), { code: 'DISPATCH_UNREACHABLE' })
    assert.equal((await pingWith({ verify: false, oldTls: true }, { oldTls: true })).status, 200)
  })

  test('refuses plain HTTP unless the settings allow it', async () => {
    const keys = { commonApi: 'a', tapi: 'b' }
    assert.throws(() => openLine(completed({ url: 'http://127.0.0.1:1', keys })), {
      code: 'SETTINGS_INVALID',
    })
  })

  test('asks a question again when the connection broke under it, a command never', async () => {
    await using world = await connectToSimulator()
    world.simulator.misbehave({ reset: true, times: 1 })
    const card = await world.dispatch.identify('+380670000001', unhurried())
    assert.equal(card.kind, 'client')

    const { id } = world.simulator.placeOrder({ phone: '+380670000001', stateId: 7 })
    world.simulator.misbehave({ reset: true, only: 'change_order_state' })
    await assert.rejects(world.dispatch.cancelOrder(String(id), unhurried()), {
      code: 'DISPATCH_UNREACHABLE',
    })
    const commands = world.simulator.requests.filter(({ method }) => method === 'change_order_state')
    assert.equal(commands.length, 1)
  })

  test('keeps keys and phones out of its errors', async () => {
    await using world = await connectToSimulator({ settings: { deadlineMs: 100 } })
    const { simulator, dispatch } = world
    const faults = [
      { code: 4 },
      { reset: true },
      { nonsense: '<phone>0670000001</phone>' },
      { delay: Number.POSITIVE_INFINITY },
    ]
    for (const fault of faults) {
      simulator.behave()
      simulator.misbehave(fault)
      await assert.rejects(dispatch.identify('+380670000001', unhurried()), (thrown: Error) => {
        const told = `${thrown.stack} ${JSON.stringify(thrown)} ${String(thrown.cause)}`
        for (const secret of ['670000001', simulator.keys.tapi, 'signature='])
          assert.ok(!told.includes(secret), told)
        return true
      })
    }
  })
})
