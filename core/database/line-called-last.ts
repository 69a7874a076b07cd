import type { Kysely } from 'kysely'
import type { Phone } from '../schema.ts'
import type { Tables } from './tables.ts'

/** The number of ours that this phone called last: in its name, and its language, we call back. */
export async function lineCalledLast(
  database: Pick<Kysely<Tables>, 'selectFrom'>,
  phone: Phone,
): Promise<string | undefined> {
  const row = await database
    .selectFrom('calls')
    .select('to_number')
    .where('from_phone', '=', phone)
    .where('errand', 'is', null)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.to_number
}
