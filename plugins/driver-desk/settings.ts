import { PlaceName, type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    place: PlaceName(
      {
        default: 'drivers',
        description: 'Where drivers wait for a person, such as a queue of their own.',
      },
      { words: ['drivers'] },
    ),
    operatorsPlace: PlaceName({
      default: 'operators',
      description: 'Where they wait while there is no such place.',
    }),
    priority: Type.Integer({
      default: 5,
      minimum: 0,
      maximum: 100,
      description: 'Priority of drivers; VIPs usually have 10.',
    }),
    atPlace: Type.Union(
      [Type.Literal('nobody'), Type.Literal('everybody'), Type.Array(Type.String({ minLength: 1 }))],
      {
        default: 'nobody',
        description:
          'Who says by a key that he is at the place: drivers with radios only, by their call signs. The others have it on their screens.',
        examples: [['7', '12']],
      },
    ),
    offLine: Type.Boolean({
      default: true,
      description: 'Drivers may take themselves off the line, where the dispatch program can do that.',
    }),
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after the menu.',
    }),
    rounds: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 20,
      description: 'How often one driver may hear the menu.',
    }),
    rememberDays: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 365,
      description:
        'Days a number stays known as a driver’s: while the dispatch program is silent he reaches the drivers’ operators.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
