/** Open-Meteo, and whoever answers as it does: `/v1/forecast` with `current`, and archives with `hourly`. */

import { Value } from 'typebox/value'
import { type Static, Type } from '#core/schema.ts'
import type { Weather } from '../weather.ts'
import { askJson, freezes, type Provider, Unreadable } from './provider.ts'

const measured = [
  'temperature_2m',
  'precipitation',
  'rain',
  'showers',
  'snowfall',
  'weather_code',
  'wind_speed_10m',
  'wind_gusts_10m',
] as const

const Maybe = Type.Optional(Type.Union([Type.Number(), Type.Null()]))
const Reading = Type.Object({
  time: Type.Number({ description: 'Unix time: we ask for it so.' }),
  temperature_2m: Type.Number(),
  precipitation: Maybe,
  rain: Maybe,
  showers: Maybe,
  snowfall: Maybe,
  weather_code: Maybe,
  wind_speed_10m: Maybe,
  wind_gusts_10m: Maybe,
})
const Current = Type.Object({ current: Type.Intersect([Reading, Type.Object({ interval: Maybe })]) })

/** WMO codes of drizzle and rain that freeze, and of thunderstorms. */
const icy: readonly number[] = [56, 57, 66, 67]
const fallen = ['precipitation', 'rain', 'snowfall'] as const
const stormy: readonly number[] = [95, 96, 99]
const hour = 3_600

export function openMeteo({ url, key }: { url: string; key?: string }): Provider {
  return {
    name: 'open-meteo',
    async weatherAt({ latitude, longitude }, signal) {
      const request = new URL('/v1/forecast', url)
      request.search = new URLSearchParams({
        latitude: String(latitude),
        longitude: String(longitude),
        current: measured.join(','),
        wind_speed_unit: 'ms',
        timeformat: 'unixtime',
        ...(key && { apikey: key }),
      }).toString()
      const answer = await askJson(request, signal)
      if (!Value.Check(Current, answer)) throw new Unreadable('Open-Meteo said nothing of the weather of now')
      const { interval, ...reading } = answer.current
      if (fallen.every((each) => reading[each] == null))
        throw new Unreadable('Open-Meteo did not say whether anything falls')
      // Sums are those of the interval before, as a rule a quarter of an hour.
      return toWeather(reading, hour / (interval || hour))
    },
  }
}

function toWeather(reading: Static<typeof Reading>, perHour: number): Weather {
  const { time, temperature_2m: temperature, weather_code: code } = reading
  const snow = ((reading.snowfall ?? 0) * perHour * 10) / 7
  const drops = (reading.rain ?? reading.precipitation ?? 0) + (reading.showers ?? 0)
  const rain = reading.rain == null ? Math.max(0, drops * perHour - snow) : drops * perHour
  return {
    at: time * 1_000,
    temperature,
    rain,
    snow,
    wind: Math.max(reading.wind_gusts_10m ?? 0, reading.wind_speed_10m ?? 0),
    isIcy: icy.includes(code ?? -1) || freezes(rain, temperature),
    isStorm: stormy.includes(code ?? -1),
  }
}

const Column = Type.Optional(Type.Array(Type.Union([Type.Number(), Type.Null()])))
const Archive = Type.Object({
  utc_offset_seconds: Type.Optional(Type.Number()),
  hourly_units: Type.Optional(Type.Record(Type.String(), Type.String())),
  hourly: Type.Object({
    time: Type.Array(Type.Union([Type.String(), Type.Number()])),
    temperature_2m: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    precipitation: Column,
    rain: Column,
    showers: Column,
    snowfall: Column,
    weather_code: Column,
    wind_speed_10m: Column,
    wind_gusts_10m: Column,
  }),
})

const metresASecond: Readonly<Record<string, number>> = {
  'm/s': 1,
  'km/h': 1 / 3.6,
  'mp/h': 0.44704,
  mph: 0.44704,
  kn: 0.514444,
}

/** Past weather as its archive gives it, hour by hour; `undefined` when it is something else. */
export function fromArchive(text: unknown): Weather[] | undefined {
  if (!Value.Check(Archive, text)) return undefined
  const { hourly, hourly_units: units = {}, utc_offset_seconds: offset = 0 } = text
  const speed = metresASecond[units.wind_speed_10m ?? units.wind_gusts_10m ?? 'km/h'] ?? 1 / 3.6
  return hourly.time.flatMap((time, hourAt) => {
    const temperature = hourly.temperature_2m[hourAt]
    if (temperature == null) return []
    const seconds = typeof time === 'number' ? time : Date.parse(`${time}Z`) / 1_000 - offset
    const fast = (column: (number | null)[] | undefined) => (column?.[hourAt] ?? 0) * speed
    const reading = {
      time: seconds,
      temperature_2m: temperature,
      precipitation: hourly.precipitation?.[hourAt] ?? null,
      rain: hourly.rain?.[hourAt] ?? null,
      showers: hourly.showers?.[hourAt] ?? null,
      snowfall: hourly.snowfall?.[hourAt] ?? null,
      weather_code: hourly.weather_code?.[hourAt] ?? null,
      wind_speed_10m: fast(hourly.wind_speed_10m),
      wind_gusts_10m: fast(hourly.wind_gusts_10m),
    }
    return [toWeather(reading, 1)]
  })
}
