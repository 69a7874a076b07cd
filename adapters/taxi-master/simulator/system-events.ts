/**
 * The directory of system events: some are started by `run_system_event`, some come by themselves a while
 * after an order entered a state, unless it leaves the state before.
 */
import type { Clock } from '#core/clock.ts'
import type { Method } from './common-api.ts'
import { no, ok } from './common-api.ts'
import type { SimulatedOrder } from './order-book.ts'

export interface SystemEvent {
  id: number
  code: string
  isActive: boolean
  on: 'request' | { state: number; afterSeconds: number }
}

/** The one that every simulated company has. */
/** The company's own script that gives an order to a crew. */
export const assigns: SystemEvent = { id: 91, code: 'assign_driver', isActive: true, on: 'request' }
export const takesOffLine: SystemEvent = { id: 90, code: 'take_off_line', isActive: true, on: 'request' }

interface Options {
  clock: Clock
  events: readonly SystemEvent[]
  /** The script of the event speaks to whoever listens to it. */
  fire(event: SystemEvent, order: SimulatedOrder): void
  /** The script of an event that was run by request. */
  ran?(code: string, parameters: Record<string, unknown>): void
}

export function openSystemEvents({ clock, events, fire, ran }: Options) {
  const runs: Record<string, unknown>[] = []
  const timers = new Map<SimulatedOrder, (() => void)[]>()
  let fired: { event: SystemEvent; order: SimulatedOrder }[] = []

  function stop(order: SimulatedOrder) {
    for (const takeBack of timers.get(order) ?? []) takeBack()
    timers.delete(order)
  }

  function happen(event: SystemEvent, order: SimulatedOrder) {
    fired = [...fired.slice(-99), { event, order }]
    fire(event, order)
  }

  const run: Method = {
    verb: 'POST',
    json: true,
    answer(body) {
      const { system_event_id: id, system_event_code: code } = body
      if (id === undefined && code === undefined) return no(8, 'Required parameter missing')
      const event = events.find((each) => each.id === id || each.code === code)
      if (!event) return no(101, 'System event not found')
      if (event.on !== 'request') return no(100, 'The system event is not one that is run by request')
      if (!event.isActive) return no(102, 'The system event is not active')
      runs.push(body)
      ran?.(event.code, body)
      return ok()
    },
  }

  return {
    methods: { run_system_event: run } as Record<string, Method>,
    runs,

    entered(order: SimulatedOrder) {
      stop(order)
      const due = events.flatMap((event) => {
        const { on, isActive } = event
        if (on === 'request' || !isActive || on.state !== order.stateId) return []
        return [clock.after(on.afterSeconds * 1_000, () => happen(event, order))]
      })
      if (due.length > 0) timers.set(order, due)
    },

    /** What was still to come is lost; catching up, it fires what it fired lately a second time. */
    restart({ catchUp = false }: { catchUp?: boolean } = {}) {
      for (const order of [...timers.keys()]) stop(order)
      if (catchUp) for (const { event, order } of fired) fire(event, order)
    },

    stop() {
      for (const order of [...timers.keys()]) stop(order)
    },
  }
}
