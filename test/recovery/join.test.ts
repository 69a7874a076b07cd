/** `kill -9` while client and driver are joined: the request is carried out once, and a talk goes on. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { needs } from '../support/needs.ts'
import type { PhoneCall } from '../support/sip/phone-call.ts'
import { openPhone } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { client, openWorld, type Way } from './process.ts'

const skip = needs.asterisk()
const driverAgreed = 7
const ways: readonly Way[] = ['they dial us', 'we dial']

async function asked(t: TestContext, way: Way) {
  const world = await openWorld(t, { way })
  const { asterisk, callbus, dispatch } = world
  const outside = await openPhone({ port: asterisk.trunkPort })
  t.after(() => outside[Symbol.asyncDispose]())
  await callbus.start()
  const order = dispatch.placeOrder({ phone: client, stateId: driverAgreed })
  const ask = () =>
    callbus.post('/api/plugins/driver-bridge/joins', { order: String(order.id), key: 'the button' })
  await ask()
  const driver = await outside.rung()
  assert.equal(driver.to, `+38${order.driver?.phone}`)
  driver.say(600)
  const rungOf = (phone: string) => outside.calls.filter(({ to }) => to === phone)
  return { ...world, ask, driver, outside, rungOf }
}

async function bothHear(driver: PhoneCall, passenger: PhoneCall) {
  await Promise.all([
    driver.hears(1000, { since: driver.mark() }),
    passenger.hears(600, { since: passenger.mark() }),
  ])
}

async function talk({ driver, outside }: Pick<Awaited<ReturnType<typeof asked>>, 'driver' | 'outside'>) {
  const passenger = await outside.rung()
  assert.equal(passenger.to, client)
  passenger.say(1000)
  await passenger.answer()
  await bothHear(driver, passenger)
  return passenger
}

async function ends({ callbus, nothingIsLeft }: Awaited<ReturnType<typeof asked>>) {
  await until(() => callbus.joins()[0]?.state === 'closed', { what: 'the join to be closed' })
  assert.deepEqual(callbus.joins(), [{ state: 'closed', outcome: 'talked' }])
  await until(async () => (await callbus.recordings())[0]?.state === 'stored', { what: 'the recording' })
  await nothingIsLeft()
  assert.equal(callbus.facts('call.ended').length, 1)
}

for (const way of ways) {
  test(`a driver who still rings is not rung again, and is joined when he answers (${way})`, {
    skip,
  }, async (t) => {
    const world = await asked(t, way)
    const { callbus, driver } = world
    await callbus.kill()
    await callbus.start()
    await world.ask()
    await driver.answer()
    const passenger = await talk(world)
    assert.equal(world.outside.calls.length, 2, 'each was rung once')
    await passenger.hangUp()
    await driver.ended()
    await ends(world)
  })

  test(`a client who still rings is not rung again, and is joined with the driver who waits (${way})`, {
    skip,
  }, async (t) => {
    const world = await asked(t, way)
    const { callbus, driver, outside } = world
    await driver.answer()
    const passenger = await outside.rung()
    assert.equal(passenger.to, client)
    await callbus.callBecomes('conversing')
    await callbus.kill()
    await callbus.start()
    passenger.say(1000)
    await passenger.answer()
    await bothHear(driver, passenger)
    assert.equal(outside.calls.length, 2, 'each was rung once')
    await driver.hangUp()
    await passenger.ended()
    await ends(world)
  })

  test(`a talk of client and driver goes on while Callbus is dead and after it (${way})`, {
    skip,
  }, async (t) => {
    const world = await asked(t, way)
    const { callbus, driver } = world
    await driver.answer()
    const passenger = await talk(world)
    await callbus.callBecomes('talking')
    await until(() => callbus.facts('call.recording-started').length === 1, { what: 'the recording' })
    await callbus.kill()
    await bothHear(driver, passenger)
    await callbus.start()
    await bothHear(driver, passenger)
    await world.ask()
    assert.equal(world.outside.calls.length, 2, 'each was rung once')
    await passenger.hangUp()
    await driver.ended()
    await ends(world)
  })
}

test('a client who declines while Callbus is dead is not rung again', { skip }, async (t) => {
  const world = await asked(t, 'they dial us')
  const { callbus, driver, outside } = world
  await driver.answer()
  const passenger = await outside.rung()
  await callbus.callBecomes('conversing')
  await until(() => callbus.facts('call.operator-rung').length === 1, { what: 'the ringing to be written' })
  await callbus.kill()
  passenger.refuse(486)
  await callbus.start()
  await until(() => callbus.facts('call.operator-missed').length === 1, { what: 'the story to say so' })
  await until(
    () => callbus.facts('call.told').some(({ data }) => data.saying === 'driver-bridge.clientSilent'),
    {
      what: 'the driver to be told',
    },
  )
  await driver.hangUp()
  await until(() => callbus.joins()[0]?.state === 'closed', { what: 'the join to be closed' })
  assert.deepEqual(callbus.joins(), [{ state: 'closed', outcome: 'partner not reached' }])
  assert.equal(outside.calls.length, 2, 'each was rung once')
})
