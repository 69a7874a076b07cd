import type { Moment, Phone } from '../../schema.ts'

export type AccountOwner = { phone: Phone } | { clientId: string } | { driverId: string }

/** What a client or a driver has with the company, in its money. Personal: never logged. */
export interface Account {
  of: 'client' | 'driver'
  id: string
  balance: number
  bonus?: number
  /** Below this the owner may not work or not order; told only where the dispatch program knows. */
  lowest?: number
  isLocked?: boolean
  /** It was asked for by the phone of an employee of this corporate client. */
  employeeId?: string
}

/** What else is known of an account's owner; each only where the dispatch program knows it. */
export interface AccountDetails {
  lastOperationAt?: Moment
  shiftStartedAt?: Moment
  /** As drivers are ranked for orders. */
  priority?: number
}

/** Who somebody on an unknown phone says he is, and what proves it. Never logged. */
export type Claim = { callSign: string; pin: string } | { login: string; password: string }
