/** Settings that lead callers to a place nobody offers, found once everything is loaded and before anybody calls. */
import { didYouMean } from './did-you-mean.ts'
import { sentence } from './errors.ts'
import { isPlaceName } from './schema.ts'

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
    .flatMap(({ at, schema, settings }) => [...placesIn(schema, settings, at)])
    .filter(({ place }) => !known.includes(place))
    .map(({ setting, place }) =>
      sentence('PLACE_NOT_OFFERED', { setting, place, hint: didYouMean(place, known) }),
    )
}

function* placesIn(shape: Shape, value: unknown, at: string): Generator<{ setting: string; place: string }> {
  if (typeof value === 'string' && isPlaceName(shape)) yield { setting: at, place: value }
  for (const each of shape.anyOf ?? []) yield* placesIn(each, value, at)
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    const inner = Array.isArray(value) ? shape.items : memberOf(shape, key)
    if (inner) yield* placesIn(inner, each, `${at}.${key}`)
  }
}

function memberOf({ properties = {}, patternProperties = {} }: Shape, key: string): Shape | undefined {
  const found = Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern).test(key))
  return properties[key] ?? found?.[1]
}
