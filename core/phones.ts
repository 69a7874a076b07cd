import type { Phone } from './schema.ts'

/** Reads and writes phone numbers the way the site's country does. */
export interface Phones {
  /** E.164, or `undefined` for what is no public number (an extension, `anonymous`). */
  toE164(raw: string): Phone | undefined
  /** For people: `067 123 45 67`. */
  toNational(phone: Phone): string
}
