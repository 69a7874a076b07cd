import type { Adapter, PortName } from '../adapter.ts'
import { didYouMean } from '../did-you-mean.ts'
import { CallbusError, reasonOf } from '../errors.ts'
import { mistakesOf } from '../messages/responsible.ts'
import { moreThanOne, type OnlyPort, onlyPorts } from '../only-ports.ts'
import type { Plugin } from '../plugin.ts'
import { findAdapter, findPlugin, houseAdapters, housePlugins } from '../registry.ts'
import { checkSettings, readSettings, type Settings, SettingsInvalid } from '../settings.ts'
import { checkPrompts, listPrompts } from '../voice/recorded-prompts.ts'
import type { Command } from './commands.ts'
import { wordsOf } from './prompts.ts'
import { findSite } from './site.ts'

export const check: Command = {
  about: 'Says in sentences what is wrong with the settings and the recorded prompts.',
  async run(words) {
    const { file, mistakes, isLivingCompany } = await examine(words)
    for (const mistake of mistakes) console.log(`✗ ${mistake}`)
    if (mistakes.length > 0) return 1
    const what = isLivingCompany ? 'There is no callbus.yaml here; the living company' : file
    console.log(`✓ ${what} has no mistakes. \`callbus doctor\` tries the neighbours for real.`)
    return 0
  },
}

async function examine(words: string[]) {
  const site = findSite(words)
  const { file, folder } = site
  try {
    const settings = readSettings(file)
    const mistakes = [
      ...(await checkSections('adapters', { settings, folder })),
      ...(await checkSections('plugins', { settings, folder })),
      ...(await checkExchange(settings, folder)),
      ...(await checkMessages(settings, folder)),
      ...(await checkPorts(settings, folder)),
      ...checkLines(settings),
      ...(await checkPrompts(folder, listPrompts(await wordsOf(settings, folder)))),
    ]
    return { ...site, mistakes }
  } catch (thrown) {
    if (thrown instanceof SettingsInvalid) return { ...site, mistakes: sentencesOf(thrown) }
    throw thrown
  }
}

function sentencesOf({ mistakes }: SettingsInvalid): string[] {
  return mistakes.map((mistake) => (/[.?!]$/.test(mistake) ? mistake : `${mistake}.`))
}

const wings = {
  adapters: { kind: 'adapter', find: findAdapter, house: houseAdapters },
  plugins: { kind: 'plugin', find: findPlugin, house: housePlugins },
} as const

interface Site {
  settings: Settings
  folder: string
}

async function checkSections(wing: keyof typeof wings, { settings, folder }: Site): Promise<string[]> {
  const { kind, find, house } = wings[wing]
  const mistakes: string[] = []
  for (const [name, section] of Object.entries(settings[wing])) {
    if (section === false) continue
    try {
      const found: Adapter | Plugin = await find(name, folder)
      if (isSimulated(section)) continue
      const checked = checkSettings(found.settings, section, `${wing}.${name}`)
      const more = 'mistakes' in found ? (found.mistakes?.(checked, settings) ?? []) : []
      mistakes.push(...more.map((mistake) => `\`${wing}.${name}\`: ${mistake}.`))
    } catch (thrown) {
      if (thrown instanceof CallbusError && /_UNKNOWN$/.test(thrown.code)) {
        const known = (await house()).map((each) => each.name)
        mistakes.push(`\`${wing}.${name}\`: there is no ${kind} of this name${didYouMean(name, known)}.`)
      } else if (thrown instanceof SettingsInvalid) {
        mistakes.push(...sentencesOf(thrown))
      } else if (thrown instanceof CallbusError) {
        mistakes.push(thrown.message)
      } else {
        mistakes.push(`\`${wing}.${name}\`: its code cannot be loaded: ${reasonOf(thrown)}`)
      }
    }
  }
  return mistakes
}

async function checkExchange(settings: Settings, folder: string): Promise<string[]> {
  if ((await providersOf('telephony', settings, folder)).length > 0) return []
  return ['`adapters` names no exchange, such as `asterisk`; without one there is nothing to open.']
}

/** Whom the duties name, and by which ways people are told. */
async function checkMessages(settings: Settings, folder: string): Promise<string[]> {
  const ways = await providersOf('messages', settings, folder)
  return mistakesOf(settings.messages, ways).map((mistake) => `${mistake}.`)
}

async function checkPorts(settings: Settings, folder: string): Promise<string[]> {
  const mistakes = []
  for (const port of Object.keys(onlyPorts) as OnlyPort[]) {
    const providers = (await providersOf(port, settings, folder)).map((name) => ({ name, provides: port }))
    mistakes.push(...moreThanOne(port, providers))
  }
  return mistakes.map((mistake) => `${mistake}.`)
}

/** The adapters of a site that fill a port. */
async function providersOf(port: PortName, { adapters }: Settings, folder: string): Promise<string[]> {
  const names: string[] = []
  for (const [name, section] of Object.entries(adapters)) {
    const adapter = section === false ? undefined : await findAdapter(name, folder).catch(() => undefined)
    if (adapter?.provides === port) names.push(name)
  }
  return names
}

function checkLines({ lines, plugins }: Settings): string[] {
  const running = Object.keys(plugins).filter((name) => plugins[name] !== false)
  const twice = lines.flatMap(({ number }, index) =>
    lines.findIndex((other) => other.number === number) < index
      ? [`\`lines.${index}.number\` is ${number}, which another line has already.`]
      : [],
  )
  return [...twice, ...screensOfNobody({ lines, running })]
}

function screensOfNobody({ lines, running }: { lines: Settings['lines']; running: string[] }): string[] {
  return lines.flatMap(({ screens = [] }, index) =>
    screens
      .filter((name) => !running.includes(name))
      .map(
        (name) =>
          `\`lines.${index}.screens\` names \`${name}\`, which does not run${didYouMean(name, running)}.`,
      ),
  )
}

function isSimulated(section: unknown): boolean {
  return (section as { simulated?: boolean } | null)?.simulated === true
}
