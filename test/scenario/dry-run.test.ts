import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { startApp } from '#core/app.ts'
import type { Stamped } from '#core/call-bus/events.ts'
import { realClock } from '#core/clock.ts'
import { openDatabase } from '#core/database/database.ts'
import { migrate } from '#core/database/migrations.ts'
import { definePlugin, Type } from '#core/plugin.ts'
import { findPlugin, houseFolder } from '#core/registry.ts'
import { rehearse } from '#core/rehearsal/rehearsal.ts'
import { checkSettings, Settings } from '#core/settings.ts'
import { startAriSimulator } from '../../adapters/asterisk/simulator/simulator.ts'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../../adapters/taxi-master/simulator/simulator.ts'
import { type BlacklistTables, migrations } from '../../plugins/blacklist/tables.ts'
import { callbus } from '../support/command.ts'
import { makeSite } from '../support/site.ts'
import { until } from '../support/until.ts'

const line = '+380443334455'
const stranger = '+380931234567'
const client = '+380670000001'

const plugins = {
  blacklist: {},
  lines: {
    scenarios: {
      city: { menus: [{ say: 'Так.', keys: { 1: { tariff: '7' }, 2: { service: 'van' } } }] },
      airport: {
        calendar: { hours: [{ days: ['mon'], from: '00:00', to: '00:01' }] },
        closed: { say: 'Ні.' },
      },
    },
  },
  'order-status': {},
  queue: { operators: [{ id: '101', extension: '101', isAlwaysHere: true }] },
}

test('the dry run of a call is the story of the same call', async () => {
  await using site = await makeSite('')
  await using exchange = await startAriSimulator({ clock: realClock, log: pino({ level: 'silent' }) })
  const taxiMaster = await startTaxiMasterSimulator()
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => taxiMaster.stop())
  taxiMaster.placeOrder({ phone: client, stateId: 3 })
  const settings = checkSettings(
    Settings,
    {
      lines: [
        { number: line, name: 'city', brand: 'Таксі', city: 'Київ' },
        { number: '+380443334456', name: 'airport' },
      ],
      http: { port: 0 },
      mqtt: { port: 0 },
      calls: { stopPatience: 0 },
      voice: { engines: ['silent'] },
      adapters: {
        asterisk: { url: `${exchange.url}/ari`, username: exchange.user, password: exchange.password },
        'taxi-master': { ...settingsFor(taxiMaster), watchSeconds: 0 },
      },
      plugins,
    },
    '',
  )
  const facts: Stamped[] = []
  const witness = definePlugin({
    name: 'witness',
    about: 'Keeps every fact for the test.',
    settings: Type.Object({}, { default: {} }),
    start: ({ bus }) => void bus.onAny((fact) => void facts.push(fact)),
  })
  const names = Object.keys(plugins)
  const app = await startApp({
    settings,
    folder: site.folder,
    log: pino({ level: 'silent' }),
    plugins: [...(await Promise.all(names.map((name) => findPlugin(name, houseFolder)))), witness],
  })
  cleanup.defer(() => app.stop())
  const seen = (fits: (fact: Stamped) => boolean, what: string) => until(() => facts.find(fits), { what })
  await seen(isExchangeThere, 'the exchange')
  exchange.phone('101', { answersAfter: 0.2 })

  for (const { from, to, keys, ends } of [
    { from: stranger, to: line, keys: ['2'], ends: 'call.talking' },
    { from: client, to: '+380443334456', keys: [], ends: 'call.ended' },
  ]) {
    const call = { from, to, keys, at: realClock.now(), answersAfter: 1 }
    const rehearsal = await rehearse({ settings, folder: site.folder, ...call })

    facts.length = 0
    const person = exchange.ring({ from, to })
    for (const key of keys) {
      await seen((fact) => fact.name === 'call.told' && fact.data.saying === 'lines.menu', 'the menu')
      person.press(key)
    }
    await seen(({ name }) => name === ends, ends)
    const lived = facts.slice(0, facts.findIndex(({ name }) => name === ends) + 1)
    person.hangUp()
    await seen(({ name }) => name === 'call.ended', 'the end')

    assert.deepEqual(toStory(rehearsal.story.filter((told) => told.name !== 'would')), toStory(lived))
    assert.deepEqual(rehearsal.without, [])
    assert.deepEqual(rehearsal.dispatch, { name: 'taxi-master' })
  }
})

const isExchangeThere = (fact: Stamped) =>
  fact.name === 'connection.changed' && fact.data.neighbour === 'exchange' && fact.data.state === 'connected'

