/** Whether a neighbour is there, judged by how the last requests to it ended. */
import type { Clock } from '../clock.ts'
import { CallbusError, type ErrorCode } from '../errors.ts'
import type { ConnectionEvent } from '../ports/telephony.ts'

/** One slow answer is no lost connection. */
const strikesToLost = 3

export interface Health {
  readonly state: ConnectionEvent['state']
  /** Throws that it is unreachable while it is left in peace. */
  admit(): void
  succeeded(): void
  failed(thrown: unknown): void
}

/** When a neighbour that is ill is left in peace. */
export interface Circuit {
  /** After so many silences in succession. */
  failures: number
  /** Seconds of the first rest; each next one is twice as long. */
  restSeconds: number
}
const longestRest = 60
const dispatchCodes = { unreachable: 'DISPATCH_UNREACHABLE', late: 'DISPATCH_LATE' } as const

interface Options {
  clock: Pick<Clock, 'now'>
  circuit?: Circuit
  /** How its silences are coded. */
  codes?: { unreachable: ErrorCode; late: ErrorCode }
}

/**
 * A neighbour that does not answer is not asked by every caller anew: after some silences in succession
 * nobody waits for it, and one request after each rest finds out whether it is back.
 */
export function openHealth(
  report: (event: ConnectionEvent) => void,
  { clock, circuit = { failures: 8, restSeconds: 5 }, codes = dispatchCodes }: Options,
): Health {
  let state: ConnectionEvent['state'] = 'connecting'
  let strikes = 0
  let silences = 0
  let rest = circuit.restSeconds
  /** Nobody asks before this moment. */
  let restsUntil: number | undefined
  let isTrying = false

  report({ name: 'connection.changed', state })

  function move(to: ConnectionEvent['state'], because?: string) {
    if (state === to) return
    state = to
    report({ name: 'connection.changed', state: to, ...(because && { because }) })
  }

  return {
    get state() {
      return state
    },

    admit() {
      if (restsUntil === undefined) return
      const left = restsUntil - clock.now()
      if (left > 0) {
        const reason = `it did not answer ${silences} times and is asked again in ${Math.ceil(left / 1000)} s`
        throw new CallbusError(codes.unreachable, { reason })
      }
      // This one finds out; whoever comes meanwhile is still turned away.
      restsUntil = clock.now() + rest * 1000
      isTrying = true
    },

    succeeded() {
      strikes = 0
      silences = 0
      rest = circuit.restSeconds
      restsUntil = undefined
      move('connected')
    },

    failed(thrown) {
      if (!(thrown instanceof CallbusError)) return
      strikes += 1
      if (thrown.code === codes.unreachable || strikes >= strikesToLost) move('lost', thrown.message)
      if (thrown.code !== codes.unreachable && thrown.code !== codes.late) return
      silences += 1
      if (silences < circuit.failures) return
      if (restsUntil === undefined) {
        const because = `It did not answer ${silences} times in succession; it is asked again in ${rest} s.`
        report({ name: 'connection.changed', state: 'lost', because })
      } else if (isTrying) {
        rest = Math.min(rest * 2, longestRest)
      } else {
        // Asked before the rest began; it says nothing new.
        return
      }
      isTrying = false
      restsUntil = clock.now() + rest * 1000
    },
  }
}
