import { Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    seconds: Type.Integer({
      default: 10,
      minimum: 3,
      maximum: 60,
      description: 'How long the operator who took the order rings alone, before anybody else.',
    }),
    phones: Type.Record(Type.String(), Type.String(), {
      default: {},
      description:
        'Phone of an operator by the account the dispatch program knows, where the two have different names.',
    }),
  },
  { additionalProperties: false, default: {} },
)
