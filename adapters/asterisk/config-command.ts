import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { OwnCommand } from '#core/own-command.ts'
import { asteriskConfig } from './asterisk-config.ts'
import type { Settings } from './settings.ts'

/** `callbus asterisk-config --trunk sip.example.net --phones 101,102,103 [--into FOLDER]` */
export const configCommand: OwnCommand<typeof Settings> = {
  about: 'Prints what an Asterisk needs to work with this site.',
  async run({ settings, words, print }) {
    const { values } = parseArgs({
      args: words,
      strict: false,
      options: {
        trunk: { type: 'string', default: 'sip.example.net' },
        'trunk-user': { type: 'string' },
        'trunk-password': { type: 'string' },
        phones: { type: 'string', default: '101,102,103' },
        'callbus-host': { type: 'string' },
        into: { type: 'string' },
      },
    })
    const text = (name: keyof typeof values) => (typeof values[name] === 'string' ? values[name] : undefined)
    const phones = (text('phones') ?? '').split(',').filter(Boolean)
    const user = text('trunk-user')
    const password = text('trunk-password')
    const callbusHost = text('callbus-host')
    const files = asteriskConfig(settings, {
      trunk: { host: text('trunk') ?? '', ...(user && { user }), ...(password && { password }) },
      phones: phones.map((extension) => ({ extension, password: randomBytes(9).toString('base64url') })),
      ...(callbusHost && { callbusHost }),
    })

    const into = text('into')
    if (into) await mkdir(into, { recursive: true })
    for (const [name, content] of Object.entries(files)) {
      if (into) await writeFile(join(into, name), content, { mode: 0o640 })
      print(into ? `written: ${join(into, name)}` : `; ---- ${name} ----\n${content}`)
    }
    return 0
  },
}
