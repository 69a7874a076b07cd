import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { realClock } from '../clock.ts'
import { openDatabase } from '../database/database.ts'
import { toAddress } from '../database/settings.ts'
import { openUsers, type User, type Users } from '../users/users.ts'
import { Misuse } from './misuse.ts'
import { siteOf } from './site.ts'

/** The people of a site, whether its house is open or not. */
export async function withUsers<Value>(
  words: string[],
  work: (users: Users, site: ReturnType<typeof siteOf>) => Promise<Value>,
): Promise<Value> {
  const site = siteOf(words)
  const address = toAddress(site.settings.database, join(site.folder, 'data'))
  if (address.kind === 'sqlite' && !existsSync(address.file))
    throw new Misuse(`No house was opened here yet: there is no ${address.file}. Name it by --site FOLDER`)
  await using database = await openDatabase(address, { log: pino({ level: 'silent' }) })
  return await work(openUsers({ database: database.kysely, clock: realClock }), site)
}

/** The first administrator unless somebody is named. */
export async function findPerson(users: Users, name: string | undefined): Promise<User | undefined> {
  if (name === undefined) return await users.ensureAdministrator()
  return (await users.list()).find((user) => user.name === name)
}
