import { Calendar } from '../calendar.ts'
import { type Static, Type } from '../schema.ts'

const closed = { additionalProperties: false } as const

export const MessageSettings = Type.Object(
  {
    people: Type.Array(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 60 }),
          at: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 500 }), {
            description: 'His address by each way, such as `email: olena@taxi.example`.',
          }),
        },
        closed,
      ),
      { default: [], description: 'Who can be told something, and how.' },
    ),
    duties: Type.Array(
      Type.Object(
        {
          about: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
            default: [],
            description: 'What he answers for, such as `queue` or `lines`; none means everything.',
          }),
          who: Type.Array(Type.String({ minLength: 1 }), {
            minItems: 1,
            description: 'People by their names.',
          }),
          calendar: Calendar,
        },
        closed,
      ),
      {
        default: [],
        description:
          'Who is responsible for what, and when. While nobody is, whoever is responsible at other hours is told.',
      },
    ),
    giveUpAfter: Type.Integer({
      default: 24,
      minimum: 1,
      maximum: 168,
      description: 'Hours for which a message is tried again.',
    }),
  },
  { ...closed, default: {}, description: 'Responsible people, told by the adapters for messages.' },
)
export type MessageSettings = Static<typeof MessageSettings>
