/** Providers over loopback HTTP, in the shapes their documentation and recorded answers show. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { checkSettings } from '#core/settings.ts'
import { Settings } from '../settings.ts'
import { fromArchive } from './open-meteo.ts'
import { openProviders } from './providers.ts'

const spot = { latitude: 50.45, longitude: 30.52 }
const now = 1_767_225_600_000
const never = new AbortController().signal

/** Answers each path with what stands under it; remembers what it was asked. */
async function serve(t: TestContext, answers: Record<string, unknown>) {
  const asked: { url: URL; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    asked.push({ url, headers: request.headers })
    const answer = answers[url.pathname]
    if (answer === undefined) return void response.writeHead(503).end()
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function openWith(url: string, more: object) {
  const own = { url, key: 'our-key' }
  const section = { openMeteo: { url }, openWeather: own, gismeteo: own, ...more }
  return openProviders(checkSettings(Settings, section, 'plugins.weather-tariffs'), { now: () => now })
}

const openMeteoNow = {
  latitude: 50.45,
  longitude: 30.52,
  utc_offset_seconds: 0,
  current_units: { time: 'unixtime', interval: 'seconds', snowfall: 'cm', wind_gusts_10m: 'm/s' },
  current: {
    time: 1_767_225_600,
    interval: 900,
    temperature_2m: -3.1,
    precipitation: 0.5,
    rain: 0,
    showers: 0,
    snowfall: 0.35,
    weather_code: 73,
    wind_speed_10m: 5.2,
    wind_gusts_10m: 11.4,
  },
}

const openWeatherNow = {
  coord: { lon: 30.52, lat: 50.45 },
  weather: [{ id: 511, main: 'Rain', description: 'freezing rain', icon: '13d' }],
  base: 'stations',
  main: { temp: -0.4, feels_like: -4, pressure: 1_015, humidity: 92 },
  visibility: 4_000,
  wind: { speed: 4.1, deg: 349, gust: 9.8 },
  rain: { '1h': 1.2 },
  clouds: { all: 100 },
  dt: 1_767_225_600,
  timezone: 7_200,
  cod: 200,
}

const gismeteoNow = {
  meta: { message: '', code: '200' },
  response: {
    precipitation: { type_ext: null, intensity: 2, correction: true, amount: 1.1, duration: 0, type: 2 },
    wind: { direction: { degree: 110, scale_8: 3 }, speed: { km_h: 25, m_s: 7, mi_h: 15 } },
    date: { UTC: '2026-01-01 00:00:00', time_zone_offset: 180, hr_to_forecast: null, unix: 1_767_225_600 },
    kind: 'Obs',
    storm: false,
    temperature: { comfort: { C: -5.8, F: 21.6 }, air: { C: -0.7, F: 30.7 } },
  },
}

test('Open-Meteo is asked for what counts, and its quarters of an hour become hours', async (t) => {
  const { url, asked } = await serve(t, { '/v1/forecast': openMeteoNow })
  const { weather, from } = await openWith(url, {}).ask(spot, never)
  assert.equal(from, 'open-meteo')
  assert.deepEqual(weather, {
    at: 1_767_225_600_000,
    temperature: -3.1,
    rain: 0,
    snow: 2,
    wind: 11.4,
    isIcy: false,
    isStorm: false,
  })
  const query = asked[0]?.url.searchParams
  assert.equal(query?.get('latitude'), '50.45')
  assert.match(query?.get('current') ?? '', /temperature_2m.*snowfall.*weather_code.*wind_gusts_10m/)
  assert.equal(query?.get('wind_speed_unit'), 'ms')
})

test('OpenWeather is asked with its key, and its codes of ice and storm are understood', async (t) => {
  const { url, asked } = await serve(t, { '/data/2.5/weather': openWeatherNow })
  const { weather } = await openWith(url, { providers: ['openweather'] }).ask(spot, never)
  assert.deepEqual(weather, {
    at: 1_767_225_600_000,
    temperature: -0.4,
    rain: 1.2,
    snow: 0,
    wind: 9.8,
    isIcy: true,
    isStorm: false,
  })
  assert.equal(asked[0]?.url.searchParams.get('appid'), 'our-key')
})

test('GISMETEO is asked with its token, and its degrees become millimetres', async (t) => {
  const { url, asked } = await serve(t, { '/v2/weather/current/': gismeteoNow })
  const { weather } = await openWith(url, { providers: ['gismeteo'] }).ask(spot, never)
  assert.deepEqual(weather, {
    at: 1_767_225_600_000,
    temperature: -0.7,
    rain: 0,
    snow: 2.5,
    wind: 7,
    isIcy: false,
    isStorm: false,
  })
  assert.equal(asked[0]?.headers['x-gismeteo-token'], 'our-key')
})

test('the next provider is asked when one is away, and the failure of all names neither key nor query', async (t) => {
  const { url } = await serve(t, { '/data/2.5/weather': openWeatherNow })
  const both = openWith(url, { providers: ['open-meteo', 'openweather'] })
  assert.equal((await both.ask(spot, never)).from, 'openweather')

  const nobody = await serve(t, { '/v1/forecast': 'not JSON', '/data/2.5/weather': { cod: 401 } })
  await assert.rejects(
    openWith(nobody.url, { providers: ['open-meteo', 'openweather'] }).ask(spot, never),
    (thrown) => {
      assert.match(String(thrown), /no JSON; OpenWeather said nothing/)
      assert.doesNotMatch(String(thrown), /our-key|appid/)
      return true
    },
  )
})

for (const { is, current } of [
  { is: 'a stale one', current: { time: now / 1_000 - 7_200 } },
  { is: 'one of a time to come', current: { time: now } },
  { is: 'one without a temperature', current: { temperature_2m: null } },
  { is: 'one in other degrees', current: { temperature_2m: 271.2 } },
  {
    is: 'one that says nothing of rain and snow',
    current: { precipitation: null, rain: null, snowfall: null },
  },
  { is: 'one with less rain than none', current: { rain: -999 } },
])
  test(`an answer that cannot count, ${is}, has the next provider asked`, async (t) => {
    const lying = { ...openMeteoNow, current: { ...openMeteoNow.current, ...current } }
    const { url } = await serve(t, { '/v1/forecast': lying, '/data/2.5/weather': openWeatherNow })
    const both = openWith(url, { providers: ['open-meteo', 'openweather'] })
    assert.equal((await both.ask(spot, never)).from, 'openweather')
  })

test('an archive is read hour by hour in its own units and hours', () => {
  const readings = fromArchive({
    utc_offset_seconds: 7_200,
    hourly_units: { time: 'iso8601', wind_speed_10m: 'km/h', snowfall: 'cm' },
    hourly: {
      time: ['2026-01-01T02:00', '2026-01-01T03:00', '2026-01-01T04:00'],
      temperature_2m: [-1, null, 2],
      precipitation: [1, 0, 3],
      snowfall: [0.7, 0, 0],
      weather_code: [73, 0, 95],
      wind_speed_10m: [36, 0, 18],
    },
  })
  assert.deepEqual(readings, [
    { at: Date.UTC(2026, 0, 1), temperature: -1, rain: 0, snow: 1, wind: 10, isIcy: false, isStorm: false },
    { at: Date.UTC(2026, 0, 1, 2), temperature: 2, rain: 3, snow: 0, wind: 5, isIcy: false, isStorm: true },
  ])
  assert.equal(fromArchive({ readings: [] }), undefined)
})
