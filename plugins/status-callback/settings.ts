import { stages } from '#core/ports/dispatch.ts'
import { languages, oneOf, PlaceName, type Static, type TSchemaOptions, Type } from '#core/schema.ts'
import { results, retried } from './results.ts'

const Wall = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['22:00'] })
const Seconds = Type.Integer({ minimum: 0, maximum: 86_400 })

const StateOrStage = Type.String({ minLength: 1, maxLength: 64 })

const Attempts = (options: TSchemaOptions = {}) =>
  Type.Partial(
    Type.Object(
      Object.fromEntries(retried.map((result) => [result, Type.Integer({ minimum: 1, maximum: 20 })])),
    ),
    { additionalProperties: false, ...options },
  )
const Pauses = (options: TSchemaOptions = {}) =>
  Type.Partial(
    Type.Object(Object.fromEntries([...retried, 'line_error' as const].map((result) => [result, Seconds]))),
    { additionalProperties: false, ...options },
  )
const RingFor = (options: TSchemaOptions = {}) =>
  Type.Object(
    {
      mobile: Type.Integer({ default: 30, minimum: 15, maximum: 120 }),
      landline: Type.Integer({ default: 45, minimum: 15, maximum: 120 }),
    },
    { additionalProperties: false, ...options },
  )
const QuietHours = (options: TSchemaOptions = {}) =>
  Type.Object(
    {
      from: Wall,
      to: Wall,
      meanwhile: oneOf(['wait', 'drop'], {
        default: 'wait',
        description: 'Wait till their end, or call nobody.',
      }),
    },
    { additionalProperties: false, ...options },
  )
const Line = Type.String({
  description: 'Number of the line in whose name we call. Without it: the one the client called on last.',
})

const sentences = ['state', 'delayed', 'no_car', 'cancelled', 'coming'] as const

export const RuleSettings = Type.Object(
  {
    on: Type.Optional(
      oneOf([...stages, 'delayed', 'request'], {
        description:
          'The stage at which clients are called by themselves; `delayed` when a promise is broken; `request` only when somebody asks. Without it: the name of the rule.',
      }),
    ),
    states: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Only in these states of the dispatch program, by id or name.',
        examples: [['24', 'Клиент не выходит']],
      }),
    ),
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400,
        description: 'Seconds the stage must last before the call.',
      }),
    ),
    say: Type.Optional(
      oneOf(sentences, {
        description:
          'Which sentence; `state` tells how the order stands, `coming` asks whether he is coming.',
      }),
    ),
    text: Type.Optional(
      Type.Partial(
        Type.Object(
          Object.fromEntries(
            languages.map((language) => [language, Type.String({ minLength: 1, maxLength: 1000 })]),
          ),
        ),
        {
          additionalProperties: false,
          description: 'A sentence of your own instead, by language; the car is told after it.',
        },
      ),
    ),
    moves: Type.Optional(
      Type.Partial(Type.Object(Object.fromEntries(results.map((result) => [result, StateOrStage]))), {
        additionalProperties: false,
        description: 'Result to the stage, or the id of the state, into which the order is moved after it.',
        examples: [{ reached_confirmed: '31', no_answer: '32' }],
      }),
    ),
    attempts: Type.Optional(Attempts()),
    pauses: Type.Optional(Pauses()),
    ringFor: Type.Optional(RingFor()),
    line: Type.Optional(Line),
    quietHours: Type.Optional(QuietHours()),
  },
  { additionalProperties: false },
)
export type RuleSettings = Static<typeof RuleSettings>

export const Settings = Type.Object(
  {
    rules: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_-]{0,39}$' }), RuleSettings, {
      default: {
        arrived: {},
        delayed: {},
        no_car: { on: 'searching', after: 600, say: 'no_car' },
        cancelled: { on: 'cancelled_company' },
        no_show: { say: 'coming' },
      },
      description:
        'Name to rule; the first that fits is taken. A name is also an action for scripts of the dispatch program.',
      examples: [{ assigned: {}, arrived: { moves: { reached_confirmed: '31' } } }],
    }),
    attempts: Attempts({
      default: { busy: 3, no_answer: 2, switched_off: 2, invalid: 1, reached_short: 1 },
      description: 'How often a result may come before it is final.',
    }),
    pauses: Pauses({
      default: { busy: 45, no_answer: 90, switched_off: 180, invalid: 60, reached_short: 30, line_error: 15 },
      description: 'Seconds to the next try. `line_error` is ours and counts against nobody.',
    }),
    ringFor: RingFor({
      default: {},
      description: 'Seconds a phone rings, by what kind it is.',
    }),
    line: Type.Optional(Line),
    quietHours: Type.Optional(
      QuietHours({
        description: 'By the clock of the site nobody is called, unless a person asks for it.',
      }),
    ),
    perDay: Type.Integer({
      default: 20,
      minimum: 1,
      maximum: 1000,
      description: 'Calls to one number a day, unless a person asks for one.',
    }),
    keepTrying: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 1440,
      description: 'Minutes after which news is no news any more and nobody is called about it.',
    }),
    patience: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after the text.',
    }),
    lateBy: Type.Integer({
      default: 3,
      minimum: 0,
      maximum: 60,
      description: 'Minutes beyond the first promise that make a delay.',
    }),
    lookEvery: Type.Integer({
      default: 120,
      minimum: 1,
      maximum: 3600,
      description: 'Seconds between looks at an order whose car was promised.',
    }),
    operatorsPlace: PlaceName({ default: 'operators', description: 'Where key 2 leads.' }),
    driverPlace: PlaceName(
      {
        default: 'driver-bridge',
        description: 'Where key 3 leads; without such a place to an operator.',
      },
      { words: ['driver-bridge'] },
    ),
    raiseCard: Type.Boolean({
      default: true,
      description: 'Raise the order on dispatchers’ screens when a client wants an operator.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
