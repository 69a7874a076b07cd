import { type Stage, stages } from '#core/ports/dispatch.ts'
import { oneOf, PlaceName, type Static, Type } from '#core/schema.ts'

const minutes = (description: string, usual: number, most: number) =>
  Type.Integer({ default: usual, minimum: 0, maximum: most, description })

export const roles = ['client', 'driver'] as const
export type Role = (typeof roles)[number]

export const Settings = Type.Object(
  {
    first: oneOf(roles, {
      default: 'driver',
      description: 'Whose phone is rung first when neither of the two is on the line.',
    }),
    joinAt: Type.Array(oneOf<readonly Stage[]>(stages), {
      default: [],
      uniqueItems: true,
      description: 'Stages at which client and driver are joined by themselves, once per order and stage.',
    }),
    ringFor: Type.Integer({
      default: 25,
      minimum: 5,
      maximum: 120,
      description: 'Seconds each of the two phones rings.',
    }),
    lines: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Numbers of the company that hide the two from each other: shown for an order, and whoever of its two dials one reaches the other. As many as one driver has orders at once; an empty list keeps dialling back to `dialBack`.',
      examples: [['+380443334456', '+380443334457']],
    }),
    grace: minutes('Minutes after the end of an order in which its two still reach each other.', 60, 1_440),
    dialBack: minutes(
      'Minutes after we rang somebody in which he reaches his partner by dialling any other line of the company; 0 for never.',
      5,
      120,
    ),
    limits: Type.Object(
      {
        joins: Type.Integer({ default: 3, minimum: 1, maximum: 100, description: 'Joins of one order …' }),
        within: Type.Integer({
          default: 10,
          minimum: 1,
          maximum: 1_440,
          description: '… in so many minutes.',
        }),
        perOrder: Type.Integer({
          default: 20,
          minimum: 1,
          maximum: 1_000,
          description: 'Joins of one order altogether.',
        }),
        longestTalk: Type.Integer({
          default: 15,
          minimum: 1,
          maximum: 240,
          description: 'Minutes after which a talk ends.',
        }),
      },
      { additionalProperties: false, default: {} },
    ),
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after a question.',
    }),
    operatorsPlace: PlaceName({
      default: 'operators',
      description: 'Where key 2 leads, and who cannot be joined.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
