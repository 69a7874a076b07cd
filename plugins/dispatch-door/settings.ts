import { type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    keepDays: Type.Integer({
      default: 14,
      minimum: 1,
      maximum: 365,
      description: 'Days in which a repeated request is known for what it is.',
    }),
    pruneAt: Type.String({
      default: '25 3 * * *',
      maxLength: 100,
      description: 'When older requests are forgotten, as a cron line in the time of the site.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
