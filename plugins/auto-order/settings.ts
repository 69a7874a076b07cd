import { PlaceName, type Static, Type } from '#core/schema.ts'

const strict = { additionalProperties: false } as const
const place = {
  address: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'As it stands in the order and is read out.',
  }),
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  passenger: Type.Optional(Type.String({ maxLength: 100 })),
  tariffId: Type.Optional(Type.String()),
  carGroupId: Type.Optional(Type.String()),
}

export const Settings = Type.Object(
  {
    venues: Type.Array(Type.Object({ phone: Type.String({ minLength: 1 }), ...place }, strict), {
      default: [],
      description: 'Restaurants, hotels and whoever else always orders to the same door, by their number.',
    }),
    home: Type.Boolean({
      default: true,
      description: 'Offer the address of the client’s card; first of all to landlines.',
    }),
    past: Type.Object(
      {
        isOn: Type.Boolean({ default: true, description: 'Offer where the client was picked up before.' }),
        atLeast: Type.Integer({
          default: 1,
          minimum: 1,
          maximum: 100,
          description: 'Orders from an address before it is offered.',
        }),
      },
      { ...strict, default: {} },
    ),
    capacity: Type.Object(
      {
        isOn: Type.Boolean({
          default: true,
          description: 'Say so before a promise when no car is free nearby.',
        }),
        radius: Type.Number({ default: 5, minimum: 0.1, maximum: 200, description: 'Kilometres.' }),
      },
      { ...strict, default: {} },
    ),
    sameWithin: Type.Integer({
      default: 15,
      minimum: 0,
      maximum: 240,
      description:
        'Minutes in which a second order of one number to one address is made only when the caller says so.',
    }),
    smallTown: Type.Object(
      {
        isOn: Type.Boolean({
          default: false,
          description:
            'No dispatcher: the caller is joined with the nearest free driver, who gets the order.',
        }),
        ringFor: Type.Integer({
          default: 15,
          minimum: 5,
          maximum: 120,
          description: 'Seconds each driver is rung.',
        }),
        drivers: Type.Integer({
          default: 5,
          minimum: 1,
          maximum: 50,
          description: 'So many are rung, one after the other, before an operator answers.',
        }),
        longestTalk: Type.Integer({ default: 10, minimum: 1, maximum: 60, description: 'Minutes.' }),
      },
      { ...strict, default: {} },
    ),
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after a question.',
    }),
    operatorsPlace: PlaceName({ default: 'operators', description: 'Where key 2 and silence lead.' }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
