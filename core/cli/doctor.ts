import pino from 'pino'
import { examineAdapter } from '../adapter-host.ts'
import { realClock } from '../clock.ts'
import { openDatabase } from '../database/database.ts'
import { toAddress } from '../database/settings.ts'
import { reasonOf } from '../errors.ts'
import { tryBroker } from '../mqtt/try-broker.ts'
import { findAdapter } from '../registry.ts'
import { openVoice } from '../voice/voice.ts'
import { defineWords } from '../voice/words.ts'
import type { Command } from './commands.ts'
import { siteOf } from './site.ts'

const trial = defineWords('doctor', {
  trial: { ru: 'Проверка голоса.', uk: 'Перевірка голосу.', pl: 'Próba głosu.', en: 'Voice check.' },
})
/** How long a neighbour may take to be found well, in milliseconds. */
const patience = 8_000

export const doctor: Command = {
  about: 'Tries every neighbour for real and says how it is.',
  async run(words) {
    const { folder, settings } = siteOf(words)
    const log = pino({ level: 'silent' })
    const dataFolder = `${folder}/data`
    const site = { ...settings.site, folder, dataFolder }
    let ill = 0

    async function examine(name: string, look: (cleanup: AsyncDisposableStack) => Promise<string>) {
      await using cleanup = new AsyncDisposableStack()
      try {
        console.log(`✓ ${name}: ${await look(cleanup)}`)
      } catch (thrown) {
        ill += 1
        console.log(`✗ ${name}: ${reasonOf(thrown)}`)
      }
    }

    await examine('database', async (cleanup) => {
      cleanup.use(await openDatabase(toAddress(settings.database, dataFolder), { log }))
      return 'opens, and its tables are up to date'
    })
    await examine('voice', async (cleanup) => {
      const voice = cleanup.use(
        await openVoice({
          settings: settings.voice,
          site,
          clock: realClock,
          log,
          baseUrl: 'http://127.0.0.1',
        }),
      )
      const media = await voice.speak(trial.trial, settings.site.language, AbortSignal.timeout(patience))
      return `speaks, for example ${media.file}`
    })
    if (settings.mqtt.url !== undefined) {
      await examine('broker', async () => {
        await tryBroker({ settings: settings.mqtt, site, patience })
        return 'lets us in'
      })
    }
    for (const [name, section] of Object.entries(settings.adapters)) {
      if (section === false) continue
      await examine(name, async (cleanup) => {
        const adapter = await findAdapter(name, folder)
        const facts = async () => []
        const signal = late(cleanup)
        return await examineAdapter(adapter, section, { cleanup, clock: realClock, log, site, facts, signal })
      })
    }
    return ill === 0 ? 0 : 1
  },
}

/** Aborts when the patience is over. It keeps the process, which a neighbour that is only waited for does not. */
function late(cleanup: AsyncDisposableStack): AbortSignal {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('it did not answer in time')), patience)
  cleanup.defer(() => clearTimeout(timer))
  return late.signal
}
