import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openScriptedExchange } from '#core/ports/scripted-exchange.ts'
import { checkSettings } from '#core/settings.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'
import { mistakesIn, Settings } from './settings.ts'

const client = '+380671234567'
const engineer = '+380501112233'
const chief = '+380631112233'
const trunks = [{ name: 'kyivstar', carriers: ['kyivstar'], number: '+380670000000' }, { name: 'spare' }]

type Cleaner = Parameters<typeof startTestApp>[0]
async function open(t: Cleaner, settings: object = {}, more: Partial<TestAppOptions> = {}) {
  const clock = more.clock ?? openTestClock()
  const exchange = more.exchange ?? openScriptedExchange({ clock })
  if (exchange.trunks.size === 0) for (const { name } of trunks) exchange.trunks.set(name, { state: 'up' })
  const app = await startTestApp(t, { plugin, settings: { trunks, ...settings }, ...more, clock, exchange })
  const ring = (to: string) =>
    app.calls.ring(
      { id: randomUUID(), to, place: 'operators', about: {}, because: 'a test', ringFor: 20 },
      AbortSignal.timeout(10_000),
    )
  const left = () => app.factsNamed('call.routed').map(({ data }) => `${data.trunk}: ${data.because}`)
  const subjects = () => app.told.map(({ subject }) => subject)
  await settled()
  return { ...app, ring, ringIn: app.ring, left, subjects }
}

test('a call leaves by the line of the phone’s carrier with its number, and by a spare line when that has no way', async (t) => {
  const app = await open(t)
  app.exchange.phones.set(client, 'answers')
  assert.equal(await app.ring(client), 'answered')
  const leg = [...app.exchange.legs.values()].at(-1)
  assert.deepEqual([leg?.trunk, leg?.callerId], ['kyivstar', '+380670000000'])

  app.exchange.trunks.set('kyivstar', { state: 'up', way: 'unreachable' })
  assert.equal(await app.ring(client), 'answered')
  assert.equal([...app.exchange.legs.values()].at(-1)?.trunk, 'spare')
  assert.deepEqual(app.left(), [
    'kyivstar: the line of kyivstar',
    'kyivstar: the line of kyivstar',
    'spare: a spare line',
  ])
})

test('a phone that is busy is not rung by another line, and an extension leaves by none', async (t) => {
  const app = await open(t)
  app.exchange.phones.set(client, 'busy')
  assert.equal(await app.ring(client), 'busy')
  assert.deepEqual(app.left(), ['kyivstar: the line of kyivstar'])
})

test('a number that moved leaves by the line of its new carrier', async (t) => {
  const clock = openTestClock()
  const first = await open(t, {}, { clock })
  await writeFile(join(first.folder, 'ported.csv'), `${client};lifecell\n`)
  await first.close()
  const app = await open(
    t,
    { ported: 'ported.csv' },
    { folder: first.folder, exchange: first.exchange, clock },
  )
  app.exchange.phones.set(client, 'busy')
  await app.ring(client)
  assert.deepEqual(app.left(), ['spare: a spare line'])
})

test('without the list of moved numbers calls leave all the same, and a carrier nobody knows is told of', async (t) => {
  const app = await open(t, {
    ported: 'gone.csv',
    trunks: [...trunks, { name: 'cheap', carriers: ['kievstar'] }],
  })
  app.exchange.phones.set(client, 'answers')
  assert.equal(await app.ring(client), 'answered')
  const warnings = app.logged.map(({ msg }) => msg)
  assert.ok(warnings.includes('The list of moved numbers is not read'))
  assert.ok(warnings.includes('A line names a carrier that no table and no list knows'))
})

test('a line whose other end is away is told of within a minute, and calls leave by another first', async (t) => {
  const app = await open(t)
  app.exchange.trunks.set('kyivstar', { state: 'down' })
  await app.clock.advance(10_000)
  assert.deepEqual(
    app.factsNamed('trunk.changed').map(({ data }) => data),
    [{ trunk: 'kyivstar', state: 'down', because: 'the exchange does not reach its other end' }],
  )
  assert.deepEqual(app.subjects(), ['Line kyivstar does not work'])
  assert.deepEqual([app.told[0]?.to, app.told[0]?.about], ['responsible', 'lines'])
  app.exchange.phones.set(client, 'busy')
  await app.ring(client)
  assert.deepEqual(app.left(), ['spare: a spare line'])

  app.exchange.trunks.set('kyivstar', { state: 'up' })
  await app.clock.advance(10_000)
  assert.deepEqual(app.subjects(), ['Line kyivstar does not work', 'Line kyivstar works again'])
})

test('a line that comes and goes is told of once, and again only when it stays away, within the minute', async (t) => {
  const app = await open(t)
  const lineIs = async (state: 'up' | 'down') => {
    app.exchange.trunks.set('kyivstar', { state })
    await app.clock.advance(10_000)
  }
  for (let round = 0; round < 5; round += 1) for (const state of ['down', 'up'] as const) await lineIs(state)
  const once = ['Line kyivstar does not work', 'Line kyivstar works again']
  assert.deepEqual(app.subjects(), once)
  await lineIs('down')
  await app.clock.advance(20_000)
  assert.deepEqual(app.subjects(), [...once, 'Line kyivstar does not work'])
  await lineIs('up')
  assert.deepEqual(app.subjects(), [...once, ...once])
})

const alarm = { phones: [engineer, chief], after: 60, ringFor: 20, pause: 100, rounds: 2 }

