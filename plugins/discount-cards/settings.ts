import { AttemptLimits } from '#core/attempts.ts'
import { PlaceName, type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    lines: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Numbers of the company on which every caller is asked for his card.',
      examples: [['+380443334455']],
    }),
    service: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'On every other line those are asked who chose this service in its menu.',
        examples: ['card'],
      }),
    ),
    password: Type.Boolean({
      default: true,
      description: 'A client who has a password types it too.',
    }),
    attempts: AttemptLimits({ perCall: 2 }),
    presetWithin: Type.Integer({
      default: 60,
      minimum: 0,
      maximum: 1_440,
      description:
        'Minutes in which the next order of his number gets the tariff and the discount, whoever makes it; 0 for never.',
    }),
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key, also between two digits.',
    }),
    operatorsPlace: Type.Optional(
      PlaceName({
        description: 'Where those are led whose card could not be found. Default: the fallback of the line.',
      }),
    ),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
