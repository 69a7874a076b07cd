/** Looks at the current orders again and again and tells which moved. */
import type { Clock } from '#core/clock.ts'
import type { DispatchEvent, Stage } from '#core/ports/dispatch.ts'
import { found, granted } from './answers.ts'
import type { ListedOrder } from './common-api/orders.ts'
import type { CommonApi } from './common-api.ts'
import { withDeadline } from './deadline.ts'
import { isOver, type StateDetails } from './stages.ts'
import type { StateDirectory } from './states.ts'
import { toDetails } from './translate.ts'

interface Seen {
  stateId: number
  details: StateDetails
  stage: Stage
}

export interface Watch {
  /** One look. The first only learns what there is. */
  look(signal: AbortSignal): Promise<void>
  /** More about the state of an order, if it is still the state last seen and the driver has agreed. */
  detailsOf(orderId: string, stateId: number): StateDetails | undefined
}

interface Neighbours {
  commonApi: CommonApi
  states: StateDirectory
  clock: Clock
  report(event: DispatchEvent): void
}

/** A look may take longer than a caller would wait. */
const patience = 10_000
/** Orders that ended between two looks and are read singly; the rest wait for the next look. */
const endedPerLook = 20

const fields = ['id', 'state_id', 'state_kind', 'confirmed'] as const

export function openWatch({ commonApi, states, clock, report }: Neighbours): Watch {
  let seen: Map<string, Seen> | undefined

  const toSeen = (order: Pick<ListedOrder, 'state_id' | 'state_kind' | 'confirmed'>): Seen => {
    const details = toDetails(order)
    return { stateId: order.state_id, details, stage: states.stageOf(order.state_id, details) }
  }

  function tell(order: string, now: Seen, before?: Seen) {
    if (now.stage === before?.stage) return
    const stateName = states.nameOf(now.stateId)
    report({
      name: 'order.stage-changed',
      order,
      stage: now.stage,
      stateName,
      ...(before && { from: before.stage }),
    })
  }

  /** An order that left the list has ended; one that shows no ending was deleted. */
  async function endingOf(orderId: string, before: Seen, signal: AbortSignal): Promise<Seen> {
    const state = found('get_order_state', await commonApi.orderState(orderId, signal))
    const now = state ? toSeen(state) : before
    return isOver(now.stage) ? now : { ...now, stage: 'cancelled_company' }
  }

  async function lookOnce(signal: AbortSignal) {
    const { orders } = granted('get_current_orders', await commonApi.currentOrders(fields, signal))
    const current = new Map(orders.map((order) => [String(order.id), toSeen(order)]))
    if (!seen) {
      seen = current
      return
    }
    for (const [order, now] of current) {
      tell(order, now, seen.get(order))
      seen.set(order, now)
    }
    const left = [...seen].filter(([order]) => !current.has(order)).slice(0, endedPerLook)
    for (const [order, before] of left) {
      tell(order, await endingOf(order, before, signal), before)
      seen.delete(order)
    }
  }

  return {
    look: (signal) =>
      withDeadline(signal, { clock, milliseconds: patience, request: 'get_current_orders' }, lookOnce),

    detailsOf(orderId, stateId) {
      const last = seen?.get(orderId)
      const isSure = last?.stateId === stateId && last.details.confirmed !== 'not_confirmed'
      return isSure ? last?.details : undefined
    },
  }
}

/** Repeats a piece of work with a pause before each time, until the signal aborts; a failure is only told. */
export async function keepDoing(
  work: (signal: AbortSignal) => Promise<void>,
  { clock, signal, pause, failed }: Repeat,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.sleep(pause, signal)
      await work(signal)
    } catch (thrown) {
      if (!signal.aborted) failed(thrown)
    }
  }
}

interface Repeat {
  clock: Clock
  signal: AbortSignal
  /** Milliseconds. */
  pause: number
  failed(thrown: unknown): void
}
