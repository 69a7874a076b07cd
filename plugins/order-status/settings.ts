import { Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    patience: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 30,
      description: 'Seconds to wait for a key after the sentence.',
    }),
    repeats: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 10,
      description: 'How often one caller may hear it.',
    }),
    driverRingFor: Type.Integer({
      default: 25,
      minimum: 5,
      maximum: 120,
      description: 'Seconds the driver’s phone rings.',
    }),
    operatorsPlace: Type.String({ default: 'operators', description: 'Where key 2 and silence lead.' }),
  },
  { additionalProperties: false, default: {} },
)
