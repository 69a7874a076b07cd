import type { Grammar } from './grammar.ts'

/** An address as staff typed it, its house numbers in words; nothing when none of it can be said. */
export function sayableAddress(
  typed: string | undefined,
  { number }: Pick<Grammar, 'number'>,
): string | undefined {
  const said = typed
    ?.normalize('NFKC')
    .replace(/\d{1,9}/g, (digits) => ` ${number(Number(digits))} `)
    .replace(/[^\p{L}\p{M}\s,.'’-]/gu, ' ')
    .replace(/\s+(?=[,.])|^[^\p{L}]+|[^\p{L}\p{M}]+$/gu, '')
    .replace(/\s+/g, ' ')
  return said || undefined
}
