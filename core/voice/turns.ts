/** Lets so many tasks run at once; the others wait in the order they came. */
export interface Turns {
  take<Value>(task: () => Promise<Value>, signal: AbortSignal): Promise<Value>
}

export function openTurns(simultaneous: number): Turns {
  const waiting: (() => void)[] = []
  let running = 0

  return {
    async take(task, signal) {
      if (running >= simultaneous) await new Promise<void>((resolve) => waiting.push(resolve))
      else running++
      try {
        signal.throwIfAborted()
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}
