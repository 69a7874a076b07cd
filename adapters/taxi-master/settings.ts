import { stages } from '#core/ports/dispatch.ts'
import { oneOf, type Static, Type } from '#core/schema.ts'
import { DoorSettings } from './door/settings.ts'

const PhoneRule = Type.Object(
  {
    startsWith: Type.Optional(
      Type.String({ title: 'Starts with', description: 'The rule is for numbers that begin so.' }),
    ),
    length: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30,
        title: 'Length',
        description: 'The rule is for numbers this long.',
      }),
    ),
    strip: Type.Optional(
      Type.String({ title: 'Strip', description: 'Taken off the beginning when the number begins so.' }),
    ),
    keepLast: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30,
        title: 'Keep last',
        description: 'Only so many last characters stay.',
      }),
    ),
    prepend: Type.Optional(
      Type.String({ title: 'Prepend', description: 'Put in front, after everything else.' }),
    ),
  },
  { additionalProperties: false },
)

const PhoneRules = (about: string) =>
  Type.Object(
    {
      toDispatch: Type.Array(PhoneRule, {
        default: [],
        title: 'To Taxi-Master',
        description:
          'From `+380671234567` to their form; the first rule that fits is taken. Without one: digits only.',
      }),
      fromDispatch: Type.Array(PhoneRule, {
        default: [],
        title: 'From Taxi-Master',
        description:
          'From their form to `+380671234567`. Without a rule the number is read as the site’s country does.',
      }),
    },
    { default: {}, title: about, additionalProperties: false },
  )

const Key = (api: string) =>
  Type.String({
    minLength: 1,
    writeOnly: true,
    title: `Key of ${api}`,
    description: `The secret key typed in Taxi-Master for ${api}. Give it through the environment or a file.`,
  })

const StateId = Type.Integer({ minimum: 1 })

