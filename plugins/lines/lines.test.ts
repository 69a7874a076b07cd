import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import { checkSettings } from '#core/settings.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin } from './plugin.ts'
import { mistakesIn } from './scenarios.ts'
import { Settings } from './settings.ts'

const passenger = '+380671234567'
const city = { number: '100', name: 'city', brand: 'City Taxi', city: 'Kyiv' }
const airport = { number: '200', name: 'airport', language: 'pl' as const, venue: 'Terminal D' }

/** A place where one waits for ever. */
const corporate = definePlugin({
  name: 'corporate',
  about: 'For tests.',
  settings: Type.Object({}, { default: {} }),
  start({ places, reception }) {
    places.offer('corporate', async (caller, { because }) => {
      caller.waitsAt('corporate', because)
      await caller.press('#')
    })
    reception.screen((call) =>
      call.from === '+380509999999' ? { sendTo: 'corporate', because: 'asked last' } : 'welcome',
    )
  },
})

type Cleaner = Parameters<typeof startTestApp>[0]
async function open(t: Cleaner, scenarios: Record<string, unknown>, more: Partial<TestAppOptions> = {}) {
  const app = await startTestApp(t, {
    plugin,
    settings: { scenarios },
    lines: [city, airport],
    beside: [corporate],
    ...more,
  })
  const told = () => app.factsNamed('call.told').map(({ data }) => data.text)
  const places = () => app.factsNamed('call.waiting').map(({ data }) => data.place)
  return { ...app, told, places }
}

test('a line greets by the time of day in its own language, and one without a scenario says nothing', async (t) => {
  const app = await open(t, {
    city: {},
    airport: { greeting: { day: 'Dzień dobry, stanowisko na lotnisku.', evening: 'Dobry wieczór.' } },
  })
  for (const to of ['100', '200']) {
    const caller = await app.ring({ to })
    await caller.hears()
    await caller.hangsUp()
  }
  await app.clock.advance(4 * 3_600_000)
  await (await app.ring({ to: '200' })).hears()
  assert.deepEqual(app.told(), [
    'Good afternoon, this is City Taxi.',
    'Dzień dobry, stanowisko na lotnisku.',
    'Dobry wieczór.',
  ])
  assert.deepEqual(app.places(), ['operators', 'operators', 'operators'])
})

test('a key chooses the tariff and leads to another place; another key only notes the choice', async (t) => {
  const menus = [
    {
      say: 'For a private order press one, for a corporate one press two.',
      keys: { 1: { tariff: '7' }, 2: { tariff: '12', service: 'corporate', goTo: 'corporate' } },
    },
  ]
  const app = await open(t, { city: { greeting: false, menus } })
  const corporateCaller = await app.ring({ to: '100' })
  await corporateCaller.presses('2')
  assert.equal(await corporateCaller.reaches(), 'corporate')
  assert.deepEqual(app.calls.live()[0]?.chosen, { tariff: '12', service: 'corporate' })

  const privateCaller = await app.ring({ to: '100' })
  await privateCaller.presses('1')
  assert.equal(await privateCaller.reaches(), 'operators')
  assert.deepEqual(
    app.factsNamed('call.chosen').map(({ data }) => data.what),
    [{ tariff: '12', service: 'corporate' }, { tariff: '7' }],
  )
})

test('whoever presses nothing goes on to the plugins after it and then to the queue of the line', async (t) => {
  const menus = [{ say: 'Press one.', keys: { 1: { service: 'minivan' } }, attempts: 1 }]
  const app = await open(t, { city: { greeting: 'Hello.', menus } })
  const one = await app.ring({ to: '100', from: '+380509999999' })
  await one.hears()
  await app.clock.advance(4_000)
  assert.equal(await one.reaches(), 'corporate')
  const other = await app.ring({ to: '100', from: passenger })
  await other.hears()
  await app.clock.advance(4_000)
  assert.equal(await other.reaches(), 'operators')
})

test('outside its hours the line says so and ends, or leads on', async (t) => {
  const calendar = { hours: [{ days: ['mon'], from: '07:00', to: '22:00' }] }
  const app = await open(t, {
    city: { calendar },
    airport: { calendar: { holidays: ['01-15'] }, closed: { say: 'Dziś święto.', goTo: 'operators' } },
  })
  await (await app.ring({ to: '100' })).hears()
  await (await app.ring({ to: '200' })).hears()
  assert.deepEqual(app.told(), ['We are closed now. Please call during opening hours.', 'Dziś święto.'])
  assert.deepEqual(app.places(), ['operators'])
  assert.deepEqual(
    app.factsNamed('call.ended').map(({ data }) => data.result),
    ['self_served'],
  )
})

