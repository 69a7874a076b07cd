import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database, TokensTable } from '../database/tables.ts'
import { isRight, type Right } from './rights.ts'
import { hashSecret, newSecret } from './secrets.ts'

/** How a program signs in. The secret is shown once, when the token is made. */
export interface Token {
  id: string
  name: string
  userId: string
  rights: Right[]
  createdAt: number
  /** Absent: until it is withdrawn. */
  expiresAt?: number
}

export interface Tokens {
  list(): Promise<Token[]>
  make(token: {
    name: string
    userId: string
    rights: readonly Right[]
    expiresAt?: number
  }): Promise<{ token: Token; secret: string }>
  withdraw(id: string): Promise<boolean>
  /** `undefined` when it is unknown or too old. */
  find(secret: string): Promise<Token | undefined>
}

const prefix = 'cb_'

export function openTokens({ database, clock }: { database: Database; clock: Clock }): Tokens {
  return {
    async list() {
      const rows = await database.selectFrom('tokens').selectAll().orderBy('created_at').execute()
      return rows.map(toToken)
    },

    async make({ name, userId, rights, expiresAt }) {
      const secret = prefix + newSecret()
      const row = {
        id: randomUUID(),
        hash: hashSecret(secret),
        name,
        user_id: userId,
        rights: JSON.stringify(rights),
        created_at: clock.now(),
        expires_at: expiresAt ?? null,
      }
      await database.insertInto('tokens').values(row).execute()
      return { token: toToken(row), secret }
    },

    async withdraw(id) {
      const done = await database.deleteFrom('tokens').where('id', '=', id).executeTakeFirst()
      return done.numDeletedRows > 0
    },

    async find(secret) {
      if (!secret.startsWith(prefix)) return undefined
      const row = await database
        .selectFrom('tokens')
        .selectAll()
        .where('hash', '=', hashSecret(secret))
        .executeTakeFirst()
      const isOld = row && row.expires_at !== null && row.expires_at <= clock.now()
      return row && !isOld ? toToken(row) : undefined
    },
  }
}

function toToken(row: Selectable<TokensTable>): Token {
  const words = JSON.parse(row.rights) as string[]
  return {
    id: row.id,
    name: row.name,
    userId: row.user_id,
    rights: words.filter(isRight),
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  }
}
