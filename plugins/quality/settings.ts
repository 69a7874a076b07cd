import { Calendar } from '#core/calendar.ts'
import { oneOf, PlaceName, type Static, Type } from '#core/schema.ts'
import { subjects } from './tables.ts'

const closed = { additionalProperties: false } as const

const Share = (options: { default: number; description: string }) =>
  Type.Integer({ minimum: 0, maximum: 100, ...options })

const daytime = {
  hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '10:00', to: '20:00' }],
}

const ComplaintSettings = Type.Object(
  {
    lines: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Numbers of the company whose callers come to complain. Others come by a key: the place is `complaints`.',
    }),
    longest: Type.Integer({
      default: 180,
      minimum: 5,
      maximum: 1800,
      description: 'Seconds a complaint may last.',
    }),
    shortest: Type.Number({
      default: 3,
      minimum: 0,
      maximum: 60,
      description:
        'Seconds of recording, with our “please speak”, below which nothing was said and nobody is told.',
    }),
    operatorsPlace: PlaceName({ default: 'operators', description: 'Where key 0 leads.' }),
    keepDays: Type.Integer({
      default: 365,
      minimum: 1,
      maximum: 3650,
      description: 'Days complaints and marks are kept.',
    }),
  },
  { ...closed, default: {}, description: 'The complaint line.' },
)

const AfterTripSettings = Type.Object(
  {
    share: Share({ default: 20, description: 'Percent of trips after which the client is asked.' }),
    after: Type.Number({ default: 5, minimum: 0, maximum: 1440, description: 'Minutes after the trip.' }),
    within: Type.Number({
      default: 16,
      minimum: 1,
      maximum: 72,
      description: 'Hours after the trip within which he is asked, or not at all.',
    }),
    calendar: Type.Object(Calendar.properties, {
      ...closed,
      default: daytime,
      description: 'When clients may be rung.',
    }),
    attempts: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 5,
      description: 'How often a client who does not answer is rung.',
    }),
    pause: Type.Number({ default: 20, minimum: 1, maximum: 1440, description: 'Minutes between two tries.' }),
    ringFor: Type.Integer({ default: 25, minimum: 15, maximum: 120, description: 'Seconds a phone rings.' }),
    line: Type.Optional(Type.String({ description: 'Number of the line in whose name we call.' })),
  },
  { ...closed, default: {}, description: 'The call to the client after his trip.' },
)

const EndOfCallSettings = Type.Object(
  {
    share: Share({
      default: 0,
      description: 'Percent of talks after which the caller whose operator hung up is asked. 0 for none.',
    }),
  },
  { ...closed, default: {}, description: 'The mark for the operator at the end of a talk.' },
)

export const Settings = Type.Object(
  {
    complaints: ComplaintSettings,
    afterTrip: AfterTripSettings,
    endOfCall: EndOfCallSettings,
    writeBack: Type.Array(oneOf(subjects), {
      default: ['driver'],
      uniqueItems: true,
      description: 'Whose marks are written into the dispatch program too, where it takes them.',
    }),
    restDays: Type.Integer({
      default: 7,
      minimum: 7,
      maximum: 365,
      description: 'Days between two askings of one number.',
    }),
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after the text.',
    }),
  },
  { ...closed, default: {} },
)
export type Settings = Static<typeof Settings>
