import { Calendar, partsOfDay } from '#core/calendar.ts'
import { oneOf, PlaceName, type Static, Type } from '#core/schema.ts'

const closed = { additionalProperties: false } as const
const Text = (description: string) => Type.String({ minLength: 1, maxLength: 1_000, description })
const Place = (description: string) => Type.Optional(PlaceName({ description }))
const Phones = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 50, description })
const RingFor = Type.Integer({ default: 20, minimum: 3, maximum: 120, description: 'Seconds they ring.' })
const ways = oneOf(['together', 'in turn'], { default: 'together', description: 'How they are rung.' })

const Choice = Type.Object(
  {
    tariff: Type.Optional(Text('The tariff of his order, as the dispatch program names it.')),
    service: Type.Optional(Text('The service he wants, such as a minivan or a delivery.')),
    crewGroup: Type.Optional(Text('The crews for it, as the dispatch program names their group.')),
    goTo: Place('The queue or other place he is led to.'),
  },
  closed,
)
export type Choice = Static<typeof Choice>

const Menu = Type.Object(
  {
    say: Text('The question, in the language of the line.'),
    keys: Type.Record(Type.String({ pattern: '^[0-9*#]$' }), Choice, {
      description: 'What each key means; without a key he goes on.',
    }),
    attempts: Type.Integer({ default: 2, minimum: 1, maximum: 5, description: 'How often it is asked.' }),
    patience: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after the question.',
    }),
  },
  closed,
)
export type Menu = Static<typeof Menu>

const Clients = Type.Object(
  {
    numbers: Type.Array(Type.String({ minLength: 3, maxLength: 30, examples: ['+380671234567'] }), {
      default: [],
      maxItems: 1_000,
      description: 'Their telephones.',
    }),
    kinds: Type.Array(oneOf(['vip', 'corporate', 'driver']), {
      default: [],
      description: 'Or whom the dispatch program calls so.',
    }),
    phones: Phones('Who serves them: extensions or telephones.'),
    way: ways,
    ringFor: RingFor,
  },
  closed,
)
export type Clients = Static<typeof Clients>

const Group = Type.Object(
  {
    phones: Phones('Extensions or telephones.'),
    way: ways,
    ringFor: RingFor,
    goTo: Place('Where he is led when nobody answers. Default: the fallback of the line.'),
  },
  { ...closed, description: 'A group number: these phones ring before anybody else.' },
)
export type Group = Static<typeof Group>

const Greeting = Type.Union(
  [
    Type.Literal(false),
    Text('The same at any time.'),
    Type.Partial(
      Type.Object(
        Object.fromEntries(partsOfDay.map((part) => [part, Text('In the language of the line.')])) as Record<
          (typeof partsOfDay)[number],
          ReturnType<typeof Text>
        >,
        closed,
      ),
    ),
  ],
  {
    description:
      'What is said first, in the language of the line; `false` for nothing. Default: the time of day and the brand, if the line has one.',
  },
)

export const Scenario = Type.Object(
  {
    greeting: Type.Optional(Greeting),
    calendar: Calendar,
    closed: Type.Object(
      {
        say: Type.Optional(Text('What is said then. Default: that we are closed now.')),
        goTo: Place('Where he is led after it. Without it the call ends there.'),
      },
      { ...closed, default: {}, description: 'Outside the hours of the calendar.' },
    ),
    clients: Type.Array(Clients, {
      default: [],
      description: 'Special clients, who are led to given people at any hour; the first that fits counts.',
    }),
    menus: Type.Array(Menu, {
      default: [],
      maxItems: 5,
      description: 'Questions asked one after the other: which service, private or corporate.',
    }),
    group: Type.Optional(Group),
  },
  // Only with a default of its own is a value of a record filled with defaults.
  { ...closed, default: {} },
)
export type Scenario = Static<typeof Scenario>

export const Settings = Type.Object(
  {
    scenarios: Type.Record(Type.String({ minLength: 1 }), Scenario, {
      default: {},
      description:
        'What a caller of each line goes through, by the name of the line in `lines`; the number, the language, the city, the brand, the plugins that take part and the queue are said there.',
    }),
  },
  { ...closed, default: {} },
)
export type Settings = Static<typeof Settings>
