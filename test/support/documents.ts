/** What documents show as code, so that tests can hold them to it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Block {
  language: string
  /** From ```` ```ts file=words.ts ````. */
  file?: string
  text: string
}

export async function readDocument(path: string): Promise<string> {
  return await readFile(join(root, path), 'utf8')
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', file, text = '']) => ({ language, text, ...(file && { file }) }),
  )
}
