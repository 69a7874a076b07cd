import { PlaceName, type Static, Type } from '#core/schema.ts'

const seconds = (description: string, usual: number, most: number) =>
  Type.Integer({ default: usual, minimum: 1, maximum: most, description })

const code = (description: string, usual: string) =>
  Type.String({ default: usual, pattern: '^([*#][0-9*#]{1,3})?$', description })

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
        code: Type.String({
          default: '*8',
          pattern: '^(\\*[0-9]{1,6})?$',
          description:
            'What a phone of the house dials to have the client who has been parked longest, or with a slot after it the one who waits there; empty, it is switched off.',
        }),
        atMost: seconds('How long a client stays parked before whoever parked him is rung.', 120, 3_600),
      },
      { additionalProperties: false, default: {} },
    ),
    codes: Type.Object(
      {
        warm: code(
          'With a number and `#` after it: the client is held and the phone rings; then again alone.',
          '*2',
        ),
        blind: code('With a number and `#` after it: the client is given on at once.', '##'),
        conference: code('All three talk.', '*3'),
        hold: code('The client hears music; again, and he comes back.', '*4'),
        park: code('The client waits in a slot, which is told.', '*5'),
        driver: code('The client is given to the driver of his order.', '*8'),
        back: code('The client comes back from hold, and whoever is consulted is let go.', '*0'),
        patience: seconds('After so long without a key a code that was begun is forgotten.', 5, 30),
      },
      {
        additionalProperties: false,
        default: {},
        description: 'What operators press during a talk; an empty code is switched off.',
      },
    ),
    operatorsPlace: PlaceName({
      default: 'operators',
      description: 'Where a client goes whom nobody took.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
