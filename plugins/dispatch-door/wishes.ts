/** What programs may say, over HTTP and MQTT alike, and what it means here. */
import { CallbusError } from '#core/errors.ts'
import type { Phones } from '#core/phones.ts'
import { stages } from '#core/ports/dispatch.ts'
import { OrderId, oneOf, type Phone, type Static, Type } from '#core/schema.ts'
import type { Wish } from './requests.ts'

/** As people write it; what is no number of this country gets a sentence. */
const RawPhone = Type.String({ minLength: 1, maxLength: 40, examples: ['+380671234567'] })
const Word = Type.String({ minLength: 1, maxLength: 200 })
const Parameters = Type.Optional(
  Type.Array(Type.String({ maxLength: 200 }), {
    maxItems: 10,
    description: 'Handed on as they are to whoever makes the call.',
  }),
)
const closed = { additionalProperties: false }

export const Stage = Type.Object(
  {
    stage: oneOf(stages),
    stateName: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'The program’s own word for it.' }),
    ),
    at: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER - 1,
        description:
          'When the order moved, in milliseconds by the clock of the program: what comes late is known as old. Without it, the last one told counts.',
      }),
    ),
    phone: Type.Optional(RawPhone),
    minutes: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
    car: Type.Optional(Type.Partial(Type.Object({ colour: Word, make: Word, plate: Word }, closed))),
  },
  closed,
)
export const StageOfOrder = Type.Object({ order: OrderId, ...Stage.properties }, closed)

export const CallBack = Type.Object(
  {
    phone: RawPhone,
    order: Type.Optional(OrderId),
    action: Type.String({
      minLength: 1,
      maxLength: 200,
      examples: ['arrived'],
      description: 'What the call is about; the plugin that calls knows the words.',
    }),
    parameters: Parameters,
  },
  closed,
)

export const Join = Type.Object(
  {
    phones: Type.Tuple([RawPhone, RawPhone], { description: 'As a rule the client, then his driver.' }),
    order: Type.Optional(OrderId),
    parameters: Parameters,
  },
  closed,
)

export const Accepted = Type.Object({
  outcome: oneOf(['accepted', 'moved', 'known', 'old'], {
    description:
      'Of a stage: `moved`, `known` when the order was there already, `old` when something later was told before.',
  }),
  isRepeat: Type.Boolean({ description: 'It was accepted before under this key; nothing was done again.' }),
})

export type Wishes = ReturnType<typeof openWishes>

export function openWishes(phones: Pick<Phones, 'toE164'>) {
  function toPhone(raw: string, where: string): Phone {
    const phone = phones.toE164(raw)
    if (phone === undefined) {
      throw new CallbusError('REQUEST_INVALID', { mistakes: `${where} is not a phone number` })
    }
    return phone
  }

  return {
    // Member by member: the same request is the same text, however the program orders its members.
    toStage({ order, stage, stateName = stage, at, phone, minutes, car }: Static<typeof StageOfOrder>): Wish {
      return {
        name: 'order.stage-changed',
        told: { stage, ...(at !== undefined && { at }) },
        data: {
          order,
          stateName,
          ...(phone !== undefined && { phone: toPhone(phone, 'phone') }),
          ...(minutes !== undefined && { minutes }),
          ...(car && { car: inOrder(car) }),
        },
      }
    },

    toCallBack({ phone, order, action, parameters = [] }: Static<typeof CallBack>): Wish {
      return {
        name: 'callback.requested',
        phone: toPhone(phone, 'phone'),
        ...(order !== undefined && { order }),
        script: action,
        action,
        parameters,
      }
    },

    toJoin({ phones: [one, other], order, parameters = [] }: Static<typeof Join>): Wish {
      return {
        name: 'join.requested',
        phones: [toPhone(one, 'phones/0'), toPhone(other, 'phones/1')],
        ...(order !== undefined && { order }),
        parameters,
      }
    },
  }
}

function inOrder({ colour, make, plate }: NonNullable<Static<typeof Stage>['car']>) {
  return {
    ...(colour !== undefined && { colour }),
    ...(make !== undefined && { make }),
    ...(plate !== undefined && { plate }),
  }
}
