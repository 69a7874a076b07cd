import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { didYouMean } from '#core/did-you-mean.ts'
import type { OwnCommand } from '#core/own-command.ts'
import { asteriskConfig, type TrunkSite, unknownHost } from './asterisk-config.ts'
import type { Settings } from './settings.ts'

/** The trunk that every site has. */
const unnamed = ''

const options = {
  trunk: { type: 'string', multiple: true },
  'trunk-user': { type: 'string', multiple: true },
  'trunk-password': { type: 'string', multiple: true },
  phones: { type: 'string', default: '101,102,103' },
  'callbus-host': { type: 'string' },
  into: { type: 'string' },
  site: { type: 'string' },
} as const

/**
 * `callbus asterisk-config --trunk sip.example.net --phones 101,102,103 [--into FOLDER]`; for a line of
 * `trunks` also `--trunk kyivstar=sip.other.example`, and so with `--trunk-user` and `--trunk-password`.
 */
export const configCommand: OwnCommand<typeof Settings> = {
  about: 'Prints what an Asterisk needs to work with this site.',
  takes: '--trunk HOST --phones 101,102 [--into FOLDER] …',
  async run({ settings, words, print }) {
    const { values } = parseArgs({ args: words, strict: false, options })
    const mistake = mistakeIn(values)
    if (mistake) {
      print(mistake)
      return 2
    }
    const text = (name: keyof typeof values) => (typeof values[name] === 'string' ? values[name] : undefined)
    const phones = (text('phones') ?? '').split(',').filter(Boolean)
    const names = Object.keys(settings.trunks)
    const hosts = byTrunk(values.trunk, names)
    const users = byTrunk(values['trunk-user'], names)
    const passwords = byTrunk(values['trunk-password'], names)
    const siteOf = (name: string): TrunkSite => {
      const [user, password] = [users.get(name), passwords.get(name)]
      return { host: hosts.get(name) ?? unknownHost, ...(user && { user }), ...(password && { password }) }
    }
    const callbusHost = text('callbus-host')
    const files = asteriskConfig(settings, {
      trunk: siteOf(unnamed),
      trunks: Object.fromEntries(names.map((name) => [name, siteOf(name)])),
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

/** `kyivstar=VALUE` is of that line, anything else of the one without a name. */
function byTrunk(given: unknown, names: readonly string[]): Map<string, string> {
  const words = Array.isArray(given) ? given.filter((word) => typeof word === 'string') : []
  return new Map(
    words.map((word) => {
      const name = names.find((each) => word.startsWith(`${each}=`))
      return name === undefined ? [unnamed, word] : [name, word.slice(name.length + 1)]
    }),
  )
}

/** A slip of the pen must not become a file of the exchange. */
function mistakeIn(values: Record<string, unknown>): string | undefined {
  const known = Object.keys(options)
  for (const [name, value] of Object.entries(values)) {
    if (!known.includes(name)) return `There is no option --${name}${didYouMean(name, known)}`
    for (const word of [value].flat()) {
      if (typeof word !== 'string') return `Write a value after --${name}`
      if (name !== 'into' && name !== 'site' && /[\s;[\]]/.test(word))
        return `The value of --${name} may hold no spaces, semicolons or brackets, but is "${word}"`
    }
  }
  const phone = String(values.phones)
    .split(',')
    .find((each) => !/^\d{2,6}$/.test(each))
  return phone === undefined
    ? undefined
    : `A phone after --phones has two to six digits, as in 101,102; "${phone}" has not`
}
