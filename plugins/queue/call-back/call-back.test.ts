import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  client,
  type CallBackHouse as House,
  minute,
  openCallBackHouse as open,
  other,
} from '../../../test/support/call-back-house.ts'
import { settled } from '../../../test/support/test-clock.ts'

async function talkToHisOperator(house: House, him: string = client) {
  const { exchange, pickUp, ringing } = house
  assert.deepEqual(ringing(), [him])
  const leg = await pickUp(him)
  assert.deepEqual(leg.playing?.media, ['queue.calledBack'])
  assert.deepEqual(ringing(), ['101'])
  await pickUp('101')
  assert.ok(leg.talk)
  exchange.hangUp(leg)
  await settled()
}

test('he hears what he is promised, hangs up, keeps his place, and talks to an operator when his turn comes', async (t) => {
  const house = await open(t)
  const { app } = house
  const talking = await house.everybodyTalks()
  const caller = await app.ring({ from: client })
  await house.clock.advance(1)
  const behind = await app.ring({ from: '+380639998877' })
  await caller.presses('5')
  assert.deepEqual(caller.hearing(), ['queue.willCall', 'queue.otherPhone'])
  const [told] = app.factsNamed('queue.call-back-asked')
  assert.deepEqual([told?.data.phone, told?.data.queue], [client, 'operators'])
  await caller.hangsUp()
  assert.deepEqual(
    app
      .factsNamed('queue.left')
      .map(({ data }) => data.outcome)
      .at(-1),
    'callback',
  )
  assert.equal(app.factsNamed('call.ended').at(-1)?.data.result, 'lost', 'until he is reached')
  assert.deepEqual((await house.position())[0], told?.data.callBack)
  assert.deepEqual(house.ringing(), [])

  await talking.hangsUp()
  await talkToHisOperator(house)
  assert.deepEqual(house.closed(), ['joined'])
  assert.deepEqual(house.ringing(), ['101'], 'and now for him who came later')
  await house.pickUp('101')
  assert.ok(behind.leg.talk)
  const [row] = await house.rows()
  assert.deepEqual([row?.state, row?.operator], ['joined', 'olena'])
})

test('whoever waits long is offered a call-back at the beginning and twice more', async (t) => {
  const house = await open(t, {
    queue: { announcements: [{ after: 0, say: ['position'] }], repeatEvery: 30, expectedTalk: 300 },
  })
  await house.everybodyTalks()
  const caller = await house.app.ring({ from: client })
  for (let turn = 0; turn < 5; turn += 1) {
    await caller.hears()
    await house.clock.advance(30_000)
  }
  const offers = (await caller.hears()).filter((each) => each === 'queue.offerCallBack')
  assert.equal(offers.length, 3)
})

test('an operator is kept for him no longer than he may, and he who is not reached is tried twice more', async (t) => {
  const house = await open(t)
  const { app, clock } = house
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [client])
  await clock.advance(20_000)
  const next = await app.ring()
  assert.deepEqual(house.ringing(), [client, '101'], 'he no longer waits for him')
  await next.hangsUp()
  await clock.advance(5_000)
  assert.deepEqual(house.ringing(), [])
  await clock.advance(2 * minute)
  assert.deepEqual(house.ringing(), [client])
  await clock.advance(25_000)
  await clock.advance(10 * minute)
  assert.deepEqual(house.ringing(), [client])
  assert.deepEqual(house.closed(), [])
  await clock.advance(25_000)
  assert.deepEqual(house.closed(), ['failed'])
  assert.deepEqual(
    (await house.tries()).map(({ attempt, outcome }) => [attempt, outcome]),
    [1, 2, 3].map((attempt) => [attempt, 'no-answer']),
  )
  const period = `from=0&until=${clock.now() + 1}`
  const figures = (await app.http.inject(`/api/plugins/queue/figures/call-backs?${period}`)).json()
  assert.deepEqual(figures, { requested: 1, results: { failed: 1 }, kept: 0, reached: 0, attempts: 3 })
})

test('who rings by himself meanwhile has his earlier place, and is not rung', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await house.clock.advance(minute)
  const behind = await house.app.ring()
  await house.clock.advance(minute)
  const again = await house.app.ring({ from: client })
  assert.deepEqual(house.closed(), ['called_in'])
  await talking.hangsUp()
  await house.pickUp('101')
  assert.ok(again.leg.talk)
  assert.equal(behind.leg.talk, undefined)
  assert.deepEqual(house.placed(), [])
})

test('who rings by himself while he is rung gets the operator who waits for him', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [client])
  const again = await house.app.ring({ from: client })
  assert.deepEqual(house.ringing(), ['101'])
  await house.pickUp('101')
  assert.ok(again.leg.talk)
  assert.deepEqual(house.closed(), ['called_in'])
})

