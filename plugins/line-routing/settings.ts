import { Phone, type Static, Type } from '#core/schema.ts'

const closed = { additionalProperties: false } as const
const Seconds = (usual: number, least: number, most: number, description: string) =>
  Type.Integer({ default: usual, minimum: least, maximum: most, description })

const Trunk = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
      examples: ['kyivstar-1'],
      description: 'As the exchange names it, such as a key of `adapters.asterisk.trunks`.',
    }),
    carriers: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Carriers whose phones leave by it; none makes it a spare line for all.',
    }),
    number: Type.Optional({
      ...Phone,
      description: 'Shown on calls by it, where the carrier lets no other number through.',
    }),
  },
  closed,
)
export type Trunk = Static<typeof Trunk>

export const Settings = Type.Object(
  {
    trunks: Type.Array(Trunk, {
      default: [],
      maxItems: 100,
      description: 'Our outside lines; the earlier, the sooner among equals.',
    }),
    ported: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'File of numbers that moved, `number;carrier` in each row, in the folder of the site.',
      }),
    ),
    prefixes: Type.Record(
      Type.String(),
      Type.Array(Type.String({ pattern: '^\\+[1-9][0-9]{1,14}$', examples: ['+38077'] })),
      { default: {}, description: 'What the tables do not know, by carrier.' },
    ),
    health: Type.Object(
      {
        look: Seconds(10, 2, 60, 'Seconds between looks at whether the other end of each line is there.'),
        failures: Type.Integer({
          default: 3,
          minimum: 2,
          maximum: 50,
          description: 'Calls to different phones that fail one after the other …',
        }),
        within: Seconds(600, 10, 86_400, '… within so many seconds make a line fail …'),
        rest: Seconds(300, 10, 86_400, '… for so many seconds; then it is tried again.'),
      },
      { ...closed, default: {} },
    ),
    selfTest: Type.Optional(
      Type.Object(
        {
          to: { ...Phone, description: 'A number of ours that each line calls; we do not pick up.' },
          every: Type.Integer({ default: 60, minimum: 1, maximum: 1_440, description: 'Minutes between.' }),
          ringFor: Seconds(15, 5, 60, 'Seconds it rings at most.'),
        },
        { ...closed, description: 'Calls by each line to ourselves.' },
      ),
    ),
    alarm: Type.Object(
      {
        phones: Type.Array(Phone, {
          default: [],
          maxItems: 20,
          description: 'Who is rung when a line fails, one after the other, until somebody presses 1.',
        }),
        after: Seconds(60, 0, 3_600, 'Seconds between the message and the first of these calls.'),
        ringFor: Seconds(30, 5, 120, 'Seconds each phone rings.'),
        pause: Seconds(120, 5, 3_600, 'Seconds between two rounds.'),
        rounds: Type.Integer({ default: 5, minimum: 1, maximum: 50, description: 'Rounds at most.' }),
      },
      {
        ...closed,
        default: {},
        description: 'Those responsible for `lines` in `messages` are told at once, then these phones ring.',
      },
    ),
  },
  { ...closed, default: {} },
)
export type Settings = Static<typeof Settings>

export function mistakesIn({ trunks, selfTest }: Settings): string[] {
  const names = trunks.map(({ name }) => name)
  const twice = names.filter((name, index) => names.indexOf(name) < index)
  return [
    ...twice.map((name) => `\`trunks\` names \`${name}\` twice`),
    ...(selfTest && trunks.length === 0 ? ['`selfTest` has no line to test: `trunks` is empty'] : []),
  ]
}
