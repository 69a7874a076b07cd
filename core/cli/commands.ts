import { asteriskConfig } from './asterisk-config.ts'
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

export const commands: Record<string, Command> = {
  start,
  check,
  doctor,
  schema,
  'asterisk-config': asteriskConfig,
  'new-plugin': newPlugin,
  help: {
    about: 'Says what there is.',
    async run() {
      const rows = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(18)}${about}`)
      console.log(['callbus <command> [--site FOLDER]', '', ...rows].join('\n'))
      return 0
    },
  },
}
