/** `kill -9` while a caller hears a menu, and around the effect he asked for. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { needs } from '../support/needs.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { until } from '../support/until.ts'
import { client, openWorld, type RecoveryWorld, tones, type Way } from './process.ts'

const skip = needs.asterisk()

async function inTheMenu(t: TestContext, way?: Way) {
  const world = await openWorld(t, way ? { way } : {})
  const order = world.dispatch.placeOrder({ phone: client })
  await world.callbus.start()
  const caller = await world.ring(client)
  await caller.hears(tones.menu)
  return { ...world, order, caller }
}

async function cancels(caller: PhoneCall, since = caller.mark()) {
  await caller.press('0')
  await caller.hears(tones.confirmCancel, { since })
  await caller.press('0')
}

const changes = ({ dispatch }: Pick<RecoveryWorld, 'dispatch'>) =>
  dispatch.requests.filter(({ method }) => method === 'change_order_state')

function cancelledOnce({ callbus, dispatch, order }: RecoveryWorld & { order: { id: number } }) {
  assert.equal(dispatch.orders.get(order.id)?.stateId, 5)
  assert.deepEqual(
    callbus.facts('order.cancelled').map(({ data }) => data.order),
    [String(order.id)],
    'told once',
  )
  assert.deepEqual(
    callbus.intents().map(({ state, outcome }) => [state, outcome]),
    [['done', 'cancelled']],
  )
}

for (const way of ['they dial us', 'we dial'] as const) {
  test(`a caller in a menu hears it again after the restart and cancels once (${way})`, {
    skip,
  }, async (t) => {
    const world = await inTheMenu(t, way)
    const { callbus } = world
    const { caller } = world
    await callbus.kill()
    await caller.hearsSilence()
    const since = caller.mark()
    await callbus.start()
    await caller.hears(tones.menu, { since })
    await cancels(caller, since)
    await caller.hears(tones.cancelled, { since })
    await caller.ended()
    await world.nothingIsLeft()
    cancelledOnce(world)
    assert.equal(changes(world).length, 1)
    assert.deepEqual(
      callbus.calls().map(({ result }) => result),
      ['self_served'],
    )
    assert.equal(callbus.facts('call.ended').length, 1)
  })
}

test('killed before the effect: after the restart the order is cancelled once', { skip }, async (t) => {
  const world = await inTheMenu(t)
  const { callbus, dispatch } = world
  const { caller } = world
  const behave = dispatch.misbehave({ only: 'change_order_state', delay: Number.POSITIVE_INFINITY })
  await cancels(caller)
  await until(() => changes(world).length === 1, { what: 'the cancellation to be asked for' })
  await callbus.kill()
  assert.equal(dispatch.orders.get(world.order.id)?.stateId, 1, 'nothing was done')
  behave()
  await callbus.start()
  await until(() => callbus.intents()[0]?.state === 'done', { what: 'the intent to be closed' })
  await caller.hangUp()
  await world.nothingIsLeft()
  cancelledOnce(world)
})

test('killed after the effect and before its answer: nothing is done again', { skip }, async (t) => {
  const world = await inTheMenu(t)
  const { callbus, dispatch } = world
  const { caller } = world
  const behave = dispatch.misbehave({ only: 'change_order_state', mute: true })
  await cancels(caller)
  await until(() => dispatch.orders.get(world.order.id)?.stateId === 5, { what: 'the effect' })
  await callbus.kill()
  behave()
  await callbus.start()
  await until(() => callbus.intents()[0]?.state === 'done', { what: 'the intent to be closed' })
  await caller.hangUp()
  await world.nothingIsLeft()
  cancelledOnce(world)
  assert.equal(changes(world).length, 1)
})

test('killed with an open effect while the dispatch program is down: it is settled when it is back', {
  skip,
}, async (t) => {
  const world = await inTheMenu(t)
  const { callbus, dispatch } = world
  const { caller } = world
  dispatch.misbehave({ only: 'change_order_state', mute: true })
  await cancels(caller)
  await until(() => dispatch.orders.get(world.order.id)?.stateId === 5, { what: 'the effect' })
  await callbus.kill()
  dispatch.behave()
  await dispatch.goDown()
  await callbus.start()
  await callbus.callBecomes('waiting')
  assert.equal(callbus.intents()[0]?.state, 'open')
  await dispatch.comeBack()
  await until(() => callbus.intents()[0]?.state === 'done', { what: 'the intent to be closed' })
  await caller.hangUp()
  await world.nothingIsLeft()
  cancelledOnce(world)
  assert.equal(changes(world).length, 1)
})
