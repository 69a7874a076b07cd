import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Plugin } from '../plugin.ts'
import { findPlugin } from '../registry.ts'
import { languages } from '../schema.ts'
import type { Settings } from '../settings.ts'
import { checkPrompts, listPrompts } from '../voice/recorded-prompts.ts'
import type { WordList } from '../voice/words.ts'
import type { Command } from './commands.ts'
import { Misuse } from './misuse.ts'
import { siteOf } from './site.ts'

/** `callbus prompts --language pl`: what a voice actor reads, and which of it is recorded. */
export const prompts: Command = {
  about: 'Lists what callers hear: the file that would replace it, and the text to read aloud.',
  takes: '[--language uk]',
  async run(words) {
    const { folder, settings } = siteOf(words)
    const wanted = languageOf(words)
    const all = listPrompts(await wordsOf(settings, folder))
    for (const { file, language, text } of all) {
      if (wanted && language !== wanted) continue
      const mark = existsSync(join(folder, file)) ? '●' : '○'
      console.log(`${mark} ${file}\n    ${text ?? '(has blanks: a recording is heard without them)'}`)
    }
    console.log(`\n● recorded in ${folder}, ○ spoken by the engines of \`voice\`.`)

    const mistakes = await checkPrompts(folder, all)
    for (const mistake of mistakes) console.log(`✗ ${mistake}`)
    return mistakes.length === 0 ? 0 : 1
  },
}

/** The words of every plugin that runs here and can be loaded. */
export async function wordsOf(settings: Settings, folder: string): Promise<WordList[]> {
  const names = Object.keys(settings.plugins).filter((name) => settings.plugins[name] !== false)
  const plugins = await Promise.all(
    names.map((name): Promise<Plugin | undefined> => findPlugin(name, folder).catch(() => undefined)),
  )
  return plugins.map((plugin) => plugin?.words).filter((each) => each !== undefined)
}

function languageOf(words: string[]): string | undefined {
  const { values } = parseArgs({
    args: words,
    options: { language: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  })
  const { language } = values
  if (language === undefined || languages.some((each) => each === language)) return language as string
  throw new Misuse(`Write a language after --language: ${languages.join(', ')}`)
}
