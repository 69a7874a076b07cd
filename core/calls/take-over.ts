import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { reasonOf } from '../errors.ts'
import type { ConnectionEvent, PhoneEvent, TelephonyEvent } from '../ports/telephony.ts'
import { isPhoneEvent } from './house-phones.ts'

export type CallEvent = Exclude<TelephonyEvent, ConnectionEvent | PhoneEvent>

export type Offered = Omit<Extract<CallEvent, { name: 'leg.offered' }>, 'name'>

/** Before calls that could not be taken over are looked at again, in milliseconds; doubled each time. */
const tryAgainAfter = 250
const slowestTry = 10_000

export interface TakeOver {
  /** Hears an event now, or once the calls that outlived us have been taken over. */
  hear(event: CallEvent | PhoneEvent): void
  /** Takes over what is alive on the exchange, again and again until it works or the connection is lost. */
  connected(): void
  lost(): void
  /** What was heard meanwhile of the end of a leg. */
  endOf(leg: string): Extract<CallEvent, { name: 'leg.ended' }> | undefined
}

/** After each connection the calls that outlived us come first; what happens meanwhile waits its turn. */
export function openTakeOver(parts: {
  clock: Clock
  log: Logger
  recover(): Promise<void>
  apply(event: CallEvent): void
  done(): void
}): TakeOver {
  const { clock, log } = parts
  let held: CallEvent[] | undefined
  let takingOver = Promise.resolve()
  let isConnected = false
  let stopTrying: (() => void) | undefined

  async function takeOver(attempt: number) {
    if (!isConnected) return
    held ??= []
    let isDone = true
    try {
      await parts.recover()
    } catch (thrown) {
      isDone = false
      log.error({ reason: reasonOf(thrown), err: thrown }, 'Calls could not be taken over; it is tried again')
      tryLater(attempt + 1)
    }
    const waiting = held ?? []
    held = undefined
    for (const event of waiting) parts.apply(event)
    if (isDone) parts.done()
  }

  function tryLater(attempt: number) {
    if (!isConnected) return
    stopTrying = clock.after(Math.min(slowestTry, tryAgainAfter * 2 ** attempt), () => begin(attempt))
  }

  function begin(attempt: number) {
    takingOver = takingOver.then(() => takeOver(attempt))
  }

  return {
    hear(event) {
      // What phones do without us concerns no call of ours.
      if (isPhoneEvent(event)) return
      if (held) held.push(event)
      else parts.apply(event)
    },

    connected() {
      stopTrying?.()
      isConnected = true
      held ??= []
      begin(0)
    },

    lost() {
      stopTrying?.()
      isConnected = false
    },

    endOf(leg) {
      const end = held?.find((event) => event.name === 'leg.ended' && event.leg === leg)
      return end?.name === 'leg.ended' ? end : undefined
    },
  }
}
