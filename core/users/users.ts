import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database, UsersTable } from '../database/tables.ts'
import { CallbusError } from '../errors.ts'
import { hashPassword, isPassword } from './password.ts'
import { isRole, type Right, type Role, rightsOf } from './rights.ts'
import { openSessions, type Session } from './sessions.ts'
import { openTokens, type Tokens } from './tokens.ts'

export interface User {
  id: string
  name: string
  role: Role
  hasPassword: boolean
  createdAt: number
  /** Shut out, with everything known about them kept. */
  isBarred: boolean
}

/** Who sent a request, and what they may do with it. */
export interface Identity {
  user: User
  rights: ReadonlySet<Right>
  /** Signed in by browser, or a program with a token. */
  by: 'session' | 'token'
}

export interface Users {
  list(): Promise<User[]>
  find(id: string): Promise<User | undefined>
  /** Rejects with CONFLICT when the name is taken. */
  add(person: { name: string; role: Role; password?: string }): Promise<User>
  /** A new password or being barred ends the person's sessions. `undefined` when there is no such user. */
  change(
    id: string,
    change: { role?: Role; password?: string; isBarred?: boolean },
  ): Promise<User | undefined>
  remove(id: string): Promise<boolean>
  /** The first administrator, made when the house is entered for the first time. */
  ensureAdministrator(): Promise<User>
  /** The secret of a link that signs in once. */
  makeSignInLink(userId: string): Promise<string>

  /** `undefined` when name or password is wrong. */
  signIn(name: string, password: string): Promise<Session | undefined>
  /** `undefined` when the link is unknown, used or too old. */
  signInByLink(secret: string): Promise<Session | undefined>
  signOut(secret: string): Promise<void>
  whoHasSession(secret: string): Promise<Identity | undefined>
  whoHasToken(secret: string): Promise<Identity | undefined>
  readonly tokens: Tokens
}

export function openUsers({ database, clock }: { database: Database; clock: Clock }): Users {
  const sessions = openSessions({ database, clock })
  const tokens = openTokens({ database, clock })
  /** Compared when the name is unknown, so that the answer takes as long. */
  let nobodysPassword: Promise<string> | undefined

  async function find(id: string): Promise<User | undefined> {
    const row = await database.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toUser(row)
  }

  async function add({
    name,
    role,
    password,
  }: {
    name: string
    role: Role
    password?: string
  }): Promise<User> {
    const row = {
      id: randomUUID(),
      name,
      role,
      password_hash: password === undefined ? null : await hashPassword(password),
      created_at: clock.now(),
      barred_at: null,
    }
    const done = await database
      .insertInto('users')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst()
    if (!done.numInsertedOrUpdatedRows) throw new CallbusError('CONFLICT', { what: `A user named ${name}` })
    return toUser(row)
  }

  /** Somebody barred since is nobody. */
  async function present(userId: string): Promise<User | undefined> {
    const user = await find(userId)
    return user && !user.isBarred ? user : undefined
  }

  return {
    find,
    add,
    tokens,

    async list() {
      const rows = await database.selectFrom('users').selectAll().orderBy('name').execute()
      return rows.map(toUser)
    },

    async change(id, { role, password, isBarred }) {
      const changes = {
        ...(role !== undefined && { role }),
        ...(password !== undefined && { password_hash: await hashPassword(password) }),
        ...(isBarred !== undefined && { barred_at: isBarred ? clock.now() : null }),
      }
      if (Object.keys(changes).length) {
        await database.updateTable('users').set(changes).where('id', '=', id).execute()
      }
      if (password !== undefined || isBarred) await sessions.endAllOf(id)
      return await find(id)
    },

    async remove(id) {
      const done = await database.deleteFrom('users').where('id', '=', id).executeTakeFirst()
      return done.numDeletedRows > 0
    },

    async ensureAdministrator() {
      const row = await database
        .selectFrom('users')
        .selectAll()
        .where('role', '=', 'administrator')
        .where('barred_at', 'is', null)
        .orderBy('created_at')
        .executeTakeFirst()
      return row ? toUser(row) : await add({ name: 'administrator', role: 'administrator' })
    },

    makeSignInLink: (userId) => sessions.makeLink(userId),

    async signIn(name, password) {
      const row = await database.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst()
      nobodysPassword ??= hashPassword(randomUUID())
      const isRight = await isPassword(password, row?.password_hash ?? (await nobodysPassword))
      if (!row?.password_hash || !isRight || row.barred_at !== null) return undefined
      return await sessions.begin(row.id)
    },

    async signInByLink(secret) {
      const userId = await sessions.useLink(secret)
      const user = userId && (await present(userId))
      return user ? await sessions.begin(user.id) : undefined
    },

    signOut: (secret) => sessions.end(secret),

    async whoHasSession(secret) {
      const userId = await sessions.userOf(secret)
      const user = userId && (await present(userId))
      return user ? { user, rights: new Set(rightsOf[user.role]), by: 'session' } : undefined
    },

    async whoHasToken(secret) {
      const token = await tokens.find(secret)
      const user = token && (await present(token.userId))
      if (!token || !user) return undefined
      // A token never outgrows its owner, also when the owner's role shrinks later.
      const owned = new Set(rightsOf[user.role])
      return { user, rights: new Set(token.rights.filter((right) => owned.has(right))), by: 'token' }
    },
  }
}

function toUser(row: Selectable<UsersTable>): User {
  return {
    id: row.id,
    name: row.name,
    // An unknown role is one of a later version: the least rights are the safe reading.
    role: isRole(row.role) ? row.role : 'operator',
    hasPassword: row.password_hash !== null,
    createdAt: row.created_at,
    isBarred: row.barred_at !== null,
  }
}
