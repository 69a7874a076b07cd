import { oneOf, type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    url: Type.String({
      title: 'Address of ARI',
      description: 'Where Asterisk answers ARI requests.',
      default: 'http://127.0.0.1:8088/ari',
      pattern: '^https?://',
    }),
    username: Type.String({ title: 'ARI user', default: 'callbus' }),
    password: Type.String({
      title: 'ARI password',
      description: 'It is full control of the exchange: keep it secret.',
      writeOnly: true,
    }),
    app: Type.String({
      title: 'Stasis application',
      description: 'One program only may own the name.',
      default: 'callbus',
      pattern: '^[A-Za-z0-9_-]{1,60}$',
    }),
    listen: Type.Optional(
      Type.Object(
        {
          host: Type.String({ default: '127.0.0.1' }),
          port: Type.Integer({ minimum: 0, maximum: 65535, default: 8089 }),
        },
        {
          title: 'Where Asterisk dials us',
          description:
            'With a persistent outbound WebSocket (Asterisk 20.15, 21.10, 22.5 or newer) calls and events wait for us over our restart. Without it we dial Asterisk.',
        },
      ),
    ),
    lanes: Type.Integer({
      title: 'Connections for commands',
      description: 'A stuck one holds up only its share of the calls.',
      minimum: 1,
      maximum: 32,
      default: 4,
    }),
    trunk: Type.String({
      title: 'How phone numbers are dialled',
      description: '{number} is E.164 with its plus, {digits} the same without.',
      default: 'PJSIP/{number}@trunk',
    }),
    trunks: Type.Record(
      Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
      Type.String({ minLength: 3, examples: ['PJSIP/{digits}@kyivstar'] }),
      {
        title: 'Outside lines by name',
        description:
          'How a number is dialled by each, written like `trunk`. `line-routing` chooses among them.',
        default: {},
      },
    ),
    extension: Type.String({
      title: 'How extensions are dialled',
      description: '{extension} is the short number.',
      default: 'PJSIP/{extension}',
    }),
    media: oneOf(['files', 'http'], {
      title: 'How Asterisk gets our prompts',
      description: 'From the same disk, or by HTTP when it runs on another host.',
      default: 'files',
    }),
    mediaBaseUrl: Type.Optional(
      Type.String({
        title: 'Our address as Asterisk sees it',
        description: 'For prompts by HTTP.',
        pattern: '^https?://',
      }),
    ),
    islandContext: Type.String({
      title: 'Island context',
      description: 'Where released callers go on.',
      default: 'callbus-island',
    }),
    islandExtension: Type.String({ title: 'Island extension', default: 's' }),
    guardSeconds: Type.Integer({
      title: 'Dead-man’s guard, seconds',
      description: 'A caller who is not talking goes to the island when we stay away that long.',
      minimum: 15,
      maximum: 3600,
      default: 60,
    }),
    deadline: Type.Integer({
      title: 'Deadline of a request, milliseconds',
      minimum: 200,
      maximum: 60_000,
      default: 5000,
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>
