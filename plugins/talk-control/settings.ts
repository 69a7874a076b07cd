import { PlaceName, type Static, Type } from '#core/schema.ts'

const seconds = (description: string, usual: number, most: number) =>
  Type.Integer({ default: usual, minimum: 1, maximum: most, description })

export const Settings = Type.Object(
  {
    phones: Type.Record(Type.String({ maxLength: 60 }), Type.String({ minLength: 1, maxLength: 60 }), {
      default: {},
      description:
        'The phone of each person by the name under which he signs in here; who signs in at a queue needs no entry.',
      examples: [{ olena: '101' }],
    }),
    ringFor: seconds('How long the phone of another person rings.', 20, 120),
    ringBackFor: seconds(
      'How long the phone of whoever gave a client on rings when nobody else took him.',
      10,
      120,
    ),
    answersItself: Type.Boolean({
      default: true,
      description:
        'A ringing phone is made to answer from the desk of the console: it is rung once more and told to answer by itself. Turn it off where phones are not set to obey.',
    }),
    parking: Type.Object(
      {
        first: Type.Integer({ default: 701, minimum: 1, maximum: 9_999, description: 'The first slot.' }),
        slots: Type.Integer({ default: 20, minimum: 1, maximum: 100, description: 'How many there are.' }),
        atMost: seconds('How long a client stays parked before whoever parked him is rung.', 120, 3_600),
      },
      { additionalProperties: false, default: {} },
    ),
    operatorsPlace: PlaceName({
      default: 'operators',
      description: 'Where a client goes whom nobody took.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
