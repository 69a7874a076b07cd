import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import SQLite from 'better-sqlite3'
import { needs } from '../support/needs.ts'
import { openPhone } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { client, openWorld } from './process.ts'

const states = { driverAgreed: 7, inTheCar: 11, done: 4 }

test('killed while the client is rung for his marks: he is not rung a second time, and nothing is left', {
  skip: needs.asterisk(),
}, async (t) => {
  const { asterisk, callbus, dispatch, folder, nothingIsLeft } = await openWorld(t, {
    plugins: { quality: { afterTrip: { share: 100, after: 0, attempts: 1, calendar: { hours: [] } } } },
    dispatch: { watchSeconds: 0.3, watchFastestSeconds: 0.3 },
  })
  const mobile = await openPhone({ port: asterisk.trunkPort })
  t.after(() => mobile[Symbol.asyncDispose]())
  const first = <Row>(sql: string): Row | undefined => {
    const database = new SQLite(join(folder, 'data/callbus.sqlite'), { readonly: true })
    try {
      return database.prepare(sql).get() as Row | undefined
    } finally {
      database.close()
    }
  }
  const looks = () => dispatch.requests.filter(({ method }) => method === 'get_current_orders').length
  async function rides() {
    const before = looks()
    await until(() => looks() > before + 1, { what: 'the orders there are to be known' })
    const { id } = dispatch.placeOrder({ phone: client, stateId: states.driverAgreed })
    dispatch.moveOrder(id, states.inTheCar)
    const noted = `select 1 from quality_trips where order_id = '${id}' and driver is not null`
    await until(() => first(noted), { what: 'who drives to be noted' })
    dispatch.moveOrder(id, states.done)
  }
  const results = () => callbus.facts('quality.client-called').map(({ data }) => data.result)

  await callbus.start()
  await rides()
  const him = await mobile.rung(30_000)
  await until(() => callbus.calls().some(({ errand, state }) => errand !== null && state === 'ringing'), {
    what: 'the call to be written',
  })
  await callbus.kill()
  await callbus.start()
  assert.equal(him.state, 'ringing')
  await him.answer()
  await until(() => callbus.facts('call.told').length > 0, { what: 'the question' })
  await him.hangUp()
  await until(() => results().length === 1, { what: 'the asking to be over' })

  await rides()
  await until(() => results().length === 2, { what: 'the second trip to be looked at' })
  assert.deepEqual(results(), ['reached', 'asked_lately'])
  assert.equal(mobile.calls.length, 1)
  await nothingIsLeft()
})
