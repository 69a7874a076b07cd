import pino from 'pino'
import type { FactOfNoCall, Stamped } from '../call-bus/events.ts'
import { type DatabaseAddress, openDatabase } from '../database/database.ts'
import { readFacts, toFact } from '../database/journal.ts'
import { toAddress } from '../database/settings.ts'
import { houseAdapters } from '../registry.ts'
import type { Moment } from '../schema.ts'
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
        const { folder, settings, isLivingCompany } = siteOf(words)
        if (isLivingCompany) throw new Misuse(`Name the site: callbus ${name} --site FOLDER`)
        const section = checkSettings(
          adapter.settings,
          settings.adapters[adapter.name],
          `adapters.${adapter.name}`,
        )
        const address = toAddress(settings.database, `${folder}/data`)
        return await command.run({
          settings: section,
          words,
          print: (text) => console.log(text),
          facts: (name, since) => factsOfSite(address, name, since),
        })
      },
    }
  }
  return undefined
}

async function factsOfSite<Name extends FactOfNoCall>(
  address: DatabaseAddress,
  name: Name,
  since: Moment,
): Promise<Stamped<Name>[]> {
  await using database = await openDatabase(address, { log: pino({ level: 'silent' }) })
  return (await readFacts(database.kysely, name, since)).map(toFact) as Stamped<Name>[]
}
