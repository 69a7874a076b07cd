import { oneOf, type Static, Type } from '#core/schema.ts'

/** Plain ASCII, as every server takes it. */
const address = '^[!-;=?-~]+@[A-Za-z0-9.-]+$'

export const Settings = Type.Object(
  {
    host: Type.String({ minLength: 1, description: 'The mail server that sends for us.' }),
    port: Type.Integer({ default: 587, minimum: 1, maximum: 65_535 }),
    security: oneOf(['starttls', 'tls', 'none'], {
      default: 'starttls',
      description:
        '`tls` from the first byte (port 465), `starttls` after a word in the open; `none` only on this machine.',
    }),
    user: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(
      Type.String({ minLength: 1, writeOnly: true, description: 'Give it by `!env` or `!file`.' }),
    ),
    from: Type.String({ pattern: address, description: 'The address that the mail comes from.' }),
    fromName: Type.String({ default: 'Callbus', maxLength: 60 }),
    certificateAuthority: Type.Optional(
      Type.String({
        description: 'PEM of the authority of a mail server of your own; give it by `!file`.',
      }),
    ),
    largestAttachment: Type.Integer({
      default: 15,
      minimum: 0,
      maximum: 100,
      description: 'Megabytes; of a larger file only the name is sent.',
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>
