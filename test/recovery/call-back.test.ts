/** `kill -9` at every point between the plan of a call-back and its last word. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import SQLite from 'better-sqlite3'
import { needs } from '../support/needs.ts'
import { openPhone } from '../support/sip/sip-phone.ts'
import { until } from '../support/until.ts'
import { client, openWorld, tones } from './process.ts'

const skip = needs.asterisk()
const states = { driverAgreed: 7, atTheDoor: 10, called: 24 }

async function open(t: TestContext) {
  const arrived = { moves: { reached_confirmed: String(states.called) }, pauses: { line_error: 1 } }
  const world = await openWorld(t, {
    plugins: { 'status-callback': { rules: { arrived } } },
    dispatch: { watchSeconds: 0.3, watchFastestSeconds: 0.3 },
  })
  const { dispatch, callbus } = world
  const phone = await openPhone({ port: world.asterisk.trunkPort })
  t.after(() => phone[Symbol.asyncDispose]())
  const order = dispatch.placeOrder({ phone: client, stateId: states.driverAgreed })
  await callbus.start()
  const looks = () =>
    dispatch.requests.filter(({ method, code }) => method === 'get_current_orders' && code === 0)
  const before = looks().length
  await until(() => looks().length > before + 1, { what: 'the order to be known' })

  function sql<Row>(statement: string, ...values: unknown[]): Row[] {
    const database = new SQLite(join(world.folder, 'data/callbus.sqlite'))
    try {
      const prepared = database.prepare(statement)
      if (prepared.reader) return prepared.all(...values) as Row[]
      prepared.run(...values)
      return []
    } finally {
      database.close()
    }
  }

  return {
    ...world,
    order,
    phone,
    sql,
    arrives: () => dispatch.moveOrder(order.id, states.atTheDoor),
    notices: () =>
      sql<{ id: string; state: string; result: string | null }>('select * from status_callback_notices'),
    tries: () =>
      sql<{ call: string; attempt: number; result: string | null }>('select * from status_callback_tries'),
    reports: () => dispatch.requestStates.map(({ state }) => state),
    moved: () => dispatch.requests.filter(({ method }) => method === 'change_order_state').length,
    /** One try, one call, one result, one change of the order. */
    async cameToItsEnd(result: string) {
      await until(() => this.notices()[0]?.state === 'closed', {
        what: 'the call-back to be closed',
        within: 30_000,
      })
      assert.deepEqual(
        this.tries().map((each) => [each.attempt, each.result]),
        [[1, result]],
      )
      assert.deepEqual(
        callbus.calls().map(({ id }) => id),
        this.tries().map(({ call }) => call),
        JSON.stringify(callbus.calls()),
      )
      assert.equal(phone.calls.length, 1)
      await world.nothingIsLeft()
    },
  }
}

test('killed when it was planned: he is rung once', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch, phone } = world
  const behave = dispatch.misbehave({ only: 'get_info_by_order_id', delay: Number.POSITIVE_INFINITY })
  world.arrives()
  await until(() => world.notices().length === 1, { what: 'the plan' })
  await callbus.kill()
  behave()
  await callbus.start()
  const him = await phone.rung(30_000)
  await him.answer()
  await him.hears(tones.callBack)
  await him.press('1')
  await world.cameToItsEnd('reached_confirmed')
  assert.equal(world.moved(), 1)
})

test('killed when the try was written and nobody rung: he is rung once, in this try', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch, phone } = world
  const behave = dispatch.misbehave({ only: 'get_info_by_order_id', delay: Number.POSITIVE_INFINITY })
  world.arrives()
  await until(() => world.notices().length === 1, { what: 'the plan' })
  await callbus.kill()
  const call = randomUUID()
  world.sql(
    `insert into status_callback_tries values (?, ?, 1, '${client}', null, '', null, ?, null, null)`,
    call,
    world.notices()[0]?.id,
    Date.now(),
  )
  behave()
  await callbus.start()
  const him = await phone.rung(30_000)
  await him.answer()
  await him.hears(tones.callBack)
  await him.hangUp()
  await world.cameToItsEnd('reached_short')
  assert.equal(callbus.calls()[0]?.id, call)
})

test('killed while it rings: it rings on, and who answers hears it', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, phone } = world
  world.arrives()
  const him = await phone.rung(30_000)
  await until(() => callbus.calls()[0]?.state === 'ringing', { what: 'the call to be written' })
  await callbus.kill()
  await callbus.start()
  assert.equal(him.state, 'ringing')
  await him.answer()
  await him.hears(tones.callBack)
  await him.press('1')
  await world.cameToItsEnd('reached_confirmed')
  assert.deepEqual(world.reports().at(-1), '2')
  assert.equal(world.moved(), 1)
})

test('killed while it rings, and the order moves on meanwhile: the ringing stops', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch, order, phone } = world
  world.arrives()
  const him = await phone.rung(30_000)
  await until(() => callbus.calls()[0]?.state === 'ringing', { what: 'the call to be written' })
  await callbus.kill()
  dispatch.moveOrder(order.id, 11)
  await callbus.start()
  assert.equal((await him.ended(30_000)).by, 'them')
  await world.cameToItsEnd('cancelled')
})

test('killed while he listens: he hears it again and is not rung again', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, phone } = world
  world.arrives()
  const him = await phone.rung(30_000)
  await him.answer()
  await him.hears(tones.callBack)
  await until(() => callbus.calls()[0]?.answered_at !== null, { what: 'the answer to be written' })
  await callbus.kill()
  await him.hearsSilence()
  const since = him.mark()
  await callbus.start()
  await him.hears(tones.callBack, { since })
  await him.press('1')
  await world.cameToItsEnd('reached_confirmed')
  assert.equal(world.moved(), 1)
})

test('killed while he listens, and he hangs up meanwhile: that is the result', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, phone } = world
  world.arrives()
  const him = await phone.rung(30_000)
  await him.answer()
  await him.hears(tones.callBack)
  await until(() => callbus.calls()[0]?.answered_at !== null, { what: 'the answer to be written' })
  await callbus.kill()
  await him.hangUp()
  await callbus.start()
  await world.cameToItsEnd('reached_short')
  assert.deepEqual(world.reports().at(-1), '2')
})

test('killed when the order was moved and nobody had said so: it is not moved again', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch, order, phone } = world
  const behave = dispatch.misbehave({ only: 'change_order_state', mute: true })
  world.arrives()
  const him = await phone.rung(30_000)
  await him.answer()
  await him.hears(tones.callBack)
  await him.press('1')
  await until(() => order.stateId === states.called, { what: 'the effect' })
  await callbus.kill()
  behave()
  await callbus.start()
  await world.cameToItsEnd('reached_confirmed')
  assert.equal(world.moved(), 1)
})

test('killed before what came of it was told: it is told after the restart', { skip }, async (t) => {
  const world = await open(t)
  const { callbus, dispatch, phone } = world
  world.arrives()
  const him = await phone.rung(30_000)
  await until(() => world.reports().length === 1, { what: 'the start to be told' })
  const behave = dispatch.misbehave({ only: 'set_request_state', delay: Number.POSITIVE_INFINITY })
  await him.answer()
  await him.hears(tones.callBack)
  await him.press('1')
  await until(() => world.tries()[0]?.result === 'reached_confirmed', { what: 'the result' })
  await callbus.kill()
  behave()
  await callbus.start()
  await world.cameToItsEnd('reached_confirmed')
  assert.deepEqual(world.reports(), ['1', '2'])
  assert.equal(world.moved(), 1)
})
