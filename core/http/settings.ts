import { type Static, Type } from '../schema.ts'

export const HttpSettings = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      description: 'Address to listen on. The default reaches nobody outside this machine.',
    }),
    port: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: '0 takes any free port.' }),
    isSecure: Type.Boolean({
      default: false,
      description:
        'Browsers come through HTTPS (a proxy before us): the session cookie then never travels in the clear.',
    }),
    trustProxy: Type.Boolean({
      default: false,
      description: 'Believe `X-Forwarded-For` and `X-Forwarded-Host`; only behind a proxy that sets them.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'The console, the API and the metrics.' },
)
export type HttpSettings = Static<typeof HttpSettings>
