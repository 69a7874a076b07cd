import { settingsSchema } from '../settings-schema.ts'
import type { Command } from './commands.ts'

export const schema: Command = {
  about: 'Prints the JSON Schema of callbus.yaml, for editors that complete it.',
  async run() {
    console.log(JSON.stringify(await settingsSchema(), null, 2))
    return 0
  },
}
