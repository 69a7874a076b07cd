/** GISMETEO, for those who have a key: `/v2/weather/current/`. */
import { Value } from 'typebox/value'
import { Type } from '#core/schema.ts'
import { askJson, freezes, type Provider, Unreadable } from './provider.ts'

const Current = Type.Object({
  response: Type.Object({
    date: Type.Object({ unix: Type.Number() }),
    temperature: Type.Object({ air: Type.Object({ C: Type.Number() }) }),
    precipitation: Type.Object({
      type: Type.Union([Type.Integer(), Type.Null()]),
      intensity: Type.Union([Type.Number(), Type.Null()]),
      amount: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
    }),
    wind: Type.Object({ speed: Type.Object({ m_s: Type.Union([Type.Number(), Type.Null()]) }) }),
    storm: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  }),
})

/** Its kinds of precipitation. */
const kinds = { none: 0, rain: 1, snow: 2, mixed: 3 } as const
/** Millimetres an hour that its degrees 0 to 3 come to at least; the amounts it gives are sums of some hours. */
const perHour = [0, 0.3, 2.5, 7.6]

export function gismeteo({ url, key }: { url: string; key?: string }): Provider {
  return {
    name: 'gismeteo',
    async weatherAt({ latitude, longitude }, signal) {
      if (key === undefined) throw new Error('GISMETEO is not asked without a key')
      const request = new URL('/v2/weather/current/', url)
      request.search = new URLSearchParams({
        latitude: String(latitude),
        longitude: String(longitude),
      }).toString()
      const answer = await askJson(request, signal, { 'X-Gismeteo-Token': key })
      if (!Value.Check(Current, answer)) throw new Unreadable('GISMETEO said nothing of the weather of now')
      const { date, temperature, precipitation, wind, storm } = answer.response
      const fallen = perHour[Math.min(3, precipitation.intensity ?? 0)] ?? 0
      const rain =
        precipitation.type === kinds.rain ? fallen : precipitation.type === kinds.mixed ? fallen / 2 : 0
      const snow =
        precipitation.type === kinds.snow ? fallen : precipitation.type === kinds.mixed ? fallen / 2 : 0
      return {
        at: date.unix * 1_000,
        temperature: temperature.air.C,
        rain,
        snow,
        wind: wind.speed.m_s ?? 0,
        isIcy: freezes(rain, temperature.air.C),
        isStorm: storm ?? false,
      }
    },
  }
}