/** What happened, without the ids and moments that no two calls share. */
function toStory(facts: readonly Stamped[]) {
  return facts
    .filter(({ data }) => 'call' in data)
    .map(({ name, data }) => {
      const {
        call: _call,
        leg: _leg,
        talk: _talk,
        entry: _entry,
        seconds: _s,
        ...rest
      } = data as Record<string, unknown>
      return { name, ...rest }
    })
}

const site = `
site: { name: demo, title: Test Taxi, timeZone: Europe/Kyiv }
lines: [{ number: "${line}", name: city, language: en }]
http: { port: 8099 }
adapters: { asterisk: { password: secret } }
plugins: { lines: { scenarios: { city: { greeting: { evening: Good evening. }, calendar: { holidays: ["12-25"] } } } }, operators: {} }
`

test('callbus dry-run prints exactly what a caller would hear, where he ends and why, and writes nothing', async () => {
  await using folder = await makeSite(site)
  const evening = await callbus(
    ['dry-run', '--from', stranger, '--to', 'city', '--at', '2026-12-24T19:00'],
    folder,
  )
  assert.equal(evening.code, 0, evening.err)
  assert.match(evening.out, /There is no dispatch program in the settings/)
  assert.match(evening.out, /hears: Good evening\.$/m)
  assert.match(evening.out, /^He talks with 101, after waiting at operators\.$/m)

  const holiday = await callbus(['dry-run', '--from', 'withheld', '--at', '2026-12-25 08:00'], folder)
  assert.match(holiday.out, /hears: We are closed now\. Please call during opening hours\.$/m)
  assert.match(holiday.out, /^The call ends \(self_served\)/m)

  const lost = await callbus(
    ['dry-run', '--from', stranger, '--at', '19:00', '--hang-up', '2', '--json', '--nobody-answers'],
    folder,
  )
  const { story, ending } = JSON.parse(lost.out)
  assert.equal(ending, 'ended')
  assert.deepEqual(story.at(-1).data.result, 'lost')
  assert.ok(!existsSync(join(folder.folder, 'data')))
})

test('callbus dry-run goes on without a dispatch program that is away, and says so', async () => {
  await using folder = await makeSite(
    `${site.replace('secret }', "secret }, generic-dispatch: { url: 'http://127.0.0.1:1', token: x, allowPlainHttp: true }")}`,
  )
  const { out, err } = await callbus(['dry-run', '--from', stranger], folder)
  assert.match(out, /generic-dispatch cannot be reached \(.+\): the story is without it/, err)
  assert.match(out, /nobody says who it is/)
})

test('callbus dry-run answers what it cannot understand with how to write it', async () => {
  await using folder = await makeSite(site)
  const tries = [
    [[], 'Say who calls: --from +380671234567, or --from withheld\n'],
    [['--from', 'olena'], 'olena is no phone number. Write it like +380671234567, or --from withheld\n'],
    [['--from', stranger, '--to', '99'], `There is no line 99. The lines are ${line}\n`],
    [
      ['--from', stranger, '--at', 'noon'],
      'Write the time on the wall of the site after --at, like 2026-12-25T08:00 or 08:00\n',
    ],
    [
      ['--from', stranger, '--keys', 'a'],
      'Write keys after --keys, such as 1,2 or 0#; each is pressed when he has listened to the end\n',
    ],
    [['--from', stranger, '--hang-up', 'soon'], 'Write seconds after --hang-up, such as --hang-up 12\n'],
  ] as const
  await Promise.all(
    tries.map(async ([words, sentence]) => {
      const { code, err } = await callbus(['dry-run', ...words], folder)
      assert.equal(err, sentence)
      assert.equal(code, 2)
    }),
  )
})

test('what the site remembers counts, and is left as it was', async () => {
  await using folder = await makeSite(site.replace('lines: { sc', 'blacklist: {}, lines: { sc'))
  const log = pino({ level: 'silent' })
  const file = join(folder.folder, 'data', 'callbus.sqlite')
  {
    await using database = await openDatabase({ kind: 'sqlite', file }, { log })
    await migrate(database.kysely, 'blacklist', migrations)
    const entry = {
      list: 'black',
      phone: stranger,
      reason: 'rude',
      added_by: 'test',
      added_at: 0,
      expires_at: null,
    }
    await database.kysely
      .withTables<BlacklistTables>()
      .insertInto('blacklist_entries')
      .values(entry)
      .execute()
  }
  const before = await readFile(file)
  const { out, err } = await callbus(['dry-run', '--from', stranger], folder)
  assert.match(out, /blacklist decides: refuse, because on the list Black list: rude/, err)
  assert.deepEqual(await readFile(file), before)
})
