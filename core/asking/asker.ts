import type { Health } from './health.ts'
import type { Answer, Line, Request } from './line.ts'

/** Sends a request and reads its answer; `read` throws when it cannot. */
export interface Asker {
  ask<Value>(request: Request, read: (answer: Answer) => Value, signal: AbortSignal): Promise<Value>
}

/** Every exchange is noticed. An asker who leaves says nothing about the program. */
export function openAsker(line: Line, health: Health): Asker {
  return {
    async ask(request, read, signal) {
      signal.throwIfAborted()
      health.admit()
      try {
        const value = read(await line.send(request, signal))
        health.succeeded()
        return value
      } catch (thrown) {
        health.failed(thrown)
        throw thrown
      }
    },
  }
}
