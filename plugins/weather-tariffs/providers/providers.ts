/** Asks one provider after the other until one knows. */
import type { ProviderName, Settings } from '../settings.ts'
import type { Weather } from '../weather.ts'
import { gismeteo } from './gismeteo.ts'
import { openMeteo } from './open-meteo.ts'
import { openWeather } from './openweather.ts'
import type { Provider, Spot } from './provider.ts'

export interface Answer {
  weather: Weather
  from: string
}

export function openProviders(settings: Settings) {
  const known: Record<ProviderName, () => Provider> = {
    'open-meteo': () => openMeteo(settings.openMeteo),
    openweather: () => openWeather(settings.openWeather),
    gismeteo: () => gismeteo(settings.gismeteo),
  }
  const providers = settings.providers.map((name) => known[name]())

  return {
    /** Rejects with what each of them said when none knows. */
    async ask(spot: Spot, signal: AbortSignal): Promise<Answer> {
      const failures: string[] = []
      for (const provider of providers) {
        const own = AbortSignal.any([signal, AbortSignal.timeout(settings.askFor * 1_000)])
        try {
          return { weather: await provider.weatherAt(spot, own), from: provider.name }
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
