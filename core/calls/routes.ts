import type { CallBus } from '../call-bus/call-bus.ts'
import type { DialOrder, DialOutcome, Telephony, TrunkState } from '../ports/telephony.ts'
import type { Phone } from '../schema.ts'

/** One way out of the house. */
export interface Route {
  trunk: string
  /** Shown instead of the number in whose name we call, where the carrier wants its own. */
  number?: Phone
  because: string
}

type Chooser = (to: Phone) => readonly Route[]
type Tried = (tries: readonly Try[], to: Phone) => void

export interface Try {
  trunk: string
  outcome: DialOutcome
}

/** By which of the outside lines phones are rung. */
export interface Routes {
  /** Gives the ways to a phone, the best first; none leaves it to the exchange. The latest chooser counts. */
  choose(chooser: Chooser): void
  /** Hears by which lines a phone was tried, and what came of each. */
  onTried(listener: Tried): void
  trunks(signal: AbortSignal): Promise<TrunkState[]>
}

export interface RouteBook {
  ownedBy(cleanup: AsyncDisposableStack): Routes
  /** The same exchange, which leaves by the ways that were chosen. */
  readonly telephony: Telephony
}

/** What tells nothing about the phone, and is tried again by the next line. */
const noWay: ReadonlySet<DialOutcome> = new Set(['unreachable', 'failed'])

export function openRoutes({ telephony, bus }: { telephony: Telephony; bus: CallBus }): RouteBook {
  let chooser: Chooser | undefined
  const listeners = new Set<Tried>()

  async function dial(order: DialOrder, signal: AbortSignal): Promise<DialOutcome> {
    const routes = /^\+[0-9]+$/.test(order.to) && order.trunk === undefined ? (chooser?.(order.to) ?? []) : []
    if (routes.length === 0) return await dialOnce(order, signal)

    const tries: Try[] = []
    for (const { trunk, number, because } of routes) {
      bus.publish('call.routed', { call: order.call, leg: order.leg, trunk, because })
      const callerId = number === undefined ? order.callerId : { ...order.callerId, number }
      const outcome = await telephony.dial({ ...order, trunk, callerId }, signal)
      tries.push({ trunk, outcome })
      if (!noWay.has(outcome)) break
    }
    tell(tries, order.to)
    return tries.at(-1)?.outcome ?? 'unreachable'
  }

  async function dialOnce(order: DialOrder, signal: AbortSignal): Promise<DialOutcome> {
    const outcome = await telephony.dial(order, signal)
    if (order.trunk !== undefined) tell([{ trunk: order.trunk, outcome }], order.to)
    return outcome
  }

  function tell(tries: readonly Try[], to: Phone) {
    const known = tries.filter(({ outcome }) => outcome !== 'cancelled')
    if (known.length > 0) for (const hear of listeners) hear(known, to)
  }

  return {
    telephony: Object.create(telephony, { dial: { value: dial } }) as Telephony,
    ownedBy: (cleanup) => ({
      choose(own) {
        chooser = own
        cleanup.defer(() => {
          if (chooser === own) chooser = undefined
        })
      },
      onTried(listener) {
        listeners.add(listener)
        cleanup.defer(() => void listeners.delete(listener))
      },
      trunks: (signal) => telephony.trunks(signal),
    }),
  }
}
