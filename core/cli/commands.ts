import { houseAdapters } from '../registry.ts'
import { adapterCommand } from './adapter-command.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { newPlugin } from './new-plugin.ts'
import { schema } from './schema.ts'
import { start } from './start.ts'

/** One word after `callbus`; answers with the exit code of the process. */
export interface Command {
  about: string
  run(words: string[]): Promise<number>
}

const commands: Record<string, Command> = { start, check, doctor, schema, 'new-plugin': newPlugin }

/** Ours, or an adapter's own as `<adapter>-<command>`; help for everything else. */
export async function findCommand(name: string): Promise<Command> {
  return commands[name] ?? (await adapterCommand(name)) ?? help
}

const help: Command = {
  about: 'Says what there is.',
  async run() {
    const rows = Object.entries(commands).map(([name, { about }]) => [name, about] as const)
    for (const adapter of await houseAdapters()) {
      for (const [name, { about }] of Object.entries(adapter.commands ?? {}))
        rows.push([`${adapter.name}-${name}`, about])
    }
    const lines = rows.map(([name, about]) => `  ${name.padEnd(18)}${about}`)
    console.log(['callbus <command> [--site FOLDER]', '', ...lines].join('\n'))
    return 0
  },
}
