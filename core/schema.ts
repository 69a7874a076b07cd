/**
 * TypeBox is the one schema language of the house: settings, facts, routes and MQTT payloads are written
 * in it, and the same schema validates, types and documents.
 */
import Type, { type Static, type TObject, type TSchema, type TSchemaOptions } from 'typebox'

export type { Static, TObject, TSchema, TSchemaOptions }
export { Type }

/** E.164, the only stored form of a number: `+380671234567`. */
export const Phone = Type.String({ pattern: '^\\+[1-9][0-9]{1,14}$', examples: ['+380671234567'] })
export type Phone = Static<typeof Phone>

/** Our own id of a call, the same for its whole life and on every screen. */
export const CallId = Type.String({ minLength: 1, maxLength: 64 })
export type CallId = Static<typeof CallId>

/** The exchange's id of one party's connection. */
export const LegId = Type.String({ minLength: 1, maxLength: 149 })
export type LegId = Static<typeof LegId>

/** The dispatch program's id of an order. */
export const OrderId = Type.String({ minLength: 1, maxLength: 64 })
export type OrderId = Static<typeof OrderId>

/** Milliseconds since 1970 UTC. */
export const Moment = Type.Integer({ minimum: 0 })
export type Moment = Static<typeof Moment>

export const languages = ['ru', 'uk', 'pl', 'en'] as const
export const Language = Type.Union(languages.map((language) => Type.Literal(language)))
export type Language = (typeof languages)[number]

/** What may stand where a place stands, without being one. */
export interface NoPlaces {
  words?: readonly string[]
  /** A list beside it in the section, whose ids may stand there. */
  idsOf?: string
}

/** A place that callers are led to; once everything is loaded it is looked whether somebody offers it. */
export function PlaceName(options: TSchemaOptions, orElse: NoPlaces = {}) {
  return Type.String({ minLength: 1, ...options, [marksPlace]: orElse })
}

/** `undefined` for what is no place at all. */
export function noPlacesOf(schema: object): NoPlaces | undefined {
  return (schema as { [marksPlace]?: NoPlaces })[marksPlace]
}

const marksPlace = 'x-place'

/** One of several fixed words. */
export function oneOf<const Words extends readonly string[]>(words: Words, options: TSchemaOptions = {}) {
  return Type.Unsafe<Words[number]>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      options,
    ),
  )
}
