import { oneOf, type Static, Type } from '#core/schema.ts'

/** What a program may leave out. */
const optional = [
  'identify',
  'findOrder',
  'findOrders',
  'createOrder',
  'updateOrder',
  'changeStage',
  'changeState',
  'cancellationPenalty',
  'cancelOrder',
  'reportCallBack',
  'joinClientAndDriver',
  'findAccount',
  'accountDetails',
  'checkClaim',
  'takeOffLine',
  'sendSms',
  'raiseCard',
  'attachRecording',
] as const

/** What can be asked over this contract; every other verb of the port is refused. */
export const verbs = ['states', ...optional] as const
export type Verb = (typeof verbs)[number]

export const Settings = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^/?#]+(/[^?#]*)?$',
      title: 'Address',
      description: 'Where the dispatch program answers; the paths of the contract follow it.',
      examples: ['https://dispatch.example/callbus'],
    }),
    token: Type.String({
      minLength: 1,
      writeOnly: true,
      title: 'Token',
      description: 'Sent as `Authorization: Bearer …`. Give it through the environment or a file.',
    }),
    cannot: Type.Array(oneOf(optional), {
      default: [],
      title: 'Cannot',
      description: 'What this program does not answer; whoever asks is told so at once.',
      examples: [['sendSms', 'raiseCard']],
    }),
    allowPlainHttp: Type.Boolean({
      default: false,
      title: 'Allow plain HTTP',
      description: 'Only for a network nobody else is on: the token travels readable.',
    }),
    fingerprint: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$',
        title: 'Fingerprint',
        description: 'SHA-256 of its certificate where no authority signed it; only this one is taken.',
      }),
    ),
    deadlineMs: Type.Integer({
      default: 1_500,
      minimum: 100,
      maximum: 30_000,
      title: 'Deadline of questions',
      description: 'Milliseconds.',
    }),
    commandDeadlineMs: Type.Integer({
      default: 5_000,
      minimum: 100,
      maximum: 60_000,
      title: 'Deadline of commands',
      description: 'Milliseconds.',
    }),
    connections: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 128,
      title: 'Connections',
      description: 'At most so many kept-alive connections at a time.',
    }),
    lookSeconds: Type.Number({
      default: 10,
      minimum: 1,
      maximum: 3_600,
      title: 'Look after it',
      description: 'Seconds between two questions that only find out whether it is there.',
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>
