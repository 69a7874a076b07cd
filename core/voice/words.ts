/**
 * Texts live with their plugin, in every language side by side. A saying is a text not yet put into a
 * language: `words.carInMinutes({ minutes: 3 }).in('pl')`.
 */
import type { Language } from '../schema.ts'

/** A text for people, ready to be said in the language of whoever listens. */
export interface Saying {
  /** `<plugin>.<key>`; recorded files that replace it carry this name. */
  readonly name: string
  in(language: Language): string
}

type Text<Blanks> = [Blanks] extends [never] ? string : (blanks: Blanks) => string
type Entry = Record<Language, string> | Record<Language, (blanks: never) => string>

export type Words<Entries extends Record<string, Entry>> = {
  readonly [Key in keyof Entries]: Entries[Key]['en'] extends (blanks: infer Blanks) => string
    ? (blanks: Blanks) => Saying
    : Saying
}

/** `never`-free helper: declares one text with blanks, the same blanks in each language. */
export function withBlanks<Blanks>(texts: Record<Language, Text<Blanks>>) {
  return texts as Record<Language, (blanks: Blanks) => string>
}

export function defineWords<const Entries extends Record<string, Entry>>(owner: string, entries: Entries) {
  const words: Record<string, Saying | ((blanks: never) => Saying)> = {}
  for (const [key, texts] of Object.entries(entries)) {
    const name = `${owner}.${key}`
    words[key] =
      typeof texts.en === 'string'
        ? { name, in: (language) => texts[language] as string }
        : (blanks: never) => ({
            name,
            in: (language) => (texts[language] as (blanks: never) => string)(blanks),
          })
  }
  return words as Words<Entries>
}
