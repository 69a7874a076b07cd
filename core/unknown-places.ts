/** Settings that lead callers to a place nobody offers, found once everything is loaded and before anybody calls. */
import { didYouMean } from './did-you-mean.ts'
import { sentence } from './errors.ts'
import { type NoPlaces, noPlacesOf } from './schema.ts'

interface Shape {
  properties?: Record<string, Shape>
  patternProperties?: Record<string, Shape>
  items?: Shape
  anyOf?: Shape[]
}

export interface Section {
  /** Where it stands, such as `plugins.lines`. */
  at: string
  schema: object
  settings: unknown
}

/** One sentence for each. */
export function unknownPlaces(sections: readonly Section[], known: readonly string[]): string[] {
  return sections
    .flatMap(({ at, schema, settings }) =>
      [...placesIn(schema, settings, at)].filter(
        ({ place, orElse }) => !isSomethingElse(place, orElse, settings),
      ),
    )
    .filter(({ place }) => !known.includes(place))
    .map(({ setting, place }) =>
      sentence('PLACE_NOT_OFFERED', { setting, place, hint: didYouMean(place, known) }),
    )
}

interface Named {
  setting: string
  place: string
  orElse: NoPlaces
}

function* placesIn(shape: Shape, value: unknown, at: string): Generator<Named> {
  const orElse = noPlacesOf(shape)
  if (typeof value === 'string' && orElse) yield { setting: at, place: value, orElse }
  for (const each of shape.anyOf ?? []) yield* placesIn(each, value, at)
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    const inner = Array.isArray(value) ? shape.items : memberOf(shape, key)
    if (inner) yield* placesIn(inner, each, `${at}.${key}`)
  }
}

function isSomethingElse(place: string, { words = [], idsOf }: NoPlaces, settings: unknown): boolean {
  if (words.includes(place)) return true
  const list = idsOf === undefined ? [] : (settings as Record<string, { id: string }[]>)[idsOf]
  return list?.some(({ id }) => id === place) ?? false
}

function memberOf({ properties = {}, patternProperties = {} }: Shape, key: string): Shape | undefined {
  const found = Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern).test(key))
  return properties[key] ?? found?.[1]
}
