import type { Phone } from '../../schema.ts'

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
}
