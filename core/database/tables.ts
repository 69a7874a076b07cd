/** The tables of the core, the same on SQLite and on PostgreSQL. Moments are milliseconds, texts of data are JSON. */
import type { Kysely, Selectable } from 'kysely'

export interface FactsTable {
  /** Given by the bus, rising. */
  id: number
  at: number
  name: string
  /** The call it speaks of, when it speaks of one. */
  call: string | null
  data: string
}

export interface CallsTable {
  id: string
  leg: string
  from_phone: string | null
  to_number: string
  line: string
  language: string
  at: number
  answered_at: number | null
  talking_at: number | null
  ended_at: number | null
  state: string
  /** Since when the caller waits or talks. */
  state_since: number
  /** The plugin, the place or the operator's address of this state. */
  phase_with: string | null
  talk: string | null
  partner_leg: string | null
  priority: number
  result: string | null
  because: string | null
  /** Why we rang, as JSON; null when somebody rang us. */
  errand: string | null
  /** What the caller chose in menus, as JSON; null while that is nothing. */
  chosen: string | null
  held_since: number | null
}

/** An effect towards people or money: written before it is done, closed after. */
export interface IntentsTable {
  key: string
  kind: string
  call: string | null
  data: string
  state: 'open' | 'done' | 'failed'
  outcome: string | null
  opened_at: number
  closed_at: number | null
}

/** One message to one person by one way; those not ended are tried until they are. */
export interface MessagesTable {
  id: string
  person: string
  way: string
  about: string
  data: string
  attempts: number
  next_at: number
  created_at: number
  ended_at: number | null
  outcome: 'delivered' | 'lost' | null
}

export interface UsersTable {
  id: string
  name: string
  role: string
  /** Absent for somebody who signs in by link only. */
  password_hash: string | null
  created_at: number
  /** When the person was shut out, if so. */
  barred_at: number | null
}

export interface SessionsTable {
  hash: string
  user_id: string
  created_at: number
  expires_at: number
}

export interface TokensTable {
  id: string
  hash: string
  name: string
  user_id: string
  rights: string
  created_at: number
  expires_at: number | null
}

export interface SignInLinksTable {
  hash: string
  user_id: string
  created_at: number
  expires_at: number
  used_at: number | null
}

/** A code that was tried; of one try there is a row for the number and one for what the code is for. */
export interface CodeAttemptsTable {
  id: string
  /** `number +380671234567`, `driver 12`, `client 1001`. */
  subject: string
  at: number
}

export interface Tables {
  facts: FactsTable
  calls: CallsTable
  intents: IntentsTable
  messages: MessagesTable
  code_attempts: CodeAttemptsTable
  users: UsersTable
  sessions: SessionsTable
  tokens: TokensTable
  sign_in_links: SignInLinksTable
}

export type Database = Kysely<Tables>
export type CallRow = Selectable<CallsTable>
export type IntentRow = Selectable<IntentsTable>
