/** The plugin in a house of its own, beside a dispatch program in memory and a provider on loopback. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import type { Attribute, Dispatch, DispatchVerb, OrderChange } from '#core/ports/dispatch.ts'
import { checkSettings } from '#core/settings.ts'
import { startTestApp, type TestAppOptions } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { until } from '../../test/support/until.ts'
import { plugin } from './plugin.ts'

const minute = 60_000
type App = Awaited<ReturnType<typeof startTestApp>>

/** Global attributes as the dispatch program keeps them. */
function openDispatch() {
  const values = new Map<string, Attribute['value']>([['1', 7]])
  const sets: Attribute[] = []
  const events: { code: string; data: Readonly<Record<string, unknown>> }[] = []
  const orders: { order: string; change: OrderChange }[] = []
  let broken = false
  let isHeld = false
  const refused = new Set<string>()
  const dispatch: Partial<Dispatch> = {
    capabilities: new Set<DispatchVerb>(['attributes', 'setAttribute', 'runEvent', 'updateOrder']),
    async attributes() {
      if (broken) throw new Error('it is away')
      return [...values].map(([id, value]) => ({ id, value }))
    },
    async setAttribute(attribute, signal) {
      if (refused.has(attribute.id)) return 'refused'
      sets.push(attribute)
      values.set(attribute.id, attribute.value)
      if (isHeld) await once(signal, 'abort').then(() => signal.throwIfAborted())
      return 'set'
    },
    async runEvent(code, data) {
      events.push({ code, data })
      return 'run'
    },
    async updateOrder(order, change) {
      orders.push({ order, change })
      return { outcome: 'changed' }
    },
  }
  return {
    dispatch,
    values,
    sets,
    events,
    orders,
    refused,
    breakDown(isBroken: boolean) {
      broken = isBroken
    },
    /** It does what it is told and never says so. */
    holdAnswers(holds: boolean) {
      isHeld = holds
    },
  }
}

interface Sky {
  snowfall: number
  /** What else Open-Meteo says of now. */
  more: object
  isAway: boolean
}

