import { type Static, Type } from '#core/schema.ts'

export const Settings = Type.Object(
  {
    keepDays: Type.Integer({
      default: 90,
      minimum: 0,
      maximum: 3650,
      description: 'Days a recording is kept; 0 keeps it for ever.',
    }),
    pruneAt: Type.String({
      default: '15 3 * * *',
      maxLength: 100,
      description: 'When old recordings are removed, as a cron line in the time of the site.',
    }),
  },
  { additionalProperties: false, default: {} },
)
export type Settings = Static<typeof Settings>
