import { PlaceName, type Static, Type } from '#core/schema.ts'

export const Step = Type.Object(
  {
    phone: Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'An extension of the exchange, or a number of the outside world with its `+`.',
    }),
    ringFor: Type.Integer({ default: 15, minimum: 3, maximum: 120, description: 'Seconds it rings.' }),
  },
  { additionalProperties: false },
)
export type Step = Static<typeof Step>

const cascade = (options: { default?: []; description: string }) =>
  Type.Array(Step, { maxItems: 10, ...options })
export const Steps = cascade({ description: 'Phones one after another: office, mobile, secretary.' })

export const Settings = Type.Object(
  {
    clients: Type.Array(
      Type.Object(
        {
          phones: Type.Array(Type.String({ maxLength: 30 }), {
            minItems: 1,
            description: 'Of the client, in any form the country writes numbers in.',
          }),
          steps: Steps,
        },
        { additionalProperties: false },
      ),
      { default: [], description: 'Clients with a manager of their own; those set by API come before them.' },
    ),
    vip: cascade({
      default: [],
      description: 'For every other client whom the dispatch program marks as VIP.',
    }),
    whenNobody: PlaceName({
      default: 'operators',
      description: 'The place where he goes on when none of the phones is answered.',
    }),
    priority: Type.Number({
      default: 100,
      minimum: 0,
      description: 'What his waiting there is worth: a VIP is served before others.',
    }),
    music: Type.Optional(Type.String({ description: 'What is heard meanwhile, as the exchange names it.' })),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
