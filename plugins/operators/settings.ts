import { PlaceName, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    phones: Type.Array(Type.String(), {
      default: ['101', '102', '103'],
      description: 'Operator phones as the exchange knows them, in the order in which they are tried.',
    }),
    strategy: Type.Union([Type.Literal('ring_all'), Type.Literal('round_robin')], {
      default: 'ring_all',
      description: 'Ring every free phone at once, or one after another.',
    }),
    ringFor: Type.Integer({ default: 20, minimum: 3, maximum: 120, description: 'Seconds a phone rings.' }),
    restAfterMiss: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 600,
      description: 'Seconds a phone that did not answer is left alone.',
    }),
    maximumWait: Type.Integer({
      default: 180,
      minimum: 5,
      maximum: 3_600,
      description: 'Seconds a caller waits before the fallback.',
    }),
    fallback: Type.Optional(
      PlaceName({
        description:
          'Place for those whom nobody answered. Without it they are told so and led to the exchange’s own fallback.',
      }),
    ),
  },
  { additionalProperties: false, default: {} },
)
