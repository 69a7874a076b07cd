/** Who is told. */
import type { LocalTime } from '../calendar.ts'
import type { Moment } from '../schema.ts'
import type { MessageSettings } from './settings.ts'

export type Person = MessageSettings['people'][number]

/** Everybody responsible for it now; where nobody is, everybody who is at other hours. */
export function responsibleFor(
  { people, duties }: MessageSettings,
  about: string,
  localTime: LocalTime,
  now: Moment,
): Person[] {
  const for_ = duties.filter((duty) => duty.about.length === 0 || duty.about.includes(about))
  const present = for_.filter(({ calendar }) => localTime.isOpen(calendar, now))
  const names = new Set((present.length > 0 ? present : for_).flatMap(({ who }) => who))
  return people.filter(({ name }) => names.has(name))
}

/** Sentences for names and ways that nobody knows. */
export function mistakesOf({ people, duties }: MessageSettings, ways: readonly string[]): string[] {
  const names = new Set(people.map(({ name }) => name))
  return [
    ...duties
      .flatMap(({ who }) => who)
      .filter((name) => !names.has(name))
      .map((name) => `\`messages.duties\` names ${name}, who is not among \`messages.people\``),
    ...people.flatMap(({ name, at }) =>
      Object.keys(at)
        .filter((way) => !ways.includes(way))
        .map((way) => `${name} is told by ${way}, which is not among \`adapters\``),
    ),
  ]
}
