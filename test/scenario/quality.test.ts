import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { plugin as quality } from '../../plugins/quality/plugin.ts'
import type { QualityTables } from '../../plugins/quality/tables.ts'
import { words } from '../../plugins/quality/words.ts'
import { hasTone, readChannels } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openCompany } from './company.ts'
import { sharedExchange } from './exchange.ts'

const skip = needs.asterisk() || needs.espeak()
const exchange = sharedExchange(after)
const client = '+380670000001'
const complaintLine = '+380443334499'
const states = { driverAgreed: 7, inTheCar: 11, done: 4 }
const sections = {
  quality: {
    complaints: { lines: [complaintLine], shortest: 0 },
    afterTrip: { share: 100, after: 0, calendar: { hours: [] } },
    patience: 1,
  },
}

test('a complaint is recorded and can be heard by who may', { skip }, async () => {
  await using company = await openCompany(await exchange(), { plugins: [quality], sections })
  const caller = await company.ring({ from: client, to: complaintLine, says: 900 })
  await caller.hearsSomething()
  await caller.press('#')
  await company.fact('call.told', ({ saying, heard }) => saying === words.speak.name && heard)
  await caller.hearsSilence()
  await caller.press('#')
  const { complaint } = await company.fact('complaint.taken')
  const sound = await company.api('GET', `/api/plugins/quality/complaints/${complaint}/sound`)
  const file = join(company.folder, 'complaint.wav')
  await writeFile(file, Buffer.from(await sound.arrayBuffer()))
  const [, his = new Int16Array()] = readChannels(file)
  assert.ok(hasTone(his, 900))
  await caller.ended()
})

test('after the trip the client is rung and marks the driver by key', { skip }, async () => {
  await using company = await openCompany(await exchange(), {
    plugins: [quality],
    sections,
    dispatch: { watchSeconds: 0.3, watchFastestSeconds: 0.3 },
  })
  company.exchange.outside.answers = 'never'
  const order = company.taxiMaster.placeOrder({ phone: client, stateId: states.driverAgreed, takenBy: '101' })
  const looks = () =>
    company.taxiMaster.requests.filter(({ method, code }) => method === 'get_current_orders' && code === 0)
  const before = looks().length
  // The first look only learns what there is.
  await until(() => looks().length > before + 1, { what: 'the order to be known' })
  company.taxiMaster.moveOrder(order.id, states.inTheCar)
  const trips = company.database.withTables<QualityTables>().selectFrom('quality_trips').select('driver')
  await until(async () => (await trips.executeTakeFirst())?.driver, { what: 'who drives to be noted' })
  company.taxiMaster.moveOrder(order.id, states.done)
  const call = await company.exchange.outside.rung(30_000)
  await call.answer()
  await call.hearsSomething()
  await call.press('5')
  const driver = await company.fact('quality.marked')
  assert.deepEqual([driver.subject, driver.mark, driver.order], ['driver', 5, String(order.id)])
  await call.press('4')
  const dispatcher = await company.fact('quality.marked', ({ subject }) => subject === 'dispatcher')
  assert.deepEqual([dispatcher.who, dispatcher.mark], ['101', 4])
  await call.hangUp()
})
