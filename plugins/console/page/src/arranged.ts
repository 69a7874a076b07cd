/**
 * Rows do not jump under the cursor: while the list is held (pointer or focus in it), those shown keep
 * their places and new ones are added at the end.
 */
export function arranged(shown: readonly string[], wanted: readonly string[], isHeld: boolean): string[] {
  if (!isHeld) return [...wanted]
  const already = new Set(shown)
  return [...shown, ...wanted.filter((id) => !already.has(id))]
}
