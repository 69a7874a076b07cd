import type { Phone } from '#core/schema.ts'
import type { CarrierTable } from './carriers/carrier-table.ts'
import { poland } from './carriers/pl.ts'
import { russia } from './carriers/ru.ts'
import { ukraine } from './carriers/ua.ts'

export const tables: readonly CarrierTable[] = [ukraine, poland, russia]

export interface NumberPlan {
  /** Where the number is now as far as we know; `undefined` for landlines and what no table knows. */
  carrierOf(phone: Phone): string | undefined
  /** All that a number may turn out to be of. */
  carriers: ReadonlySet<string>
}

export interface NumberPlanOptions {
  /** Numbers that moved to another carrier. */
  ported: ReadonlyMap<Phone, string>
  /** The site's own: carrier to prefixes with their country, such as `+38077`; they win over the tables. */
  prefixes: Readonly<Record<string, readonly string[]>>
}

/** Ported numbers first, then the longest prefix. */
export function openNumberPlan({ ported, prefixes }: NumberPlanOptions): NumberPlan {
  const carriers = new Map<string, string>()
  for (const { country, prefixes: given } of tables)
    for (const [carrier, list] of Object.entries(given))
      for (const prefix of list.split(' ')) carriers.set(`+${country}${prefix}`, carrier)
  for (const [carrier, list] of Object.entries(prefixes))
    for (const prefix of list) carriers.set(prefix, toCarrier(carrier))
  const longest = Math.max(...[...carriers.keys()].map((prefix) => prefix.length))

  return {
    carriers: new Set([...carriers.values(), ...ported.values()]),
    carrierOf(phone) {
      const moved = ported.get(phone)
      if (moved !== undefined) return moved
      for (let length = Math.min(longest, phone.length); length > 1; length -= 1) {
        const carrier = carriers.get(phone.slice(0, length))
        if (carrier !== undefined) return carrier
      }
      return undefined
    },
  }
}

/** However it is written in settings and lists. */
export const toCarrier = (name: string) => name.trim().toLowerCase()

/** Rows `number;carrier` or `number,carrier`; a sentence for each that cannot be read. */
export function readPorted(
  text: string,
  toE164: (raw: string) => Phone | undefined,
): { ported: Map<Phone, string>; mistakes: string[] } {
  const ported = new Map<Phone, string>()
  const mistakes: string[] = []
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [raw = '', carrier = ''] = line.split(/[;,\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    const phone = toE164(raw)
    if (phone !== undefined && carrier !== '') ported.set(phone, toCarrier(carrier))
    else if (index > 0 || /\d/.test(raw)) mistakes.push(`row ${index + 1} is not a number and a carrier`)
  }
  return { ported, mistakes }
}
