/** What the site remembers, as a copy that a rehearsal may write into. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { toAddress } from '../database/settings.ts'
import { reasonOf } from '../errors.ts'
import type { Settings } from '../settings.ts'

/** Answers with a sentence when the rehearsal has to do without it. */
export async function copyMemory(
  { database }: Settings,
  { from, to, file }: { from: string; to: string; file: string },
): Promise<string | undefined> {
  const address = toAddress(database, from)
  if (address.kind === 'postgres')
    return 'What is kept in PostgreSQL (lists, signed-in operators) is not read: the story is without it.'
  if (!existsSync(address.file)) return undefined
  try {
    const original = new Sqlite(address.file, { readonly: true, fileMustExist: true })
    try {
      await original.backup(join(to, file))
    } finally {
      original.close()
    }
    forgetOpenCalls(join(to, file))
    return undefined
  } catch (thrown) {
    return `The database could not be read (${reasonOf(thrown)}): the story is without its lists and operators.`
  }
}

/** The calls of this moment belong to the real house. */
function forgetOpenCalls(file: string) {
  const copy = new Sqlite(file)
  try {
    const hasCalls = copy.prepare("select 1 from sqlite_master where type = 'table' and name = 'calls'").get()
    if (hasCalls) copy.exec("update calls set ended_at = at, state = 'ended' where ended_at is null")
  } finally {
    copy.close()
  }
}
