import { type Static, Type } from '#core/schema.ts'

const Seconds = (options: { default: number; minimum?: number; maximum: number; description: string }) =>
  Type.Integer({ minimum: 0, ...options })

export const CallBackSettings = Type.Object(
  {
    offerFrom: Seconds({
      default: 90,
      maximum: 3_600,
      description: 'Seconds of expected waiting from which a call-back is offered: at first, and twice more.',
    }),
    ahead: Seconds({
      default: 25,
      maximum: 300,
      description: 'Seconds before his turn a client is rung: what it takes him to answer, and ten more.',
    }),
    reserveFor: Seconds({
      default: 20,
      minimum: 1,
      maximum: 120,
      description: 'Seconds an operator waits at most for a client who is rung.',
    }),
    ringFor: Seconds({
      default: 25,
      minimum: 15,
      maximum: 120,
      description: 'Seconds a client’s phone rings.',
    }),
    pauses: Type.Array(Type.Integer({ minimum: 1, maximum: 86_400 }), {
      default: [120, 600],
      maxItems: 10,
      description: 'Seconds before he is tried again when he is not reached, one for each further try.',
    }),
    text: Type.Boolean({
      default: true,
      description:
        'Who was not reached at the last try gets a text message, where the dispatch program can send it.',
    }),
    keepFor: Type.Integer({
      default: 120,
      minimum: 1,
      maximum: 2_880,
      description: 'Minutes after which a call-back whose turn has not come is given up.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'Clients who hang up and are called back.' },
)
export type CallBackSettings = Static<typeof CallBackSettings>
