/** What falls from the sky and what of it counts: pure. */
import { Moment, type Static, Type } from '#core/schema.ts'

/** The weather of one place at one moment, whoever measured it. */
export const Weather = Type.Object({
  at: Moment,
  temperature: Type.Number({ description: '°C.' }),
  rain: Type.Number({ description: 'mm/h.' }),
  snow: Type.Number({ description: 'mm/h, as water.' }),
  wind: Type.Number({ description: 'm/s, gusts where known.' }),
  isIcy: Type.Boolean({ description: 'Rain that freezes as it falls, or rain on frozen ground.' }),
  isStorm: Type.Boolean({ description: 'A thunderstorm, or a warning of the provider.' }),
})
export type Weather = Static<typeof Weather>

const known: Record<'temperature' | 'rain' | 'snow' | 'wind', readonly [number, number]> = {
  temperature: [-90, 60],
  rain: [0, 400],
  snow: [0, 200],
  wind: [0, 120],
}

/** What has never been measured on earth is a mistake of whoever says so: `temperature 271`. */
export function impossible(weather: Weather): string | undefined {
  const wrong = (Object.keys(known) as (keyof typeof known)[]).find((each) => {
    const [least, most] = known[each]
    return !(weather[each] >= least && weather[each] <= most)
  })
  return wrong && `${wrong} ${weather[wrong]}`
}

export const kinds = ['rain', 'snow', 'ice', 'frost', 'heat', 'wind', 'storm'] as const
export type Kind = (typeof kinds)[number]

/** From where on a kind of weather counts unless a rule says otherwise. */
export const usualFrom: Record<Kind, number> = {
  rain: 2.5,
  snow: 0.5,
  ice: 1,
  frost: -20,
  heat: 33,
  wind: 17,
  storm: 1,
}

/** Down to where it goes on counting unless a rule says otherwise. */
export function usualUntil(kind: Kind, from: number): number {
  switch (kind) {
    case 'rain':
    case 'snow':
      return from * 0.4
    case 'frost':
      return from + 3
    case 'heat':
      return from - 2
    case 'wind':
      return from * 0.8
    case 'ice':
    case 'storm':
      return from
  }
}

/** How it stands; for frost less is worse. */
export function measureOf(kind: Kind, weather: Weather): number {
  switch (kind) {
    case 'rain':
      return weather.rain
    case 'snow':
      return weather.snow
    case 'ice':
      return Number(weather.isIcy)
    case 'frost':
    case 'heat':
      return weather.temperature
    case 'wind':
      return weather.wind
    case 'storm':
      return Number(weather.isStorm)
  }
}

const units: Record<Kind, string> = {
  rain: ' mm/h',
  snow: ' mm/h',
  ice: '',
  frost: ' °C',
  heat: ' °C',
  wind: ' m/s',
  storm: '',
}

/** `snow 1.2 mm/h`, for stories and histories. */
export function inWords(kind: Kind, weather: Weather): string {
  const unit = units[kind]
  return unit ? `${kind} ${Math.round(measureOf(kind, weather) * 10) / 10}${unit}` : kind
}