async function openProvider(t: TestContext, now: () => number) {
  const sky: Sky = { snowfall: 0, more: {}, isAway: false }
  const server = createServer((_, response) => {
    if (sky.isAway) return void response.writeHead(503).end()
    const time = now() / 1_000
    const current = { time, interval: 3_600, temperature_2m: -1, snowfall: sky.snowfall, ...sky.more }
    response.end(JSON.stringify({ current }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { sky, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const rules = [{ name: 'snowfall', is: 'snow', from: 1, until: 0.5, rise: 20 }]

async function open(t: TestContext, more: object = {}) {
  const world = openDispatch()
  let app: App | undefined
  const { sky, url } = await openProvider(t, () => app?.clock.now() ?? 0)
  const settings = {
    zones: [{ name: 'city', latitude: 50, longitude: 30 }],
    openMeteo: { url },
    poll: '* * * * *',
    lastKnownFor: 20,
    rules,
    attributes: [{ id: '1' }],
    ...more,
  }

  async function start(options: Partial<TestAppOptions> = {}) {
    app = await startTestApp(t, { plugin, settings, dispatch: world.dispatch, ...options })
    app.http.addHook('onRequest', async (request) => {
      Object.assign(request, { who: { user: { name: 'ann' } } })
    })
    return app
  }
  const here = () => {
    if (!app) throw new Error('the house is not open')
    return app
  }

  async function ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object) {
    const url = `/api/plugins/weather-tariffs${path}`
    const answer = await here().http.inject({ method, url, ...(body && { payload: body }) })
    assert.equal(answer.statusCode, 200, answer.body)
    return answer.json()
  }

  return {
    ...world,
    sky,
    start,
    ask,
    changes: () =>
      here()
        .factsNamed('tariff.changed')
        .map(({ data }) => [data.before, data.rise]),
    /** Minute by minute; each ends once what the provider says of it has been looked at. */
    async passes(minutes: number) {
      for (let passed = 0; passed < minutes; passed += 1) {
        const { clock } = here()
        await clock.advance(minute - (clock.now() % minute))
        if (sky.isAway) await new Promise((resolve) => setTimeout(resolve, 15))
        else
          await until(async () => (await ask('GET', '/zones')).zones[0].weather?.at === clock.now(), {
            what: 'the weather of this minute',
          })
        await settled()
      }
    },
    rise: async () => (await ask('GET', '/zones')).zones[0].rise as number,
  }
}

test('snow writes the mark-up, says so, and what stood there before comes back after it', async (t) => {
  const world = await open(t)
  await world.start()
  await world.passes(2)
  assert.deepEqual(world.sets, [])

  world.sky.snowfall = 1.4
  await world.passes(3)
  assert.deepEqual(world.sets, [{ id: '1', value: 20 }])
  assert.deepEqual(world.changes(), [[0, 20]])

  world.sky.snowfall = 0
  await world.passes(31)
  assert.deepEqual(world.sets.slice(1), [{ id: '1', value: 7 }])
  assert.deepEqual(world.changes(), [
    [0, 20],
    [20, 0],
  ])
})

test('the attribute is written on change only and holds what the dispatcher had put there', async (t) => {
  const world = await open(t, { attributes: [{ id: '1', shows: 'is-on' }], dwell: 5 })
  world.values.set('1', false)
  await world.start()
  world.sky.snowfall = 1.4
  await world.passes(8)
  assert.deepEqual(world.sets, [{ id: '1', value: true }])
  world.sky.snowfall = 0
  await world.passes(2)
  assert.deepEqual(world.sets.slice(1), [{ id: '1', value: false }])

  world.sky.snowfall = 1.4
  await world.passes(6)
  world.values.set('1', 'by hand')
  world.sky.snowfall = 0
  await world.passes(6)
  assert.equal(world.values.get('1'), 'by hand')
})

test('killed between the effect and its answer, the next life does nothing twice and restores later', async (t) => {
  const world = await open(t, { attributes: [{ id: '1', shows: 'is-on' }], dwell: 5 })
  world.values.set('1', false)
  const before = await world.start()
  await world.passes(1)
  world.holdAnswers(true)
  world.sky.snowfall = 1.4
  await before.clock.advance(minute)
  await until(() => world.sets.length === 1, { what: 'the attribute to be set' })
  await before.die()
  world.holdAnswers(false)

  const after = await world.start({ folder: before.folder, clock: before.clock, exchange: before.exchange })
  await world.passes(3)
  assert.deepEqual(world.sets, [{ id: '1', value: true }])
  assert.deepEqual(world.changes(), [[0, 20]])
  world.sky.snowfall = 0
  await world.passes(5)
  assert.equal(world.values.get('1'), false)
  await after.close()
})

test('killed while a price was up and opened hours later without a provider, the usual tariff comes back', async (t) => {
  const world = await open(t)
  const before = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  assert.equal(world.values.get('1'), 20)
  await before.die()
  world.sky.isAway = true

  const { folder, clock, exchange } = before
  const after = await world.start({ folder, clock, exchange, after: 180 * minute })
  await until(() => world.values.get('1') === 7, { what: 'the usual tariff' })
  assert.equal(after.factsNamed('weather.lost').length, 1)
})

test('a dispatch program that is away gets the change when it is back', async (t) => {
  const world = await open(t, { attributes: [{ id: '1', shows: 'is-on' }] })
  await world.start()
  world.breakDown(true)
  world.sky.snowfall = 1.4
  await world.passes(2)
  assert.deepEqual(world.changes(), [])
  const inEffect = async () => (await world.ask('GET', '/history')).changes[0].doneAt !== undefined
  assert.equal(await inEffect(), false)
  world.breakDown(false)
  await world.passes(1)
  assert.deepEqual([world.values.get('1'), world.changes()], [true, [[0, 20]]])
  assert.equal(await inEffect(), true)
})

test('without a provider the last known weather counts for a while, then the usual tariff, with an alarm', async (t) => {
  const world = await open(t, { dwell: 5 })
  const app = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  world.sky.isAway = true
  await world.passes(19)
  assert.deepEqual([await world.rise(), app.factsNamed('weather.lost').length], [20, 0])
  await world.passes(3)
  assert.deepEqual([await world.rise(), app.factsNamed('weather.lost').length], [0, 1])
  world.sky.isAway = false
  await world.passes(6)
  assert.deepEqual([await world.rise(), app.factsNamed('weather.found').length], [20, 1])
})

/** A summer afternoon as Open-Meteo tells it, hour by hour, with a line of thunderstorms; made up, not recorded. */
const afternoon = [
  { temperature_2m: 31.2, weather_code: 2, wind_speed_10m: 3.1, wind_gusts_10m: 7.4 },
  { temperature_2m: 30.4, weather_code: 80, showers: 0.8, wind_speed_10m: 4.6, wind_gusts_10m: 10.8 },
  { temperature_2m: 22.7, weather_code: 95, showers: 14.2, wind_speed_10m: 9.3, wind_gusts_10m: 22.6 },
  { temperature_2m: 19.5, weather_code: 99, showers: 18.9, wind_speed_10m: 10.1, wind_gusts_10m: 26.3 },
  { temperature_2m: 19.1, weather_code: 81, showers: 3.4, wind_speed_10m: 7.2, wind_gusts_10m: 15.1 },
  { temperature_2m: 20.3, weather_code: 3, showers: 0.1, wind_speed_10m: 4.4, wind_gusts_10m: 9.7 },
]

test('an afternoon with thunderstorms, hour by hour: the storm puts the price up, the wind holds some of it, then it is as before', async (t) => {
  const world = await open(t, {
    poll: '0 * * * *',
    lastKnownFor: 90,
    rules: [
      { name: 'thunderstorm', is: 'storm', rise: 30 },
      { name: 'gale', is: 'wind', from: 17, until: 13, rise: 15 },
    ],
    attributes: [{ id: '1' }, { id: '2', shows: 'rule' }],
  })
  world.values.set('2', '')
  const app = await world.start()
  const seen: unknown[] = []
  for (const hour of afternoon) {
    world.sky.more = { rain: 0, snowfall: 0, ...hour }
    const next = 60 * minute - (app.clock.now() % (60 * minute))
    await app.clock.advance(next)
    await until(async () => (await world.ask('GET', '/zones')).zones[0].weather?.at === app.clock.now(), {
      what: 'the weather of this hour',
    })
    await settled()
    seen.push([world.values.get('1'), world.values.get('2')])
  }
  const usual = [7, '']
  const stormy = [30, 'thunderstorm']
  assert.deepEqual(seen, [usual, usual, stormy, stormy, [15, 'gale'], usual])
  assert.deepEqual(world.changes(), [
    [0, 30],
    [30, 15],
    [15, 0],
  ])
  const { changes } = await world.ask('GET', '/history')
  assert.ok(changes.every(({ doneAt }: { doneAt?: number }) => doneAt !== undefined))
})

test('what the dispatch program refuses keeps no other tariff up, and is told to those responsible once', async (t) => {
  const world = await open(t, { attributes: [{ id: '1' }, { id: '2' }], dwell: 5 })
  world.values.set('2', 5)
  const app = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(1)
  assert.deepEqual([world.values.get('1'), world.values.get('2')], [20, 20])

  world.refused.add('1')
  world.sky.snowfall = 0
  await world.passes(7)
  assert.deepEqual([world.values.get('1'), world.values.get('2')], [20, 5])
  assert.equal((await world.ask('GET', '/history')).changes[0].doneAt, undefined)
  await world.passes(6)
  const told = new Set(app.told.map(({ id, about, text }) => JSON.stringify({ id, about, text })))
  assert.equal(told.size, 1)
  assert.match([...told][0] ?? '', /"about":"weather".*city ought to be the usual one.*attribute 1/)

  world.refused.clear()
  await world.passes(1)
  assert.equal(world.values.get('1'), 7)
})

test('a second rise that was refused leaves nothing up when the weather is calm again', async (t) => {
  const worse = { name: 'blizzard', is: 'snow', from: 5, until: 3, rise: 35 }
  const world = await open(t, { rules: [...rules, worse], dwell: 1 })
  await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  world.refused.add('1')
  world.sky.snowfall = 5
  await world.passes(2)
  assert.equal(world.values.get('1'), 20)
  world.refused.clear()
  world.sky.snowfall = 0
  await world.passes(3)
  assert.equal(world.values.get('1'), 7)
})

test('what a dispatcher wrote by hand is not written over by the next rise', async (t) => {
  const worse = { name: 'blizzard', is: 'snow', from: 5, until: 3, rise: 35 }
  const world = await open(t, { rules: [...rules, worse], dwell: 1 })
  await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  world.values.set('1', 12)
  world.sky.snowfall = 5
  await world.passes(2)
  world.sky.snowfall = 0
  await world.passes(3)
  assert.deepEqual([world.values.get('1'), world.changes().length], [12, 3])
})

test('a provider that says the same old weather again and again is as good as none', async (t) => {
  const world = await open(t, { dwell: 5 })
  const app = await world.start()
  world.sky.snowfall = 1.4
  await world.passes(2)
  const { clock } = app
  world.sky.more = { time: clock.now() / 1_000 }
  const last = clock.now()
  const calm = async () => {
    await clock.advance(minute)
    return (await world.rise()) === 0
  }
  await until(calm, { what: 'the usual tariff' })
  assert.ok(clock.now() - last > 20 * minute)
  assert.equal(app.factsNamed('weather.lost').length, 1)
  assert.deepEqual(
    app.told.map(({ about, subject }) => [about, subject]),
    [['weather', 'The weather of city is not known']],
  )
})

test('settings whose rules could never count are told in sentences', () => {
  const mistakes = plugin.mistakes?.(
    checkSettings(
      plugin.settings,
      {
        zones: [{ name: 'city', latitude: 50, longitude: 30 }],
        rules: [...rules, { ...rules[0], zones: ['citty'] }],
        attributes: [{ id: '1', zone: 'city' }, { id: '1' }],
        poll: 'now and then',
      },
      '',
    ),
    { lines: [] } as never,
  )
  assert.deepEqual(mistakes, [
    '`rules` names `snowfall` twice',
    '`attributes` names `1` twice',
    '`rules.1.zones` names the zone `citty`, which is not there; did you mean `city`?',
    '`poll` is no schedule of cron: `now and then`',
  ])
})

test('a person decides for a while, switches off and on again, and the history tells who and why', async (t) => {
  const world = await open(t, { maximumRise: 30 })
  await world.start()
  await world.passes(1)
  await world.ask('PUT', '/zones/city/override', { rise: 80, minutes: 10, because: 'a match' })
  assert.equal(await world.rise(), 30)
  await world.passes(11)
  assert.equal(await world.rise(), 0)
  world.sky.snowfall = 1.4
  await world.passes(31)
  assert.equal(await world.rise(), 20)
  await world.ask('PUT', '/switch', { isOn: false })
  assert.equal(await world.rise(), 0)
  await world.ask('PUT', '/switch', { isOn: true })
  assert.equal(await world.rise(), 20)
  const { changes } = await world.ask('GET', '/history')
  assert.deepEqual(
    changes.map(({ rise, by, because }: Record<string, unknown>) => [rise, by, because]),
    [
      [20, 'weather', 'snow 2 mm/h'],
      [0, 'the switch', 'weather tariffs are switched off'],
      [20, 'weather', 'snow 2 mm/h'],
      [0, 'weather', 'the weather is calm after user:ann'],
      [30, 'user:ann', 'a match'],
    ],
  )
})

test('a new order is counted anew once, the event is run, and a price is told with its reason', async (t) => {
  const world = await open(t, { event: 'weather', orders: { attribute: { id: '9' } }, restoreOnStop: true })
  const spoken: string[][] = []
  const teller = definePlugin({
    name: 'teller',
    about: 'Tells prices.',
    settings: Type.Object({}, { default: {} }),
    start({ bus, priceNotes }) {
      bus.on('order.stage-changed', () => void spoken.push(priceNotes.now().map(({ name }) => name)))
    },
  })
  const app = await world.start({ beside: [teller] })
  const move = async (order: string) => {
    app.bus.publish('order.stage-changed', { order, stage: 'new', stateName: 'new' })
    await settled()
  }
  await world.passes(1)
  await move('76')
  world.sky.snowfall = 1.4
  await world.passes(1)
  await move('77')
  await move('77')
  await until(() => world.orders.length > 0, { what: 'the order to be changed' })
  assert.deepEqual(world.orders, [
    { order: '77', change: { attributes: [{ id: '9', value: 20 }], recalculate: true } },
  ])
  assert.deepEqual(spoken, [[], ['weather-tariffs.snow'], ['weather-tariffs.snow']])
  assert.deepEqual(
    world.events.map(({ code, data }) => [code, data.zone, data.rise]),
    [['weather', 'city', 20]],
  )
  await app.close()
  assert.deepEqual(world.events.at(-1)?.data.rise, 0)
})

test('a dry run tells when the rules would have fired, and changes nothing', async (t) => {
  const world = await open(t, { lastKnownFor: 60 })
  await world.start()
  const hour = 60 * minute
  const readings = [0, 0, 2, 2, 0, 0].map((snow, index) => ({
    at: index * hour,
    temperature: -2,
    rain: 0,
    snow,
    wind: 1,
    isIcy: false,
    isStorm: false,
  }))
  const run = await world.ask('POST', '/dry-run', { readings })
  assert.deepEqual(run, {
    from: 0,
    to: 5 * hour,
    changes: 2,
    hours: 2,
    spans: [{ from: 2 * hour, to: 4 * hour, rise: 20, rules: ['snowfall'], because: 'snow 2 mm/h' }],
  })
  assert.deepEqual(world.sets, [])
})