export const Settings = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^/]+/?$',
      title: 'Address',
      description: 'Scheme, host and port of the Taxi-Master API, without a path.',
      examples: ['https://192.168.1.5:8089'],
    }),
    allowPlainHttp: Type.Boolean({
      default: false,
      title: 'Allow plain HTTP',
      description:
        'Without TLS everybody on the network reads phones and can replay requests. Only for a closed network.',
    }),
    keys: Type.Object(
      { commonApi: Key('CommonAPI'), tapi: Key('TM TAPI') },
      { title: 'Keys', additionalProperties: false },
    ),
    userId: Type.Optional(
      Type.Integer({
        minimum: 1,
        title: 'CommonAPI user',
        description: 'Sent as `X-User-Id` when Taxi-Master asks for one.',
      }),
    ),
    tls: Type.Object(
      {
        verify: Type.Boolean({
          default: true,
          title: 'Verify the certificate',
          description: 'Taxi-Master’s own certificate is self-signed: better pin it than switch this off.',
        }),
        fingerprint: Type.Optional(
          Type.String({
            pattern: '^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$',
            title: 'Pinned certificate',
            description:
              'SHA-256 fingerprint of the only certificate to trust; takes the place of verification.',
          }),
        ),
        oldTls: Type.Boolean({
          default: false,
          title: 'Old TLS',
          description: 'Also speak TLS 1.0 and 1.1 and old ciphers, on these connections only.',
        }),
      },
      { default: {}, title: 'TLS', additionalProperties: false },
    ),
    deadlineMs: Type.Integer({
      default: 1500,
      minimum: 50,
      maximum: 30_000,
      title: 'Deadline of a question',
      description: 'Milliseconds a caller may wait for Taxi-Master; then the call goes on without it.',
    }),
    cancelDeadlineMs: Type.Integer({
      default: 5000,
      minimum: 50,
      maximum: 60_000,
      title: 'Deadline of a command',
      description:
        'Milliseconds for whatever changes something there, such as a cancellation or a new order.',
    }),
    circuit: Type.Object(
      {
        failures: Type.Integer({
          default: 8,
          minimum: 2,
          maximum: 1000,
          title: 'Silences',
          description: 'After so many requests without an answer in succession nobody waits for it any more.',
        }),
        restSeconds: Type.Number({
          default: 5,
          minimum: 1,
          maximum: 60,
          title: 'Rest',
          description: 'Seconds until one request finds out whether it is back; doubles up to a minute.',
        }),
      },
      { default: {}, title: 'When Taxi-Master is ill', additionalProperties: false },
    ),
    connections: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 128,
      title: 'Connections',
      description: 'At most so many kept-alive connections at a time.',
    }),
    phones: Type.Object(
      {
        orders: PhoneRules('Phones in orders'),
        sms: PhoneRules('Phones for SMS'),
        tapi: PhoneRules('Phones in look-ups of callers'),
      },
      {
        default: {},
        title: 'Phone numbers',
        description: 'How this site writes numbers.',
        additionalProperties: false,
      },
    ),
    stages: Type.Record(Type.String({ pattern: '^[1-9][0-9]*$' }), oneOf(stages), {
      default: {},
      title: 'Stages',
      description: 'Order state id to stage, where the guess from type and factory ids is wrong.',
      examples: [{ 24: 'driver_on_way', 68: 'cancelled_company' }],
    }),
    cancelState: Type.Optional(
      Type.Integer({
        minimum: 1,
        title: 'Cancelled by client',
        description:
          'The state id for orders cancelled by a caller. Without it: the first aborted state of the list.',
      }),
    ),
    statesToSet: Type.Partial(Type.Object(Object.fromEntries(stages.map((stage) => [stage, StateId]))), {
      default: {},
      title: 'States to set',
      description:
        'Stage to the order state id it is set by. Without it: the lowest id that counts as the stage.',
      additionalProperties: false,
      examples: [{ no_show: 12 }],
    }),
    timeZone: Type.Optional(
      Type.String({
        title: 'Time zone',
        description: 'Of the Taxi-Master server, which tells times without one. Without it: the site’s.',
        examples: ['Europe/Kyiv'],
      }),
    ),
    newOrders: Type.Object(
      {
        priorMinutes: Type.Integer({
          default: 30,
          minimum: 0,
          title: 'Prior from',
          description: 'An order wanted in more than so many minutes is a prior one.',
        }),
        pickupDays: Type.Integer({
          default: 90,
          minimum: 1,
          maximum: 1_000,
          title: 'Pickups of',
          description: 'Days of past orders that are looked through for where a client is picked up.',
        }),
        assignEvent: Type.Optional(
          Type.String({
            minLength: 1,
            title: 'Event that assigns',
            description:
              'Code of a system event of yours that gives `order_id` to `crew_id`: the API itself cannot.',
          }),
        ),
        keyAttribute: Type.Optional(
          Type.Integer({
            minimum: 1,
            title: 'Attribute for our key',
            description:
              'Id of a text attribute of orders that keeps the key against duplicates. Without it the key stands at the end of the comment.',
          }),
        ),
      },
      { default: {}, title: 'New orders', additionalProperties: false },
    ),
    cancelThrough: oneOf(['commonApi', 'tapi'], {
      default: 'commonApi',
      title: 'Move orders through',
      description: 'Which API changes the state.',
    }),
    driverPin: Type.Union([Type.Literal('termAccount'), StateId], {
      default: 'termAccount',
      title: 'PIN of a driver',
      description:
        'What proves a driver who calls from another phone: the account by which he pays at terminals, or the id of a driver’s attribute that holds his PIN.',
    }),
    operationsDays: Type.Integer({
      default: 31,
      minimum: 1,
      maximum: 366,
      title: 'Days of operations',
      description: 'How far back the last operation of an account is looked for.',
    }),
    offLineEvent: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Event that ends a shift',
        description:
          'Code of a system event of the type “by request of CommonAPI” whose script takes `driver_id` and `crew_id` off the line. Without it nobody can be taken off the line by telephone.',
        examples: ['take_off_line'],
      }),
    ),
    findByPhoneToDial: Type.Boolean({
      default: false,
      title: 'Search by number to dial',
      description:
        'When the caller has no order of his own, look for one to be dialled on his number. One or two more requests.',
    }),
    vip: Type.Object(
      {
        white: Type.Boolean({ default: true, title: 'White numbers are VIP' }),
        clientGroups: Type.Array(StateId, {
          default: [],
          title: 'VIP client groups',
          description: 'Ids of client groups.',
        }),
      },
      { default: {}, title: 'VIP', additionalProperties: false },
    ),
    blackClientGroups: Type.Array(StateId, {
      default: [],
      title: 'Black client groups',
      description: 'Clients of these groups count as black numbers.',
    }),
    watchSeconds: Type.Number({
      default: 5,
      minimum: 0,
      maximum: 300,
      title: 'Watch orders every',
      description: 'Seconds between looks at the current orders while none moves; 0 switches the watch off.',
    }),
    watchFastestSeconds: Type.Number({
      default: 1,
      minimum: 0.2,
      maximum: 300,
      title: 'Watch moving orders every',
      description: 'Seconds between looks while orders move. A slow Taxi-Master is looked at less often.',
    }),
    door: Type.Optional(DoorSettings),
    refreshStatesSeconds: Type.Number({
      default: 600,
      minimum: 5,
      title: 'Read the states every',
      description: 'Seconds between readings of the directory of order states.',
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>
export type PhoneRule = Static<typeof PhoneRule>
export type PhoneRules = Settings['phones']['tapi']