test('nobody is called in closed hours, nor after it was given up', async (t) => {
  const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '14:30' }]
  const house = await open(t, { queue: { calendar: { hours } } })
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await house.clock.advance(31 * minute)
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [])
  await house.clock.advance(120 * minute)
  assert.deepEqual(house.closed(), ['expired'])
  assert.deepEqual(house.placed(), [])
})

test('a person stops it: the phone stops ringing, the operator is free again', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  assert.deepEqual(house.ringing(), [client])
  const [row] = (await house.app.http.inject('/api/plugins/queue/call-backs')).json()
  assert.deepEqual([row.state, row.tries.length], ['dialling', 1])
  const stopped = await house.app.http.inject({
    method: 'DELETE',
    url: `/api/plugins/queue/call-backs/${row.id}`,
  })
  assert.equal(stopped.statusCode, 204)
  await settled()
  assert.deepEqual(house.ringing(), [])
  assert.deepEqual(house.closed(), ['cancelled'])
  await house.app.ring()
  assert.deepEqual(house.ringing(), ['101'])
})

test('a place is given to a client by API, once', async (t) => {
  const house = await open(t)
  await house.everybodyTalks()
  const ask = () =>
    house.app.http.inject({
      method: 'POST',
      url: '/api/plugins/queue/call-backs',
      payload: { phone: client },
    })
  const first = await ask()
  assert.equal(first.statusCode, 202, first.body)
  assert.equal((await ask()).json().id, first.json().id)
  assert.equal((await house.position()).length, 1)
})

test('he who shows no number keys one in, and keeps his place in the line when he does not', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  const shy = await house.app.ring({})
  await shy.presses('5')
  assert.deepEqual(shy.hearing(), ['queue.typePhone'])
  for (const key of '0501112233#') await shy.presses(key)
  assert.deepEqual(shy.hearing(), ['queue.willCall', 'queue.otherPhone'])
  await shy.hangsUp()
  const silent = await house.app.ring({})
  await silent.presses('5')
  await silent.hears()
  await house.clock.advance(5_000)
  await silent.hears()
  await house.clock.advance(5_000)
  assert.deepEqual(await silent.hears(), ['queue.typePhone', 'queue.typePhoneAgain', 'queue.noPhone'])
  assert.equal((await house.position()).length, 2)
  await talking.hangsUp()
  await talkToHisOperator(house, other)
})

test('he may be called on another phone, and is known by the old one as well', async (t) => {
  const house = await open(t)
  await house.everybodyTalks()
  const caller = await house.app.ring({ from: client })
  await caller.presses('5')
  await caller.presses('1')
  assert.deepEqual(caller.hearing(), ['queue.typePhone'])
  for (const key of '0501112233#') await caller.presses(key)
  await caller.hears()
  const [row] = await house.rows()
  assert.equal(row?.phone, other)
  await house.app.ring({ from: client })
  assert.deepEqual(house.closed(), ['called_in'])
})

test('he who hangs up when he was reached and before an operator answered is not rung again', async (t) => {
  const house = await open(t)
  const talking = await house.everybodyTalks()
  await house.hangsUpKeepingHisPlace()
  await talking.hangsUp()
  const leg = await house.pickUp(client)
  house.exchange.hangUp(leg)
  await settled()
  assert.deepEqual([house.closed(), house.ringing()], [['failed'], []])
  await house.app.ring()
  assert.deepEqual(house.ringing(), ['101'])
})

const deaths: Record<string, (house: House, talking: { hangsUp(): Promise<void> }) => Promise<void>> = {
  'before his turn': async () => undefined,
  'while his phone rings': async (house, talking) => {
    await talking.hangsUp()
    assert.deepEqual(house.ringing(), [client])
  },
  'while he waits on the line': async (house, talking) => {
    await talking.hangsUp()
    await house.pickUp(client)
    assert.deepEqual(house.ringing(), ['101'])
  },
}
for (const [when, happens] of Object.entries(deaths))
  test(`killed ${when}: he is rung once, and talks to an operator`, async (t) => {
    const before = await open(t)
    const talking = await before.everybodyTalks()
    await before.hangsUpKeepingHisPlace()
    await happens(before, talking)
    const { folder, exchange, clock } = before.app
    await clock.advance(1_000)
    await before.app.die()
    const after = await open(t, { app: { folder, exchange, clock } })
    exchange.connect()
    await settled()
    await talking.hangsUp()
    if (when !== 'while he waits on the line') await talkToHisOperator(after)
    else {
      assert.deepEqual(after.ringing(), ['101'])
      await after.pickUp('101')
    }
    const rung = [...exchange.legs.values()].filter(({ to }) => to === client)
    // A house that is closed in order stops what rings; a kill does not.
    assert.equal(rung.length, when === 'while his phone rings' ? 2 : 1)
    assert.deepEqual(after.closed(), ['joined'])
    assert.equal((await after.tries()).length, rung.length)
  })
