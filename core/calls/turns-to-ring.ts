import type { Logger } from 'pino'

/** Whoever holds it may make one call. Disposed or spent it is the next one's. */
export type TurnToRing = Disposable

/** Keeps the calls we make below a number, so that callers find free lines: who is too many waits. */
export interface TurnsToRing {
  /** The urgent first, then as they came. Rejects with the signal's reason. */
  take(signal: AbortSignal, isUrgent: boolean): Promise<TurnToRing>
  /** A call of ours has ended. */
  serve(): void
  /** Who waits now waits until his signal aborts. */
  close(): void
}

interface Waiting {
  isUrgent: boolean
  give(turn: TurnToRing): void
}

export function openTurnsToRing(parts: { atMost: number; log: Logger; calls(): number }): TurnsToRing {
  const { atMost, log } = parts
  const line: Waiting[] = []
  /** Turns that have not become calls yet. */
  let held = 0
  let isClosed = false

  function serve() {
    while (!isClosed && line.length > 0 && parts.calls() + held < atMost) line.shift()?.give(newTurn())
  }

  function newTurn(): TurnToRing {
    held += 1
    let isHeld = true
    return {
      [Symbol.dispose]() {
        if (!isHeld) return
        isHeld = false
        held -= 1
        serve()
      },
    }
  }

  return {
    async take(signal, isUrgent) {
      signal.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<TurnToRing>()
      const waiting: Waiting = { isUrgent, give: resolve }
      const leave = () => {
        const at = line.indexOf(waiting)
        if (at !== -1) line.splice(at, 1)
        reject(signal.reason)
      }
      const before = isUrgent ? line.findIndex((each) => !each.isUrgent) : -1
      line.splice(before === -1 ? line.length : before, 0, waiting)
      serve()
      if (line.length === 1 && line.includes(waiting))
        log.warn({ atMost }, 'Calls we make wait for one of them to end')
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await promise
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
    serve,
    close() {
      isClosed = true
    },
  }
}