test('a special client rings his people first, and the line receives him when they do not answer', async (t) => {
  const clients = [{ numbers: ['067 123 45 67'], phones: ['201', '202'], way: 'in turn', ringFor: 10 }]
  const app = await open(t, { city: { greeting: false, clients } })
  app.exchange.phones.set('201', 'rings').set('202', 'answers')
  const known = await app.ring({ to: '100', from: passenger })
  await app.clock.advance(10_000)
  assert.deepEqual(
    app.factsNamed('call.talking').map(({ data }) => data.with),
    ['202'],
  )
  const partner = [...app.exchange.legs.values()].find(({ to }) => to === '202')
  assert.ok(partner)
  app.exchange.hangUp(partner)
  await settled()
  assert.equal(known.leg.ended, 'normal')
  assert.deepEqual(app.places(), [])

  app.exchange.phones.set('201', 'busy').set('202', 'busy')
  const again = await app.ring({ to: '100', from: passenger })
  assert.equal(await again.reaches(), 'operators')
})

test('those whom the dispatch program calls VIP are special clients too', async (t) => {
  const clients = [{ kinds: ['vip'], phones: ['201'] }]
  const card = { kind: 'client', category: 'normal', isVip: true, orders: 0 } as const
  const app = await open(t, { city: { clients } }, { dispatch: { identify: async () => card } })
  app.exchange.phones.set('201', 'answers')
  await app.ring({ to: '100', from: passenger })
  await settled()
  assert.equal(app.factsNamed('call.talking').length, 1)
})

test('a group number rings its phones and then leads to the queue of the line', async (t) => {
  const app = await open(t, { city: { greeting: 'Hello.', group: { phones: ['301', '302'], ringFor: 5 } } })
  app.exchange.phones.set('301', 'rings').set('302', 'rings')
  const caller = await app.ring({ to: '100', from: passenger })
  await caller.hears()
  assert.deepEqual(
    app.factsNamed('call.operator-rung').map(({ data }) => data.operator),
    ['301', '302'],
  )
  await app.clock.advance(5_000)
  assert.equal(await caller.reaches(), 'operators')
})

test('a caller who hangs up in the greeting is gone for good', async (t) => {
  const app = await open(t, { city: { greeting: 'Hello.', group: { phones: ['301'] } } })
  const caller = await app.ring({ to: '100', from: passenger })
  await caller.hangsUp()
  assert.deepEqual(app.factsNamed('call.operator-rung'), [])
  assert.deepEqual(
    app.factsNamed('call.failed').map(({ data }) => data.because),
    [],
  )
})

test('mistakes are told in sentences', () => {
  const wrong = (scenarios: unknown) =>
    mistakesIn(checkSettings(Settings, { scenarios }, 'plugins.lines'), { lines: [city, airport] })
  assert.deepEqual(wrong({ city: {}, airport: {} }), [])
  assert.deepEqual(
    wrong({ citi: {}, city: { menus: [{ say: 'x', keys: { 1: {} } }], clients: [{ phones: ['1'] }] } }),
    [
      '`scenarios.citi`: `lines` names no such line; did you mean `city`?',
      '`scenarios.city.menus.0.keys.1` says neither what is chosen nor where it leads',
      '`scenarios.city.clients.0` says neither `numbers` nor `kinds`',
    ],
  )
  for (const [scenario, sentence] of [
    [{ greeting: 5 }, '`plugins.lines.scenarios.city.greeting` must be'],
    [{ menus: [{ keys: {} }] }, '`plugins.lines.scenarios.city.menus.0.say` is missing'],
    [{ group: { phones: [] } }, '`plugins.lines.scenarios.city.group.phones` must not be empty'],
    [{ calendar: { hours: [{ days: ['mon'], from: '7', to: '22:00' }] } }, 'for example 07:00'],
    [{ colour: 'red' }, '`plugins.lines.scenarios.city.colour` is not a setting'],
  ] as const) {
    assert.throws(
      () => checkSettings(Settings, { scenarios: { city: scenario } }, 'plugins.lines'),
      ({ message }: Error) => message.includes(sentence) || assert.fail(message),
    )
  }
})
