/** The speech service of a living company: it hears what people of its language complain of. */
import type { AdapterServices } from '#core/adapter.ts'
import { type SpeechSimulator, startSpeechSimulator } from './simulator.ts'

const complaints: Record<string, string> = {
  ru: 'Ждал машину сорок минут, водитель так и не позвонил.',
  uk: 'Чекав на машину сорок хвилин, водій так і не подзвонив.',
  pl: 'Czekałem na samochód czterdzieści minut, a kierowca nie zadzwonił.',
  en: 'I waited for the car for forty minutes and the driver never called.',
}

export async function simulate({ cleanup, log }: Pick<AdapterServices<'speech', never>, 'cleanup' | 'log'>) {
  const simulator = await startSpeechSimulator({ text: inItsLanguage })
  cleanup.defer(() => simulator.stop())
  log.info({ url: simulator.baseUrl }, 'A simulated speech service is open')
  return settingsFor(simulator)
}

export function inItsLanguage({ fields }: { fields: Record<string, string> }): string {
  return complaints[fields.language ?? 'en'] ?? ''
}

/** Settings that reach a simulator. */
export function settingsFor({ baseUrl }: Pick<SpeechSimulator, 'baseUrl'>) {
  return { baseUrl }
}
