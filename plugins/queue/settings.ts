import { Calendar } from '#core/calendar.ts'
import { stages } from '#core/ports/dispatch.ts'
import { oneOf, PlaceName, type Static, Type } from '#core/schema.ts'
import { alarmKinds } from './alarms.ts'
import { CallBackSettings } from './call-back/settings.ts'
import { simpleNames, strategyNames } from './strategies.ts'

const Seconds = (options: { default?: number; minimum?: number; maximum?: number; description: string }) =>
  Type.Integer({ minimum: 0, maximum: 86_400, ...options })
const closed = { additionalProperties: false } as const
const Code = (code: string) => Type.String({ pattern: '^\\*[0-9]{1,6}$', default: code })
const Place = (description: string) => Type.Optional(PlaceName({ description }))

const simple = {
  is: oneOf(simpleNames),
  perHour: Type.Optional(
    Type.Boolean({ description: 'With `least_talk_today`: by the signed-in hour, fairer for late shifts.' }),
  ),
  by: Type.Optional(
    oneOf(['deficit', 'chance'], { description: 'With `weighted`: exact shares, or drawn each time.' }),
  ),
  fall: Type.Optional(
    Type.Object(
      {
        levels: Type.Integer({ minimum: 1, maximum: 10 }),
        every: Seconds({ minimum: 1, description: 'Seconds.' }),
      },
      {
        ...closed,
        description: 'With `skills`: the needed level falls by `levels` after each `every` seconds.',
      },
    ),
  ),
}
const steps = Type.Array(
  Type.Object(
    {
      after: Seconds({ description: 'Seconds of waiting.' }),
      who: Type.Optional(
        Type.Array(Type.String(), { description: 'Operators by id; everybody when absent.' }),
      ),
      strategy: Type.Object(simple, closed),
      keepRinging: Type.Optional(Type.Boolean({ description: 'Phones of earlier steps ring on.' })),
    },
    closed,
  ),
  { minItems: 1, maxItems: 20 },
)

export const StrategySettings = Type.Object(
  {
    ...simple,
    is: oneOf(strategyNames),
    steps: Type.Optional(steps),
    within: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_080,
        description: 'With `last_operator`: minutes for which a client’s operator is remembered. Default 60.',
      }),
    ),
    tryFor: Type.Optional(
      Seconds({ description: 'With `last_operator`: seconds he alone is tried. Default 10.' }),
    ),
    inner: Type.Optional(
      Type.Object(
        { ...simple, is: oneOf([...simpleNames, 'steps']), steps: Type.Optional(steps) },
        { ...closed, description: 'With `last_operator`: what comes after him.' },
      ),
    ),
  },
  { ...closed, description: 'Whom a caller is offered to.' },
)
export type StrategySettings = Static<typeof StrategySettings>

const OperatorSettings = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 60, description: 'How programs call him; never changes.' }),
    name: Type.Optional(Type.String({ maxLength: 60, description: 'How people call him.' })),
    user: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'The name by which he signs in to Callbus; his id when absent.',
      }),
    ),
    extension: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 60,
        description: 'His phone until he signs in at another one.',
      }),
    ),
    shift: Type.Optional(Calendar),
    number: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,10}$',
        description: 'What he enters at a phone to sign in; his id when absent.',
      }),
    ),
    pin: Type.Optional(
      Type.String({
        pattern: '^[0-9]{4,10}$',
        writeOnly: true,
        description: 'Without it he cannot sign in at a phone. Give it by `!env` or `!file`.',
      }),
    ),
    isAlwaysHere: Type.Boolean({
      default: false,
      description: 'Signed in as soon as the house is open: a phone that nobody signs in at.',
    }),
    skills: Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 10 }), {
      default: {},
      description: 'What he can take, with a level from 1 to 10.',
    }),
  },
  closed,
)

const sayable = ['greeting', 'busy', 'position', 'wait'] as const

const QueueSettings = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,39}$',
      description: 'Also the name of the place that callers are sent to.',
    }),
    operators: Type.Array(
      Type.Object(
        {
          id: Type.String({ minLength: 1 }),
          rank: Type.Integer({ default: 1, minimum: 1, maximum: 100 }),
          weight: Type.Number({ default: 1, exclusiveMinimum: 0, maximum: 100 }),
        },
        closed,
      ),
      { default: [], description: 'In the order of the circle; none means all operators.' },
    ),
    strategy: { ...StrategySettings, default: { is: 'ring_all' } },
    needs: Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 10 }), {
      default: {},
      description: 'Skills an operator must have, with the least level.',
    }),
    ringFor: Seconds({ default: 20, minimum: 3, maximum: 120, description: 'Seconds a phone rings.' }),
    wrapUp: Seconds({ default: 0, maximum: 600, description: 'Seconds after a talk without offers.' }),
    targetWait: Seconds({
      default: 20,
      minimum: 1,
      description: 'Seconds callers should wait at most: what the service level is measured by.',
    }),
    aging: Type.Number({ default: 0, minimum: 0, description: 'Priority that a minute of waiting adds.' }),
    maximumWait: Seconds({
      default: 180,
      minimum: 5,
      description: 'Seconds until a caller is led elsewhere.',
    }),
    maximumLength: Type.Integer({ default: 500, minimum: 1, description: 'Callers who wait at most.' }),
    overflow: Type.Optional(
      Type.Object(
        { after: Seconds({ minimum: 1, description: 'Seconds.' }), to: PlaceName({}) },
        {
          ...closed,
          description: 'Another queue or place for those who wait longer; their whole wait counts there.',
        },
      ),
    ),
    whenFull: Place('Where a caller goes when the queue is full.'),
    whenTooLong: Place('Where a caller goes at the longest wait: the responsible person.'),
    whenClosed: Place('Where a caller goes outside the hours.'),
    whenNobody: Place('Where a caller goes while nobody is signed in. Without it he waits.'),
    calendar: Calendar,
    announcements: Type.Array(
      Type.Object(
        { after: Seconds({ description: 'Seconds of waiting.' }), say: Type.Array(oneOf(sayable)) },
        closed,
      ),
      {
        default: [
          { after: 0, say: ['busy', 'position', 'wait'] },
          { after: 45, say: ['position', 'wait'] },
        ],
        description: 'What a waiting caller is told, step by step.',
      },
    ),
    repeatEvery: Seconds({
      default: 60,
      minimum: 30,
      description: 'Seconds between repeats of the last announcement.',
    }),
    expectedTalk: Seconds({
      default: 60,
      minimum: 10,
      maximum: 3_600,
      description: 'Seconds a call takes an operator, until the queue has learned it.',
    }),
    music: Type.Optional(Type.String({ description: 'What is heard meanwhile, as the exchange names it.' })),
  },
  closed,
)
export type QueueSettings = Static<typeof QueueSettings>

