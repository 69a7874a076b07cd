import { AttemptLimits } from '#core/attempts.ts'
import { oneOf, PlaceName, type Static, Type } from '#core/schema.ts'
import { currencies } from '#core/voice/grammar/money.ts'

const owners = ['driver', 'client'] as const
const Owners = (usual: readonly (typeof owners)[number][], description: string) =>
  Type.Array(oneOf(owners), { default: [...usual], uniqueItems: true, description })
const told = (description: string) => Type.Boolean({ default: true, description })

export const Settings = Type.Object(
  {
    currency: oneOf(currencies, { default: 'UAH', description: 'In which money balances are told.' }),
    lines: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Numbers of the company on which everybody hears his balance at once.',
      examples: [['+380443334457']],
    }),
    everyLine: Owners([], 'Who, known by his number, hears it at once on every other line too.'),
    trustNumber: Owners(['driver', 'client'], 'Whose number is proof enough; the others type their code.'),
    withCode: Owners(
      ['driver', 'client'],
      'Who may prove by a code who he is: a driver by call sign and PIN, a client by login or contract and password.',
    ),
    employees: Type.Union(
      [Type.Literal('none'), Type.Literal('all'), Type.Array(Type.String({ minLength: 1 }))],
      {
        default: 'none',
        description:
          'Which employees of corporate clients hear the balance of their company: none, all, or those with these ids.',
        examples: [['9001', '9002']],
      },
    ),
    attempts: AttemptLimits({ perCall: 3 }),
    tell: Type.Object(
      {
        bonus: told('Bonuses of a client.'),
        lastOperation: told('The day of the last operation.'),
        shift: told('When a driver’s shift began.'),
        priority: told('A driver’s priority.'),
      },
      { additionalProperties: false, default: {} },
    ),
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key, also between two digits.',
    }),
    repeats: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 10,
      description: 'How often one caller may hear it.',
    }),
    keepDays: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 3_650,
      description: 'Days it stays written down who was told what.',
    }),
    operatorsPlace: PlaceName({ default: 'operators', description: 'Where key 0 leads.' }),
    driversPlace: Type.Optional(PlaceName({ description: 'Where key 0 leads a driver, if elsewhere.' })),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
