import { type Static, Type } from '#core/schema.ts'

export const DoorSettings = Type.Object(
  {
    host: Type.String({
      default: '0.0.0.0',
      title: 'Listen on',
      description: 'The address of this machine that Taxi-Master reaches.',
    }),
    port: Type.Integer({
      default: 4055,
      minimum: 0,
      maximum: 65_535,
      title: 'Port',
      description: 'As Oktell’s web server; 0 takes any free one.',
    }),
    allow: Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]+(/\\d{1,3})?$' }), {
      default: ['127.0.0.1', '::1'],
      title: 'Who may come',
      description: 'Addresses or subnets of the Taxi-Master servers; everybody else gets 403.',
      examples: [['192.168.1.5', '10.1.0.0/16']],
    }),
    password: Type.Optional(
      Type.String({
        minLength: 1,
        writeOnly: true,
        title: 'Password',
        description: 'Wanted as the parameter `password`, as Oktell takes it.',
      }),
    ),
    basic: Type.Optional(
      Type.Object(
        { user: Type.String({ minLength: 1 }), password: Type.String({ minLength: 1, writeOnly: true }) },
        {
          title: 'Basic sign-in',
          description: 'Wanted instead of the password, or beside it: either opens.',
          additionalProperties: false,
        },
      ),
    ),
    eventSecret: Type.Optional(
      Type.String({
        minLength: 8,
        writeOnly: true,
        title: 'Secret of order events',
        description:
          'Opens `/order-event` for scripted system events, which send it as the parameter `secret`. Without it there is no such page.',
      }),
    ),
    scripts: Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.String({ maxLength: 200 }), {
      default: {},
      title: 'Scripts',
      description: 'Name of a script, in any case of letters, to the action it stands for.',
      examples: [{ order_accepted: 'assigned', car_arrived: 'arrived' }],
    }),
    repeatSeconds: Type.Number({
      default: 20,
      minimum: 0,
      maximum: 3600,
      title: 'Repeats within',
      description: 'A request that is the same again within so many seconds is answered and not done again.',
    }),
  },
  {
    title: 'The Oktell door',
    description: 'Answers Taxi-Master as Oktell’s web server does. Without this section it is shut.',
    additionalProperties: false,
  },
)
export type DoorSettings = Static<typeof DoorSettings>