test('after the message people are rung one after the other, round by round, until somebody presses 1', async (t) => {
  const app = await open(t, { alarm })
  app.exchange.phones.set(engineer, 'rings').set(chief, 'rings')
  app.exchange.trunks.set('kyivstar', { state: 'down' })
  await app.clock.advance(10_000)
  const rung = () => app.factsNamed('call.placed').map(({ data }) => data.to)
  assert.deepEqual(rung(), [])
  await app.clock.advance(60_000)
  assert.deepEqual(rung(), [engineer])
  await app.clock.advance(20_000)
  assert.deepEqual(rung(), [engineer, chief])
  await app.clock.advance(20_000 + 100_000)
  assert.deepEqual(rung(), [engineer, chief, engineer])

  const leg = app.exchange.pickUp(engineer)
  await settled()
  assert.ok(leg)
  app.exchange.press(leg, '1')
  await settled()
  leg.playing?.finish()
  await settled()
  await app.clock.advance(600_000)
  assert.deepEqual(rung(), [engineer, chief, engineer])
  assert.deepEqual(
    app.factsNamed('call.told').map(({ data }) => data.saying),
    ['line-routing.lineFailed', 'line-routing.taken'],
  )
})

test('somebody who answers and presses nothing does not stop the next one from being rung', async (t) => {
  const app = await open(t, { alarm })
  app.exchange.phones.set(engineer, 'answers').set(chief, 'rings')
  app.exchange.trunks.set('kyivstar', { state: 'down' })
  await app.clock.advance(70_000)
  for (const leg of app.exchange.alive()) app.exchange.hangUp(leg)
  await settled()
  assert.deepEqual(
    app.factsNamed('call.placed').map(({ data }) => data.to),
    [engineer, chief],
  )
})

test('a line that works again stops the ringing', async (t) => {
  const app = await open(t, { alarm })
  app.exchange.phones.set(engineer, 'rings').set(chief, 'rings')
  app.exchange.trunks.set('kyivstar', { state: 'down' })
  await app.clock.advance(70_000)
  app.exchange.trunks.set('kyivstar', { state: 'up' })
  await app.clock.advance(10_000)
  assert.deepEqual(app.exchange.alive(), [])
  await app.clock.advance(600_000)
  assert.equal(app.factsNamed('call.placed').length, 1)
})

test('an alarm goes on after a restart where it was, and nobody is told twice', async (t) => {
  const first = await open(t, { alarm })
  first.exchange.phones.set(engineer, 'busy').set(chief, 'busy')
  first.exchange.trunks.set('kyivstar', { state: 'down' })
  await first.clock.advance(80_000)
  assert.equal(first.factsNamed('call.placed').length, 2)
  await first.close()

  const { folder, exchange, clock } = first
  const app = await open(t, { alarm }, { folder, exchange, clock })
  exchange.connect()
  await clock.advance(100_000)
  assert.deepEqual(
    app.factsNamed('call.placed').map(({ data }) => data.to),
    [engineer, chief],
  )
  // The messages of the house tell the same id once.
  assert.deepEqual(new Set([...first.told, ...app.told].map(({ id }) => id)).size, 1)
})

test('each line calls a number of ours now and then, which nobody picks up; one that has no way is down', async (t) => {
  const to = '+380443334455'
  const app = await open(t, { selfTest: { to, every: 5, ringFor: 5 } })
  app.exchange.phones.set(to, 'rings')
  app.exchange.trunks.set('spare', { state: 'unknown', way: 'unreachable' })
  await app.clock.advance(300_000)
  const incoming = await app.ringIn({ from: '+380670000000', to })
  assert.deepEqual(
    app.factsNamed('call.screened').map(({ data }) => data.because),
    ['a test of one of our lines'],
  )
  assert.equal(incoming.leg.isUp, false)
  await app.clock.advance(5_000)
  assert.deepEqual(
    app.factsNamed('trunk.changed').map(({ data }) => [data.trunk, data.state]),
    [['spare', 'down']],
  )
})

test('three phones that another line had to reach make a line rest', async (t) => {
  const app = await open(t)
  app.exchange.trunks.set('kyivstar', { state: 'unknown', way: 'failed' })
  app.exchange.trunks.set('spare', { state: 'up', way: 'failed' })
  for (const last of [1, 2, 3]) await app.ring(`+38067123456${last}`)
  assert.deepEqual(app.subjects(), [])
  app.exchange.trunks.set('spare', { state: 'up', way: 'no-answer' })
  for (const last of [1, 2, 3]) await app.ring(`+38067123456${last}`)
  assert.deepEqual(app.subjects(), ['Line kyivstar does not work'])
  const { body } = await app.http.inject('/api/plugins/line-routing/trunks')
  assert.deepEqual(JSON.parse(body)[0], {
    trunk: 'kyivstar',
    state: 'down',
    because: '3 calls in a row failed',
    registration: 'up',
  })
  const ways = await app.http.inject(`/api/plugins/line-routing/routes/${encodeURIComponent(client)}`)
  assert.deepEqual(JSON.parse(ways.body), {
    carrier: 'kyivstar',
    routes: [
      { trunk: 'spare', because: 'a spare line' },
      {
        trunk: 'kyivstar',
        number: '+380670000000',
        because: 'the line of kyivstar; it seems to be down, nothing better is left',
      },
    ],
  })
})

test('mistakes are told in sentences', () => {
  const check = (settings: object) => checkSettings(Settings, settings, 'plugins.line-routing')
  assert.deepEqual(mistakesIn(check({ trunks: [{ name: 'a' }, { name: 'a' }] })), [
    '`trunks` names `a` twice',
  ])
  assert.deepEqual(mistakesIn(check({ selfTest: { to: engineer } })), [
    '`selfTest` has no line to test: `trunks` is empty',
  ])
  assert.throws(() => check({ trunks: [{ name: 'Київстар' }] }), /for example kyivstar-1/)
  assert.throws(() => check({ alarm: { phones: ['112'] } }), /alarm\.phones\.0. must match/)
})
