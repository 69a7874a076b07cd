import { PlaceName, type Static, Type } from '#core/schema.ts'

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
    freshFor: Type.Integer({
      default: 20,
      minimum: 1,
      maximum: 600,
      description: 'Seconds an order stays as it was read; then it is read again before it is told of.',
    }),
    voiceCalls: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 100,
      description: 'Calls about one order that are answered by voice; the next one a person answers.',
    }),
    promiseGrace: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 60,
      description: 'Minutes after the promised minute from which the promise counts as broken.',
    }),
    urgency: Type.Integer({
      default: 20,
      minimum: 0,
      maximum: 100,
      description: 'Priority of those who call again or were promised in vain; VIPs usually have 10.',
    }),
    cardSeconds: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 600,
      description:
        'How long dispatchers see why such a caller is put through, with a button for the order; 0 shows nothing.',
    }),
    laterFrom: Type.Integer({
      default: 15,
      minimum: 0,
      maximum: 1_440,
      description: 'Minutes before its time from which an order for later is asked about like any other.',
    }),
    drivers: Type.Boolean({
      default: true,
      description: 'Drivers with an order hear where it is, and are joined with the client.',
    }),
    driverRingFor: Type.Integer({
      default: 25,
      minimum: 5,
      maximum: 120,
      description: 'Seconds the phone of the driver, or of the client, rings.',
    }),
    operatorsPlace: PlaceName({ default: 'operators', description: 'Where key 2 and silence lead.' }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
