/** OpenWeather, and whoever answers as it does: `/data/2.5/weather`. */
import { Value } from 'typebox/value'
import { Type } from '#core/schema.ts'
import { askJson, freezes, type Provider, Unreadable } from './provider.ts'

const Fallen = Type.Optional(
  Type.Object({ '1h': Type.Optional(Type.Number()), '3h': Type.Optional(Type.Number()) }),
)
const Current = Type.Object({
  dt: Type.Number(),
  main: Type.Object({ temp: Type.Number() }),
  weather: Type.Array(Type.Object({ id: Type.Integer() })),
  wind: Type.Optional(Type.Object({ speed: Type.Number(), gust: Type.Optional(Type.Number()) })),
  rain: Fallen,
  snow: Fallen,
})

/** Condition codes: the two hundreds are thunderstorms, 511 is freezing rain, 771 squalls, 781 a tornado. */
const isStormy = (id: number) => (id >= 200 && id < 300) || id === 771 || id === 781
const freezingRain = 511

export function openWeather({ url, key }: { url: string; key?: string }): Provider {
  return {
    name: 'openweather',
    async weatherAt({ latitude, longitude }, signal) {
      if (key === undefined) throw new Error('OpenWeather is not asked without a key')
      const request = new URL('/data/2.5/weather', url)
      request.search = new URLSearchParams({
        lat: String(latitude),
        lon: String(longitude),
        units: 'metric',
        appid: key,
      }).toString()
      const answer = await askJson(request, signal)
      if (!Value.Check(Current, answer))
        throw new Unreadable('OpenWeather said nothing of the weather of now')
      const { dt, main, wind } = answer
      const rain = perHour(answer.rain)
      const ids = answer.weather.map(({ id }) => id)
      return {
        at: dt * 1_000,
        temperature: main.temp,
        rain,
        snow: perHour(answer.snow),
        wind: Math.max(wind?.speed ?? 0, wind?.gust ?? 0),
        isIcy: ids.includes(freezingRain) || freezes(rain, main.temp),
        isStorm: ids.some(isStormy),
      }
    },
  }
}

function perHour(fallen: { '1h'?: number; '3h'?: number } | undefined): number {
  return fallen?.['1h'] ?? (fallen?.['3h'] ?? 0) / 3
}
