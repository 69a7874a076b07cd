import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import type { Adapter, PortName, Ports } from '../adapter.ts'
import { connectAdapter } from '../adapter-host.ts'
import { realClock } from '../clock.ts'
import { openDatabase } from '../database/database.ts'
import { toAddress } from '../database/settings.ts'
import { reasonOf } from '../errors.ts'
import type { Telephony, TrunkState } from '../ports/telephony.ts'
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
const soon = () => AbortSignal.timeout(patience)

export const doctor: Command = {
  about: 'Tries every neighbour for real and says how it is.',
  async run(words) {
    const { folder, settings } = siteOf(words)
    const log = pino({ level: 'silent' })
    const dataFolder = `${folder}/data`
    const site = { ...settings.site, folder, dataFolder }
    let ill = 0
    let trunks: readonly TrunkState[] = []

    async function examine(name: string, look: (cleanup: AsyncDisposableStack) => Promise<string>) {
      await using cleanup = new AsyncDisposableStack()
      try {
        console.log(`✓ ${name}: ${await look(cleanup)}`)
      } catch (thrown) {
        ill += 1
        console.log(`✗ ${name}: ${reasonOf(thrown)}`)
      }
    }

    function tellOf({ name, state, because = '' }: TrunkState) {
      if (state === 'down') ill += 1
      const told = {
        up: `✓ trunk ${name}: its other end is there`,
        down: `✗ trunk ${name}: ${because}; no call leaves by it`,
        unknown: `? trunk ${name}: cannot be judged: ${because}`,
      }
      console.log(told[state])
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
      const media = await voice.speak(trial.trial, settings.site.language, soon())
      return `speaks, for example ${media.file}`
    })
    for (const [name, section] of Object.entries(settings.adapters)) {
      if (section === false) continue
      await examine(name, async (cleanup) => {
        const adapter = await findAdapter(name, folder)
        const facts = async () => []
        // The house may be open meanwhile: what is its own is not taken from it.
        const host = { cleanup, clock: realClock, log, site, facts, isLookingOnly: true }
        const port = await connected(adapter, section, host)
        if (adapter.provides === 'messages') return 'its settings are well; nobody was told anything'
        if (adapter.provides === 'telephony') trunks = await (port as Telephony).trunks(soon())
        return 'connected'
      })
    }
    for (const trunk of trunks) tellOf(trunk)
    return ill === 0 ? 0 : 1
  },
}

async function connected(
  adapter: Adapter,
  section: unknown,
  host: Parameters<typeof connectAdapter>[3],
): Promise<Ports[PortName]['port']> {
  const found = Promise.withResolvers<void>()
  let standing = 'it gave no sign of life'
  const hear = (event: Ports[PortName]['event']) => {
    if (event.name !== 'connection.changed') return
    standing = event.because ?? event.state
    if (event.state === 'connected') found.resolve()
  }
  const kept = () => Promise.reject(new Error('the doctor takes no requests'))
  const port = await connectAdapter(adapter, section, Object.assign(hear, { kept }), host)
  if (adapter.provides === 'messages') return port
  const late = pause(patience, undefined, { ref: false }).then(() => {
    throw new Error(standing)
  })
  await Promise.race([found.promise, late])
  return port
}
