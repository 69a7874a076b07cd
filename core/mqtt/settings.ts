import { type Static, Type } from '../schema.ts'

const File = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))

export const MqttSettings = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^(mqtts?|wss?)://',
        examples: ['mqtts://broker.example:8883'],
        description: 'A broker of your own. Without it a small one is embedded here.',
      }),
    ),
    username: Type.Optional(Type.String({ description: 'How we sign in to your broker.' })),
    passwordVariable: Type.String({
      default: 'CALLBUS_MQTT_PASSWORD',
      description: 'Environment variable that holds the password for your broker.',
    }),
    passwordFile: File('File that holds the password; wins over the variable.'),
    ca: File('PEM file of the authority that signed your broker; default: those the system trusts.'),
    cert: File('PEM file of our own certificate, when your broker asks for one.'),
    key: File('PEM file of the key to it.'),
    host: Type.String({ default: '127.0.0.1', description: 'Address the embedded broker listens on.' }),
    port: Type.Integer({
      default: 1883,
      minimum: 0,
      maximum: 65_535,
      description: 'Port of the embedded broker; 0 takes any free one.',
    }),
    tokensInCommands: Type.Boolean({
      default: true,
      description:
        'On your own broker each command must carry `token`. Switch it off only where the broker itself guards the command topics.',
    }),
    keepAtMost: Type.Integer({
      default: 10_000,
      minimum: 0,
      description: 'Messages kept while the broker is away; beyond that the oldest are given up and counted.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'Facts out, commands in.' },
)
export type MqttSettings = Static<typeof MqttSettings>
