/** The known word that was probably meant: at most two letters away, the nearest first. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((each) => ({ each, edits: distance(each, word) }))
    .filter(({ each, edits }) => edits <= 2 && edits <= Math.max(each.length, word.length) / 2)
  return near.toSorted((one, other) => one.edits - other.edits)[0]?.each
}

/** `; did you mean …?`, or what there is to choose from. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  if (near) return `; did you mean \`${near}\`?`
  return known.length > 0 ? `; there is ${known.map((each) => `\`${each}\``).join(', ')}` : ''
}

/** Levenshtein's number of edits between two words. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
