import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '#core/plugin.ts'
import { definePlugin, Type } from '#core/plugin.ts'
import { day, everybody, openQuality } from '../../test/support/quality-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client, driver } from '../../test/support/town.ts'

const operator = definePlugin({
  name: 'desk',
  about: 'One operator at 101.',
  settings: Type.Object({}, { default: {} }),
  start({ places }) {
    places.offer('operators', async (caller: Caller) => {
      caller.waitsAt('operators')
      const partner = await caller.reach({ phones: ['101'], ringFor: 30, show: 'caller' })
      if (partner) await caller.talkTo(partner)
    })
  },
})

const lastWord = { endOfCall: { share: 100 } }

async function talking(house: Awaited<ReturnType<typeof openQuality>>, from = client) {
  house.app.exchange.phones.set('101', 'rings')
  const caller = await house.app.ring({ from })
  const leg = house.app.exchange.pickUp('101')
  await settled()
  assert.ok(leg)
  return { caller, hangUp: () => house.app.exchange.hangUp(leg) }
}

test('whose operator hangs up is asked for a mark of the talk, once a week', async (t) => {
  const house = await openQuality(t, { settings: lastWord, beside: [operator] })
  const first = await talking(house)
  first.hangUp()
  await settled()
  assert.deepEqual(first.caller.hearing(), ['quality.rateTalk'])
  await first.caller.presses('4')
  assert.deepEqual(first.caller.hearing(), ['quality.thanks'])
  await first.caller.hears()
  assert.equal(first.caller.leg.ended, 'normal')
  assert.deepEqual(house.marks(), [['dispatcher', '101', 4]])

  const second = await talking(house)
  second.hangUp()
  await settled()
  assert.equal(second.caller.leg.ended, 'normal')
  await house.app.clock.advance(7 * day + 1)
  const third = await talking(house)
  third.hangUp()
  await settled()
  assert.deepEqual(third.caller.hearing(), ['quality.rateTalk'])
})

test('the mark is given to the operator who sits at the extension', async (t) => {
  const house = await openQuality(t, { settings: lastWord, beside: [operator] })
  house.app.bus.publish('operator.changed', { operator: 'olena', state: 'ready', extension: '101' })
  const { caller, hangUp } = await talking(house)
  hangUp()
  await settled()
  await caller.presses('1')
  assert.deepEqual(house.marks(), [['dispatcher', 'olena', 1]])
})

test('who hangs up himself, and who is a driver, is asked nothing; nor anybody unless it is set', async (t) => {
  const house = await openQuality(t, { settings: lastWord, beside: [operator] })
  const { caller } = await talking(house)
  await caller.hangsUp()
  assert.equal(caller.leg.heard.length, 0)

  const identify = async () => ({ kind: 'driver', category: 'normal', orders: 0 }) as const
  const drivers = await openQuality(t, { settings: lastWord, beside: [operator], dispatch: { identify } })
  const his = await talking(drivers)
  his.hangUp()
  await settled()
  assert.equal(his.caller.leg.ended, 'normal')

  const without = await openQuality(t, { beside: [operator] })
  const none = await talking(without)
  none.hangUp()
  await settled()
  assert.equal(none.caller.leg.ended, 'normal')
  assert.deepEqual(house.marks().concat(drivers.marks(), without.marks()), [])
})

test('a last word that breaks harms nobody', async (t) => {
  const house = await openQuality(t, { settings: lastWord, beside: [operator] })
  const { caller, hangUp } = await talking(house)
  house.app.exchange.port.play = async () => {
    throw new Error('no sound')
  }
  hangUp()
  await settled()
  assert.equal(caller.leg.ended, 'normal')
  assert.equal(house.app.factsNamed('call.waiting').length, 1)
})

interface Report {
  calls: Record<string, number>
  people: {
    subject: string
    who: string
    car?: string
    asked: number
    answered: number
    share: number
    average?: number
  }[]
}

test('a report counts who was asked and who answered, with the rows behind it', async (t) => {
  const house = await openQuality(t, { settings: everybody, rights: [] })
  const phones = ['+380671000001', '+380671000002', '+380671000003']
  for (const [index, phone] of phones.entries()) {
    house.app.exchange.phones.set(phone, 'rings')
    await house.rides(String(index), phone)
    const him = await house.answers(phone)
    if (index < 2) await him.presses(String(index + 4))
    if (index < 1) await him.presses('5')
    await him.hangsUp()
  }
  const { calls, people } = await house.get<Report>('/marks/report')
  assert.deepEqual(calls, { reached: 3 })
  const masked = `${driver.slice(0, 4)}*****${driver.slice(-4)}`
  assert.deepEqual(
    people.map(({ subject, who, asked, answered, average }) => ({ subject, who, asked, answered, average })),
    [
      { subject: 'dispatcher', who: '101', asked: 2, answered: 1, average: 5 },
      { subject: 'driver', who: masked, asked: 3, answered: 2, average: 4.5 },
    ],
  )
  assert.equal(people[1]?.share, 2 / 3)
  assert.match(people[1]?.car ?? '', /АА1234ВВ/)

  const rows = await house.get<{ mark?: number; phone: string }[]>('/marks?subject=driver')
  assert.deepEqual(
    rows.map(({ mark }) => mark),
    [undefined, 5, 4],
  )
  assert.ok(rows.every(({ phone }) => phone.includes('*****')))
  const denied = await house.app.http.inject(`/api/plugins/quality/marks?who=${encodeURIComponent(driver)}`)
  assert.notEqual(denied.statusCode, 200)
  const later = house.app.clock.now() + day
  assert.deepEqual((await house.get<Report>(`/marks/report?from=${later}&until=${later + day}`)).people, [])
})
