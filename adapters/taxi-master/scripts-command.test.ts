import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { openCallBus } from '#core/call-bus/call-bus.ts'
import { openDatabase } from '#core/database/database.ts'
import { openJournal } from '#core/database/journal.ts'
import { callbus } from '../../test/support/command.ts'
import { makeSite, type TestSite } from '../../test/support/site.ts'
import { openTestClock } from '../../test/support/test-clock.ts'
import { silentLog as log } from '../../test/support/test-log.ts'

const taxiMaster = { url: 'https://192.0.2.1:8089', keys: { commonApi: 'a', tapi: 'b' } }
const door = { scripts: { Order_Accepted: 'assigned', no_cars: 'no-car' } }
const siteWith = (section: object) => makeSite(stringify({ adapters: { 'taxi-master': section } }))

/** What the door has taken: these scripts, so many days ago. */
async function tookScripts(site: TestSite, scripts: readonly (readonly [script: string, daysAgo: number])[]) {
  const clock = openTestClock()
  const file = `${site.folder}/data/callbus.sqlite`
  await using database = await openDatabase({ kind: 'sqlite', file }, { log })
  await using journal = await openJournal({ database: database.kysely, clock, log })
  const bus = openCallBus({ clock, log })
  const base = { request: 'r', phone: '+380670000001', parameters: [] }
  for (const [script, daysAgo] of scripts) {
    const fact =
      script === 'TMABConnect'
        ? bus.stamp('join.requested', { ...base, phones: [base.phone, base.phone] })
        : bus.stamp('callback.requested', { ...base, script })
    journal.append({ ...fact, at: Date.now() - daysAgo * 24 * 60 * 60_000 })
  }
}

test('it counts what came, whatever the case of its letters, and says what it stands for', async () => {
  await using site = await siteWith({ ...taxiMaster, door })
  await tookScripts(site, [
    ['order_accepted', 3],
    ['car_arrived', 2],
    ['ORDER_ACCEPTED', 1],
    ['TMABConnect', 1],
    ['forgotten', 40],
  ])
  const { code, out } = await callbus(['taxi-master-scripts'], site)
  assert.equal(code, 0)
  const rows = out.split('\n').filter((line) => line.includes('×'))
  assert.match(rows[0] ?? '', /^ {2}ORDER_ACCEPTED +2 × {3}last \d{4}-\d\d-\d\d \d\d:\d\d +→ assigned$/)
  assert.match(rows[1] ?? '', /^ {2}car_arrived +1 × {3}last .* not mapped$/)
  assert.match(rows[2] ?? '', /^ {2}no_cars +0 × {3}never +→ no-car$/)
  assert.match(rows[3] ?? '', /^ {2}TMABConnect +1 × .* joins two phones$/)
  assert.equal(rows.length, 4)
})

test('its lines can be pasted: what is mapped stays, what is not waits for its word', async () => {
  await using site = await siteWith({ ...taxiMaster, door })
  await tookScripts(site, [['машина: у дома', 1]])
  const { out } = await callbus(['taxi-master-scripts'], site)
  const lines = out.slice(out.indexOf('adapters:'))
  assert.deepEqual(parse(lines).adapters['taxi-master'].door, door)
  assert.match(lines, /^ {8}# "машина: у дома": $/m)
  const filled = parse(lines.replace(/# (.*): $/m, '$1: arrived'))
  assert.equal(filled.adapters['taxi-master'].door.scripts['машина: у дома'], 'arrived')
})

test('a site where nothing came, and one without a door, are told so', async () => {
  await using empty = await siteWith({ ...taxiMaster, door: {} })
  assert.match(
    (await callbus(['taxi-master-scripts'], empty)).out,
    /^Taxi-Master has started no script so far\./,
  )
  await using shut = await siteWith(taxiMaster)
  const { code, out } = await callbus(['taxi-master-scripts'], shut)
  assert.match(out, /^The settings have no `door`/)
  assert.equal(code, 1)
})
