/**
 * Recordings of people replace what engines say: `prompts/<language>/<plugin>/<key>.wav` in the site's folder.
 * A text with blanks can be recorded for one filling, as `<key>.<first 8 letters of its hash>.wav`.
 */
import { createHash } from 'node:crypto'
import { glob, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '../errors.ts'
import { type Language, languages } from '../schema.ts'
import { readWav } from '../sound/wav.ts'
import type { Saying, WordList } from './words.ts'

/** A recording as it was found, not yet brought to the telephone's form. */
export interface RecordedPrompt {
  file: string
  /** Changes whenever the file does. */
  version: string
}

export interface Prompt {
  /** Path inside the site's folder. */
  file: string
  name: string
  language: Language
  /** What to read aloud; absent when it has blanks, then it is heard only as a whole. */
  text?: string
}

/** Where the recording of a text lies inside the site's folder. */
function placeOf(name: string, language: Language, filled?: string): string {
  const [plugin = '', key = ''] = name.split('.')
  const hash = filled === undefined ? '' : `.${createHash('sha256').update(filled).digest('hex').slice(0, 8)}`
  return ['prompts', language, plugin, `${key}${hash}.wav`].join('/')
}

export async function findRecorded(
  siteFolder: string,
  saying: Saying,
  language: Language,
): Promise<RecordedPrompt | undefined> {
  for (const place of [placeOf(saying.name, language, saying.in(language)), placeOf(saying.name, language)]) {
    const file = join(siteFolder, place)
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile()) return { file, version: `${found.mtimeMs} ${found.size}` }
  }
  return undefined
}

/** Everything a site can record, in every language. */
export function listPrompts(words: readonly WordList[]): Prompt[] {
  const sayings = words.flatMap((each) => Object.values(each))
  return languages.flatMap((language) =>
    sayings.map((saying): Prompt => {
      const prompt = { file: placeOf(saying.name, language), name: saying.name, language }
      return typeof saying === 'function' ? prompt : { ...prompt, text: saying.in(language) }
    }),
  )
}

/** One sentence for each recording that cannot be used or would never be heard. */
export async function checkPrompts(siteFolder: string, prompts: readonly Prompt[]): Promise<string[]> {
  const known = new Set(prompts.map(({ file }) => file))
  const mistakes: string[] = []
  const files = await Array.fromAsync(glob('prompts/**/*.*', { cwd: siteFolder }))
  for (const file of files.toSorted()) {
    const mistake = await mistakeOf(join(siteFolder, file), known.has(plainOf(file)))
    if (mistake) mistakes.push(`${file}: ${mistake}`)
  }
  return mistakes
}

function plainOf(file: string): string {
  return file.replace(/\.[0-9a-f]{8}\.wav$/, '.wav')
}

async function mistakeOf(file: string, isKnown: boolean): Promise<string | undefined> {
  if (!file.endsWith('.wav'))
    return 'only WAV files are played. Save it as WAV, best 8 kHz, 16 bits, one channel.'
  if (!isKnown) return 'no text has this name, so it is never heard. `callbus prompts` lists the names.'
  try {
    const { rate, samples } = readWav(await readFile(file))
    if (samples.length < rate / 10) return 'it is shorter than a tenth of a second. Record it again.'
    if (samples.length > rate * 300) return 'it is longer than five minutes. Cut it.'
    return undefined
  } catch (failure) {
    return `it cannot be played: ${reasonOf(failure)}. Save it as PCM WAV, best 8 kHz, 16 bits, one channel.`
  }
}
