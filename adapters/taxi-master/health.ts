/** Whether Taxi-Master is there, judged by how the last requests ended. */
import { CallbusError } from '#core/errors.ts'
import type { ConnectionEvent } from '#core/ports/telephony.ts'
import type { Answer, Line, Request } from './http.ts'

/** One slow answer is no lost connection. */
const strikesToLost = 3

export interface Health {
  readonly state: ConnectionEvent['state']
  succeeded(): void
  failed(thrown: unknown): void
}

export function openHealth(report: (event: ConnectionEvent) => void): Health {
  let state: ConnectionEvent['state'] = 'connecting'
  let strikes = 0

  function move(to: ConnectionEvent['state'], because?: string) {
    if (state === to) return
    state = to
    report({ name: 'connection.changed', state: to, ...(because && { because }) })
  }

  return {
    get state() {
      return state
    },

    succeeded() {
      strikes = 0
      move('connected')
    },

    failed(thrown) {
      if (!(thrown instanceof CallbusError)) return
      strikes += 1
      if (thrown.code === 'DISPATCH_UNREACHABLE' || strikes >= strikesToLost) move('lost', thrown.message)
    },
  }
}

/** Sends a request and reads its answer; `read` throws when it cannot. */
export interface Asker {
  ask<Value>(request: Request, read: (answer: Answer) => Value, signal: AbortSignal): Promise<Value>
}

/** Every exchange is noticed. An asker who leaves says nothing about Taxi-Master. */
export function openAsker(line: Line, health: Health): Asker {
  return {
    async ask(request, read, signal) {
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
