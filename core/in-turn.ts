/** Work in turn: what has the same key waits for what came before, other keys go on. */
export function openTurns() {
  const last = new Map<string, Promise<unknown>>()

  return {
    take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
      const mine = (last.get(key) ?? Promise.resolve()).then(work)
      const settled = mine
        .catch(() => undefined)
        .then(() => {
          if (last.get(key) === settled) last.delete(key)
        })
      last.set(key, settled)
      return mine
    },

    async idle() {
      while (last.size > 0) await Promise.all(last.values())
    },
  }
}
