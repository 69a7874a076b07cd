import { type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    secret: Type.String({
      minLength: 1,
      writeOnly: true,
      description:
        'Signs every message; what begins with `whsec_` is base64, as the libraries of Standard Webhooks take it.',
    }),
    allowPlainHttp: Type.Boolean({
      default: false,
      description: 'Also `http:` addresses: the text travels readable.',
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>