export const Settings = Type.Object(
  {
    operators: Type.Array(OperatorSettings, {
      default: ['101', '102', '103'].map((extension) => ({ id: extension, extension, isAlwaysHere: true })),
      description: 'The people who take calls.',
    }),
    queues: Type.Array(QueueSettings, {
      default: [{ name: 'operators' }],
      minItems: 1,
      description: 'The first is the one for everybody who needs a person.',
    }),
    unanswered: Type.Object(
      {
        atMost: Type.Integer({
          default: 2,
          minimum: 1,
          description: 'Unanswered offers in a row before an operator is paused.',
        }),
        pause: Seconds({
          default: 0,
          description: 'Seconds of that pause; 0 lasts until he ends it. One who is always here gets 5.',
        }),
      },
      { ...closed, default: {} },
    ),
    idleFrom: oneOf(['wrap_up_end', 'talk_end'], {
      default: 'wrap_up_end',
      description: 'When an operator begins to be idle.',
    }),
    priorities: Type.Object(
      {
        vip: Type.Number({ default: 100, description: 'What the VIP mark of the dispatch program adds.' }),
        brokenPromise: Type.Number({
          default: 50,
          description: 'What it adds that the client calls after his order again.',
        }),
        stages: Type.Partial(Type.Object(Object.fromEntries(stages.map((stage) => [stage, Type.Number()]))), {
          default: {},
          description: 'What the stage of his order adds, such as `arrived: 30`.',
        }),
      },
      { ...closed, default: {} },
    ),
    keys: Type.Record(
      Type.String({ pattern: '^[0-9*#]$' }),
      PlaceName({}, { words: ['repeat', 'call-back'], idsOf: 'operators' }),
      {
        default: {},
        description:
          'Keys that lead a waiting caller to another place or to an operator; `repeat` says again where he stands, `call-back` keeps his place while he hangs up.',
      },
    ),
    callBack: CallBackSettings,
    givenFor: Seconds({
      default: 60,
      minimum: 5,
      maximum: 600,
      description: 'Seconds that a caller whom a supervisor gives to one operator waits for him alone.',
    }),
    alarms: Type.Object(
      {
        longWait: Seconds({
          default: 120,
          description: 'Seconds a caller may wait before somebody is told.',
        }),
        nobody: Seconds({
          default: 60,
          description: 'Seconds an open queue may be without anybody signed in.',
        }),
        lineLost: Seconds({ default: 30, description: 'Seconds a line or the exchange may be away.' }),
        longHold: Seconds({ default: 120, description: 'Seconds an operator may leave a caller on hold.' }),
        longPause: Seconds({ default: 1_800, description: 'Seconds of a pause.' }),
        unanswered: Type.Integer({
          default: 3,
          minimum: 0,
          maximum: 100,
          description: 'Rings that an operator may leave unanswered one after another.',
        }),
        unansweredWithin: Seconds({ default: 1_800, description: 'Seconds; older rings are forgiven.' }),
        quiet: Type.Integer({
          default: 15,
          minimum: 0,
          maximum: 1_440,
          description: 'Minutes in which people are not told of the same thing again.',
        }),
        tell: Type.Array(oneOf(alarmKinds), {
          default: ['long_wait', 'nobody_signed_in', 'line_failed'],
          description: 'What the responsible people of `messages` are told; facts tell of all of them.',
        }),
      },
      { ...closed, default: {}, description: 'When something is not as it should be; 0 switches one off.' },
    ),
    pauseReasons: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), {
      default: ['break', 'lunch', 'training', 'meeting', 'technical'],
      minItems: 1,
      maxItems: 30,
      uniqueItems: true,
      description:
        'What operators can choose from at their desks. Those of the default are shown in everybody’s language, others as they are written.',
    }),
    phoneCodes: Type.Object(
      {
        signIn: Code('*11'),
        ready: Code('*12'),
        pause: Code('*13'),
        signOut: Code('*14'),
        reasons: Type.Record(Type.String({ pattern: '^[0-9]$' }), Type.String({ maxLength: 60 }), {
          default: { '1': 'break', '2': 'lunch', '3': 'training' },
          description: 'Reasons of a pause by the digit that follows its code, such as `*132`.',
        }),
      },
      { ...closed, default: {}, description: 'What operators dial at the phones on their desks.' },
    ),
    dialExtensions: Type.Boolean({
      default: true,
      description: 'A waiting caller may dial an operator’s extension at any moment.',
    }),
  },
  { ...closed, default: {} },
)
export type Settings = Static<typeof Settings>
