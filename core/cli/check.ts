import { reasonOf } from '../errors.ts'
import { findAdapter, findPlugin } from '../registry.ts'
import { checkSettings } from '../settings.ts'
import type { Command } from './commands.ts'
import { siteOf } from './site.ts'

export const check: Command = {
  about: 'Says in sentences what is wrong with the settings.',
  async run(words) {
    const { folder, settings } = siteOf(words)
    const mistakes: string[] = []
    const look = async (kind: 'adapters' | 'plugins', find: typeof findPlugin | typeof findAdapter) => {
      for (const [name, section] of Object.entries(settings[kind])) {
        if (section === false) continue
        try {
          const thing = await find(name, folder)
          if (!(section as { simulated?: boolean } | null)?.simulated) {
            checkSettings(thing.settings, section, `${kind}.${name}`)
          }
        } catch (thrown) {
          mistakes.push(reasonOf(thrown))
        }
      }
    }
    await look('adapters', findAdapter)
    await look('plugins', findPlugin)
    for (const mistake of mistakes) console.log(`✗ ${mistake}`)
    if (mistakes.length === 0) console.log('✓ The settings are valid.')
    return mistakes.length === 0 ? 0 : 1
  },
}
