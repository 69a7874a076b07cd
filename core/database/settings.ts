import { resolve } from 'node:path'
import { type Static, Type } from '../schema.ts'
import type { DatabaseAddress } from './database.ts'

export const DatabaseSettings = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      default: 'callbus.sqlite',
      description: 'SQLite file, relative to the data folder; used when there is no `url`.',
    }),
    url: Type.Optional(
      Type.String({
        pattern: '^postgres(ql)?://',
        examples: ['postgres://callbus@127.0.0.1/callbus'],
        description:
          'A PostgreSQL database. Its password comes from PGPASSWORD or PGPASSFILE in the environment.',
      }),
    ),
  },
  { additionalProperties: false, default: {}, description: 'Where calls, facts and users are kept.' },
)
export type DatabaseSettings = Static<typeof DatabaseSettings>

export function toAddress({ file, url }: DatabaseSettings, dataFolder: string): DatabaseAddress {
  return url === undefined ? { kind: 'sqlite', file: resolve(dataFolder, file) } : { kind: 'postgres', url }
}
