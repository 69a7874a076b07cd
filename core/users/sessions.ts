import type { Clock } from '../clock.ts'
import type { Database } from '../database/tables.ts'
import { hashSecret, newSecret } from './secrets.ts'

/** A person's stay: the secret goes into a cookie, only its hash is stored. */
export interface Session {
  secret: string
  userId: string
  expiresAt: number
}

const hour = 3_600_000
/** A stay lasts so long after the last sign of life. */
const stayFor = 12 * hour
/** However lively: after so long one signs in again. */
const longestStay = 30 * 24 * hour
const linkLasts = hour

export function openSessions({ database, clock }: { database: Database; clock: Clock }) {
  /** Moves the end on, rarely enough that reading does not become writing. */
  async function slide(hash: string, session: { created_at: number; expires_at: number }) {
    const expires = Math.min(clock.now() + stayFor, session.created_at + longestStay)
    if (expires - session.expires_at < stayFor / 12) return
    await database.updateTable('sessions').set({ expires_at: expires }).where('hash', '=', hash).execute()
  }

  return {
    async begin(userId: string): Promise<Session> {
      const secret = newSecret()
      const now = clock.now()
      const expiresAt = now + stayFor
      await database.deleteFrom('sessions').where('expires_at', '<=', now).execute()
      await database
        .insertInto('sessions')
        .values({ hash: hashSecret(secret), user_id: userId, created_at: now, expires_at: expiresAt })
        .execute()
      return { secret, userId, expiresAt }
    },

    async userOf(secret: string): Promise<string | undefined> {
      const hash = hashSecret(secret)
      const session = await database
        .selectFrom('sessions')
        .selectAll()
        .where('hash', '=', hash)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
      if (session) await slide(hash, session)
      return session?.user_id
    },

    async end(secret: string): Promise<void> {
      await database.deleteFrom('sessions').where('hash', '=', hashSecret(secret)).execute()
    },

    async endAllOf(userId: string): Promise<void> {
      await database.deleteFrom('sessions').where('user_id', '=', userId).execute()
    },

    async makeLink(userId: string): Promise<string> {
      const secret = newSecret()
      const now = clock.now()
      await database.deleteFrom('sign_in_links').where('expires_at', '<=', now).execute()
      await database
        .insertInto('sign_in_links')
        .values({
          hash: hashSecret(secret),
          user_id: userId,
          created_at: now,
          expires_at: now + linkLasts,
          used_at: null,
        })
        .execute()
      return secret
    },

    /** The link's user, once: of two who use it at the same moment one gets in. */
    async useLink(secret: string): Promise<string | undefined> {
      const hash = hashSecret(secret)
      const used = await database
        .updateTable('sign_in_links')
        .set({ used_at: clock.now() })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', clock.now())
        .executeTakeFirst()
      if (!used.numUpdatedRows) return undefined
      const link = await database
        .selectFrom('sign_in_links')
        .select('user_id')
        .where('hash', '=', hash)
        .executeTakeFirst()
      return link?.user_id
    },
  }
}
