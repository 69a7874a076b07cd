import { type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    publicUrl: Type.String({
      default: 'http://127.0.0.1:8080',
      pattern: '^https?://[^\\s/?#]+(/[^\\s?#]*[^\\s?#/])?$',
      maxLength: 90,
      description:
        'This house as the computers of dispatchers reach it, without a slash at the end. The default reaches nobody else’s.',
      examples: ['https://callbus.taxi.example'],
    }),
    linkDays: Type.Integer({
      default: 90,
      minimum: 1,
      maximum: 3_650,
      description: 'Days a link opens its recording, and for which sending it is tried.',
    }),
    orderWithin: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 1_440,
      description: 'Minutes after a talk in which a new order of the caller gets its recording too.',
    }),
    withoutOrder: Type.Boolean({
      default: true,
      description: 'Also sends recordings of callers who have no order, to be found by the number.',
    }),
    logins: Type.Record(Type.String(), Type.String({ maxLength: 60 }), {
      default: {},
      description: 'Login at the dispatch program by the operator’s phone.',
      examples: [{ '101': 'ivanova' }],
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
