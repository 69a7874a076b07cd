/** Asks one provider after the other until one knows. */
import type { Clock } from '#core/clock.ts'
import type { ProviderName, Settings } from '../settings.ts'
import { impossible, type Weather } from '../weather.ts'
import { gismeteo } from './gismeteo.ts'
import { openMeteo } from './open-meteo.ts'
import { openWeather } from './openweather.ts'
import type { Provider, Spot } from './provider.ts'

export interface Answer {
  weather: Weather
  from: string
}

const minute = 60_000
/** So far, in milliseconds, their clock may be ahead of ours. */
const ahead = 15 * minute

export function openProviders(settings: Settings, clock: Pick<Clock, 'now'>) {
  const known: Record<ProviderName, () => Provider> = {
    'open-meteo': () => openMeteo(settings.openMeteo),
    openweather: () => openWeather(settings.openWeather),
    gismeteo: () => gismeteo(settings.gismeteo),
  }
  const providers = settings.providers.map((name) => known[name]())

  /** An answer that cannot be true is none: what would count for ever, or is older than what may count. */
  function believed(weather: Weather, from: string): Answer {
    const wrong = impossible(weather)
    if (wrong !== undefined) throw new Error(`${from} said what cannot be: ${wrong}`)
    const age = clock.now() - weather.at
    if (age < -ahead) throw new Error(`${from} told the weather of a time to come`)
    if (age > settings.lastKnownFor * minute)
      throw new Error(`${from} told the weather of ${Math.round(age / minute)} minutes ago`)
    return { weather, from }
  }

  return {
    /** Rejects with what each of them said when none knows. */
    async ask(spot: Spot, signal: AbortSignal): Promise<Answer> {
      const failures: string[] = []
      for (const provider of providers) {
        const own = AbortSignal.any([signal, AbortSignal.timeout(settings.askFor * 1_000)])
        try {
          return believed(await provider.weatherAt(spot, own), provider.name)
        } catch (thrown) {
          signal.throwIfAborted()
          failures.push(thrown instanceof Error ? thrown.message : String(thrown))
        }
      }
      throw new Error(failures.join('; '))
    },
  }
}
export type Providers = ReturnType<typeof openProviders>
