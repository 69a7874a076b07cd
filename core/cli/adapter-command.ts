import { houseAdapters } from '../registry.ts'
import { checkSettings } from '../settings.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { siteOf } from './site.ts'

/** `asterisk-config` is the command `config` of the adapter `asterisk`. */
export async function adapterCommand(name: string): Promise<Command | undefined> {
  for (const adapter of await houseAdapters()) {
    const command =
      name.startsWith(`${adapter.name}-`) && adapter.commands?.[name.slice(adapter.name.length + 1)]
    if (!command) continue
    return {
      about: command.about,
      async run(words) {
        const { settings, isLivingCompany } = siteOf(words)
        if (isLivingCompany) throw new Misuse(`Name the site: callbus ${name} --site FOLDER`)
        const section = checkSettings(
          adapter.settings,
          settings.adapters[adapter.name],
          `adapters.${adapter.name}`,
        )
        return await command.run({ settings: section, words, print: (text) => console.log(text) })
      },
    }
  }
  return undefined
}
