/**
 * Texts live with their plugin, in every language side by side; a language that is missing does not compile.
 *
 *     export const words = defineWords('order-status', {
 *       noCarYet: { ru: '…', uk: '…', pl: '…', en: 'No car has been found yet.' },
 *       carComing: {
 *         ru: ({ minutes }: { minutes: number }) => `… ${ru.minutes(minutes)}`,
 *         uk: ({ minutes }) => …, pl: ({ minutes }) => …, en: ({ minutes }) => …,
 *       },
 *     })
 *
 *     caller.say(words.noCarYet, words.carComing({ minutes: 5 }))
 *
 * The first language says what the blanks are; the others are checked against it.
 */
import { type Language, languages } from '../schema.ts'

/** A text for people, ready to be said in the language of whoever listens. */
export interface Saying {
  /** `<plugin>.<key>`; recorded files that replace it carry this name. */
  readonly name: string
  in(language: Language): string
  /** Nobody but the caller is told it: facts carry `•••` instead of the text. */
  readonly isPrivate?: true
}

/** A saying that neither the journal nor anybody who listens to facts gets to see. */
export function secret(saying: Saying): Saying {
  return { ...saying, isPrivate: true }
}

/** One text in every language; blanks are filled when it is said. */
export type Texts<Blanks> = Record<Language, string | ((blanks: Blanks) => string)>

/** A text without blanks is a saying; one with blanks becomes a saying when they are filled. */
export type Words<Blanks> = {
  readonly [Key in keyof Blanks]: unknown extends Blanks[Key] ? Saying : (blanks: Blanks[Key]) => Saying
}

/** The words of any plugin, whatever their blanks. */
export type WordList = Readonly<Record<string, Saying | ((blanks: never) => Saying)>>

/** The sayings without blanks: they can be rendered before anybody calls. */
export function constantsOf(words: WordList): Saying[] {
  return Object.values(words).filter((word) => typeof word !== 'function')
}

export function defineWords<Blanks extends Record<string, unknown>>(
  owner: string,
  texts: { [Key in keyof Blanks]: Texts<Blanks[Key]> },
): Words<Blanks> {
  const words = Object.entries<Texts<never>>(texts).map(([key, text]) => [
    key,
    toWord(`${owner}.${key}`, text),
  ])
  return Object.fromEntries(words)
}

function toWord(name: string, texts: Texts<never>): Saying | ((blanks: never) => Saying) {
  const fill = (blanks: never): Saying => ({
    name,
    in(language) {
      const text = texts[language]
      return typeof text === 'string' ? text : text(blanks)
    },
  })
  const hasBlanks = languages.some((language) => typeof texts[language] !== 'string')
  return hasBlanks ? Object.defineProperty(fill, 'name', { value: name }) : fill(undefined as never)
}
