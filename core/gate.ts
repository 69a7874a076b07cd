/** Lets so many tasks through at once; the others wait in the order they came. */
export interface Gate {
  /** Rejects with the signal's reason as soon as it aborts while the task still waits. */
  pass<Value>(task: () => Promise<Value>, signal: AbortSignal): Promise<Value>
  /** Whoever comes now has to wait. */
  readonly isFull: boolean
  /** How many wait. */
  readonly waiting: number
}

export function openGate(simultaneous: number): Gate {
  const waiting = new Set<() => void>()
  let running = 0

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(enter)
        reject(signal.reason)
      }
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      waiting.add(enter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  function passOn() {
    const [next] = waiting
    if (!next) {
      running--
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    get isFull() {
      return running >= simultaneous
    },

    get waiting() {
      return waiting.size
    },

    async pass(task, signal) {
      signal.throwIfAborted()
      if (running >= simultaneous) await turn(signal)
      else running++
      try {
        signal.throwIfAborted()
        return await task()
      } finally {
        passOn()
      }
    },
  }
}
