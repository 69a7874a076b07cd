import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import { checkSettings } from '#core/settings.ts'
import { settled } from '../../test/support/test-clock.ts'
import { until } from '../../test/support/until.ts'
import { minute, openWeather, rules } from '../../test/support/weather-house.ts'
import { plugin } from './plugin.ts'

test('snow writes the mark-up, says so, and what stood there before comes back after it', async (t) => {
  const world = await openWeather(t)
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
  const world = await openWeather(t, { attributes: [{ id: '1', shows: 'is-on' }], dwell: 5 })
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
  const world = await openWeather(t, {
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
  const world = await openWeather(t, { maximumRise: 30 })
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
  const world = await openWeather(t, {
    event: 'weather',
    orders: { attribute: { id: '9' } },
    restoreOnStop: true,
  })
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
  const world = await openWeather(t, { lastKnownFor: 60 })
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
