import { join } from 'node:path'
import { CallbusError } from '../errors.ts'
import { type Static, Type } from '../schema.ts'
import type { DatabaseSettings as Connection } from './database.ts'

export const DatabaseSettings = Type.Object(
  {
    kind: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')], { default: 'sqlite' }),
    file: Type.Optional(
      Type.String({ description: 'SQLite file. Default: `callbus.db` in the data folder of the site.' }),
    ),
    urlVariable: Type.String({
      default: 'CALLBUS_DATABASE_URL',
      description: 'Environment variable that holds the URL of PostgreSQL, password included.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'Where the journal and the plugins keep what they know.' },
)

/** Where to connect; throws `SETTINGS_INVALID` when the environment lacks the URL. */
export function toConnection(settings: Static<typeof DatabaseSettings>, dataFolder: string): Connection {
  if (settings.kind === 'sqlite') return { kind: 'sqlite', file: settings.file ?? join(dataFolder, 'callbus.db') }
  const url = process.env[settings.urlVariable]
  if (url) return { kind: 'postgres', url }
  const mistakes = `the environment variable ${settings.urlVariable} is empty, but \`database.kind\` is postgres`
  throw new CallbusError('SETTINGS_INVALID', { mistakes })
}
