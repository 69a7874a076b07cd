/**
 * Asks again whenever told that something happened: never twice at once, not more often than every so many
 * milliseconds, and once more for what happened meanwhile.
 */
export function keptFresh(ask: () => Promise<unknown>, atMostEvery: number): () => void {
  let isAsking = false
  let isDue = false

  async function run(): Promise<void> {
    isAsking = true
    isDue = false
    await ask().catch(() => undefined)
    setTimeout(() => {
      isAsking = false
      if (isDue) void run()
    }, atMostEvery)
  }

  return () => {
    isDue = true
    if (!isAsking) void run()
  }
}
