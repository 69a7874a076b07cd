import { asKept, type Phones } from '#core/phones.ts'
import type { Two } from './joins.ts'
import type { Pairs } from './pairs.ts'

/** The numbers of the company behind which clients and drivers are hidden from each other. */
export interface Lines {
  /** The one these two see; `undefined` for the usual number. */
  of(two: Two): Promise<string | undefined>
  /** The one that was dialled; `undefined` for any other number. */
  dialled(number: string): string | undefined
}

export function openLines({
  lines,
  pairs,
  phones,
}: {
  lines: readonly string[]
  pairs: Pairs
  phones: Phones
}): Lines {
  const known = new Map(lines.map((line) => [asKept(line, phones), line]))

  return {
    async of({ order, client, driver }) {
      if (order === undefined || lines.length === 0) return undefined
      const pair = pairs.find(order)
      if (pair && (pair.driver === driver || pair.endedAt !== undefined)) return pair.line
      return (await pairs.keep({ order, client, driver })).line
    },
    dialled: (number) => known.get(asKept(number, phones)),
  }
}
