import { type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    baseUrl: Type.String({
      pattern: '^https?://[^/?#]+(/[^?#]*)?$',
      title: 'Address',
      description: 'Where the service answers, up to and with its `/v1`.',
      examples: ['http://127.0.0.1:8081/v1', 'https://speech.example/v1'],
    }),
    path: Type.String({
      pattern: '^/[^?#]*$',
      default: '/audio/transcriptions',
      title: 'Path',
      description: 'Follows the address.',
    }),
    model: Type.String({
      minLength: 1,
      default: 'whisper-1',
      title: 'Model',
      description: 'As the service names it; some ignore it.',
    }),
    key: Type.Optional(
      Type.String({
        minLength: 1,
        pattern: '^[!-~]+$',
        writeOnly: true,
        title: 'Key',
        description:
          'Sent as `Authorization: Bearer …`. Give it by `!env` or `!file`; services in the house need none.',
      }),
    ),
    fields: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      propertyNames: { pattern: '^(?!(file|model|language|response_format|temperature)$)' },
      default: {},
      title: 'More fields',
      description: 'Sent as they are with every recording, beside those that are always sent.',
      examples: [{ temperature_inc: 0, prompt: 'Таксі, водій, замовлення.' }],
    }),
    deadlineSeconds: Type.Number({
      default: 110,
      minimum: 0.1,
      maximum: 3_600,
      title: 'Deadline',
      description: 'Seconds the service may take for one recording, from the moment its turn has come.',
    }),
    longestSeconds: Type.Integer({
      default: 600,
      minimum: 1,
      maximum: 3_600,
      title: 'Longest recording',
      description: 'Longer ones are not sent: the service would be busy with them for too long.',
    }),
    simultaneous: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 64,
      title: 'At once',
      description:
        'Recordings sent at the same time. A server of your own mostly does one after the other anyway.',
    }),
    waiting: Type.Integer({
      default: 20,
      minimum: 0,
      maximum: 1_000,
      title: 'In turn',
      description: 'Recordings that may wait for their turn; more go on without their text at once.',
    }),
    lookSeconds: Type.Number({
      default: 60,
      minimum: 1,
      maximum: 3_600,
      title: 'Look after it',
      description: 'Seconds between two questions that only find out whether it is there (`GET /models`).',
    }),
    allowPlainHttp: Type.Boolean({
      default: false,
      title: 'Allow plain HTTP',
      description:
        'Also to a machine outside: recordings and the key travel readable. This machine and private addresses need no leave.',
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>
