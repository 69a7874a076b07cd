import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Fault } from '../../adapters/taxi-master/simulator/faults.ts'
import { words } from '../../plugins/order-status/words.ts'
import { needs } from '../support/needs.ts'
import { type Company, openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
/** Somebody with an order, so that every answer of Taxi-Master would matter. */
const from = '+380670000001'

const faults: [name: string, fault: Fault, because: 'late' | 'failed'][] = [
  ['never answers', { delay: Number.POSITIVE_INFINITY }, 'late'],
  ['is slower than the caller may wait', { delay: 5_000 }, 'late'],
  ['drops the connection', { reset: true }, 'failed'],
  ['answers garbage', { nonsense: Buffer.from([0, 255, 60, 120, 0, 13, 62]) }, 'failed'],
  ['answers XML of something else', { nonsense: '<html><body>Login</body></html>' }, 'failed'],
  ['answers half of an answer', { nonsense: '<?xml version="1.0"?><response><code>0</co' }, 'failed'],
  ['answers with an HTTP error', { status: 500, nonsense: 'Internal Server Error' }, 'failed'],
  ['answers a code of its own', { code: 4 }, 'failed'],
]

test('a caller reaches an operator when Taxi-Master …', { skip }, async (t) => {
  await using company = await openCompany(await exchange(), { calls: { dispatchDeadline: 400 } })
  company.taxiMaster.placeOrder({ phone: from, stateId: 7 })
  for (const [name, fault, because] of faults) {
    await t.test(`… ${name}`, async () => {
      const heal = company.taxiMaster.misbehave(fault)
      await reachesOperator(company, because)
      heal()
    })
  }

  await t.test('… is down', async () => {
    await company.taxiMaster.goDown()
    await reachesOperator(company, 'failed')
    await company.taxiMaster.comeBack()
  })

  await t.test('… and is served as ever once it is back', async () => {
    const client = await company.ring({ from })
    await company.fact('call.conversing', ({ by }) => by === 'order-status')
    await client.hangUp()
  })
})

test('a cancellation that Taxi-Master does not answer brings the client to an operator', {
  skip,
}, async () => {
  await using company = await openCompany(await exchange(), { dispatch: { cancelDeadlineMs: 400 } })
  const operator = await company.phone('101')
  const order = company.taxiMaster.placeOrder({ phone: from, stateId: 7 })
  company.taxiMaster.misbehave({ delay: Number.POSITIVE_INFINITY, only: 'change_order_state' })

  const client = await company.ring({ from })
  await client.hearsSomething()
  await client.press('0')
  await client.hearsSound(await company.soundOf(words.confirmCancel), { within: 30_000 })
  await client.press('0')
  assert.equal((await operator.rung()).from, from)

  assert.equal(company.taxiMaster.orders.get(order.id)?.stateId, 7)
  assert.equal(company.factsNamed('order.cancelled').length, 0)
  const failure = await company.fact('call.failed')
  assert.equal(failure.by, 'order-status')
})

async function reachesOperator(company: Company, because: string) {
  await using operator = await company.exchange.phone('101')
  await using caller = await company.ring({ from })
  const incoming = await operator.rung()
  assert.equal(incoming.from, from)

  const call = await company.callOf(from)
  const identified = await company.fact('call.identified', (data) => data.call === call)
  assert.deepEqual(
    { lookedUp: identified.lookedUp, because: identified.because },
    { lookedUp: false, because },
  )
  await caller.hangUp()
  await company.fact('call.ended', (data) => data.call === call)
}
