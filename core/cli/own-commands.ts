/** Commands that adapters and plugins bring along. */
import pino from 'pino'
import type { Adapter } from '../adapter.ts'
import type { FactOfNoCall, Stamped } from '../call-bus/events.ts'
import { type DatabaseAddress, openDatabase } from '../database/database.ts'
import { readFacts, toFact } from '../database/journal.ts'
import { toAddress } from '../database/settings.ts'
import type { OwnCommand } from '../own-command.ts'
import type { Plugin } from '../plugin.ts'
import { houseAdapters, housePlugins } from '../registry.ts'
import type { Moment } from '../schema.ts'
import { checkSettings } from '../settings.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { siteOf } from './site.ts'

interface Owned {
  wing: 'adapters' | 'plugins'
  owner: Adapter | Plugin
  command: OwnCommand
}

/** `asterisk-config` is the command `config` of the adapter `asterisk`; a plugin's has its own word. */
export async function ownCommands(): Promise<Record<string, Command>> {
  const commands: Record<string, Command> = {}
  for (const owner of await houseAdapters())
    for (const [name, command] of Object.entries(owner.commands ?? {}))
      commands[`${owner.name}-${name}`] = toCommand(`${owner.name}-${name}`, {
        wing: 'adapters',
        owner,
        command,
      })
  for (const owner of await housePlugins())
    for (const [name, command] of Object.entries(owner.commands ?? {}))
      commands[name] = toCommand(name, { wing: 'plugins', owner, command })
  return commands
}

function toCommand(name: string, { wing, owner, command }: Owned): Command {
  const { about, takes } = command
  return {
    about,
    ...(takes !== undefined && { takes }),
    async run(words) {
      const { folder, settings, isLivingCompany } = siteOf(words)
      if (isLivingCompany && wing === 'adapters')
        throw new Misuse(`Name the site: callbus ${name} --site FOLDER`)
      const section = settings[wing][owner.name]
      const address = toAddress(settings.database, `${folder}/data`)
      return await command.run({
        settings: checkSettings(owner.settings, section === false ? {} : section, `${wing}.${owner.name}`),
        words,
        print: (text) => console.log(text),
        facts: (name, since) => factsOfSite(address, name, since),
        timeZone: settings.site.timeZone,
      })
    },
  }
}

async function factsOfSite<Name extends FactOfNoCall>(
  address: DatabaseAddress,
  name: Name,
  since: Moment,
): Promise<Stamped<Name>[]> {
  await using database = await openDatabase(address, { log: pino({ level: 'silent' }) })
  return (await readFacts(database.kysely, name, since)).map(toFact) as Stamped<Name>[]
}
