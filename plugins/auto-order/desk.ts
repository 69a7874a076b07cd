/** What the conversation asks of the house: orders, cars and drivers. */
import type { Logger } from 'pino'
import { withDeadline } from '#core/asking/deadline.ts'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import { CallEnded, reasonOf } from '#core/errors.ts'
import type { Caller } from '#core/plugin.ts'
import { type Dispatch, isStage, type OrderDraft, type Stage } from '#core/ports/dispatch.ts'
import type { PriceNotes } from '#core/price-notes.ts'
import type { OrderId } from '#core/schema.ts'
import type { Drafts } from './drafts.ts'
import type { Drivers } from './drivers.ts'
import type { AutoOrderDesk, Outcome } from './flow.ts'
import type { Offer } from './offers.ts'
import type { Settings } from './settings.ts'

const name = 'auto-order'
const refusal = 'refused: '
const refused = (because: string) => `${refusal}${because}`
const isRefused = (outcome: string) => outcome.startsWith(refusal)
const over: readonly Stage[] = ['done', 'cancelled_client', 'cancelled_company', 'no_show']
/** Milliseconds in which the cars nearby are counted; a caller is waiting. */
const countPatience = 1_500

interface Assignment {
  order: OrderId
  crewId: string
  callSign: string
}

export function openDesk(parts: {
  bus: CallBus
  clock: Clock
  dispatch: Dispatch
  drafts: Drafts
  drivers: Drivers
  intents: Intents
  log: Logger
  priceNotes: PriceNotes
  settings: Settings
}): AutoOrderDesk {
  const { bus, clock, dispatch, drafts, drivers, intents, log, priceNotes, settings } = parts
  const can = (verb: keyof Omit<Dispatch, 'capabilities'>) => dispatch.capabilities.has(verb)

  const ordering = intents.declare<OrderDraft, string>('auto-order.order', {
    // The dispatch program knows the key of an order, so asking again is looking.
    find: async () => undefined,
    async perform(draft, signal) {
      const creation = await dispatch.createOrder(draft, signal)
      const order = creation.outcome === 'refused' ? undefined : creation.order
      await drafts.close(draft.key, order)
      return creation.outcome === 'refused' ? refused(creation.because) : creation.order
    },
    settled(_, outcome, call) {
      if (call !== undefined && !isRefused(outcome))
        bus.publish('call.about-order', { call, order: outcome, by: name })
    },
  })

  const assigning = intents.declare<Assignment, 'assigned' | 'refused' | 'told'>('auto-order.assign', {
    async find({ order }, signal) {
      const found = await dispatch.findOrder(order, signal)
      return found && !['new', 'searching'].includes(found.stage) ? 'assigned' : undefined
    },
    async perform({ order, crewId, callSign }, signal) {
      if (can('assignDriver')) return await dispatch.assignDriver(order, crewId, signal)
      // Where a program cannot give an order to a driver, a dispatcher is told that he has taken it.
      if (!can('raiseCard')) return 'refused'
      const text = `Driver ${callSign} has taken order ${order} by telephone.`
      await dispatch.raiseCard({ title: callSign, text, kind: 'warning', order, crewId }, signal)
      return 'told'
    },
  })

  async function isOver(order: OrderId, signal: AbortSignal): Promise<boolean> {
    const found = await dispatch.findOrder(order, signal)
    return !found || (isStage(found.stage) && over.includes(found.stage))
  }

  async function order(caller: Caller, offer: Offer, isAnother: boolean): Promise<Outcome> {
    const { call, signal } = caller
    if (call.from === undefined) return { is: 'refused', because: 'the number is withheld' }
    const { place, ...rest } = offer
    const wish = { call: call.id, phone: call.from, address: place.address }
    const make = (key: string) => {
      const data = { key, phone: wish.phone, stops: [place] as [typeof place], ...rest }
      return ordering.carryOut({ key: `auto-order.order:${key}`, call: call.id, data }, signal)
    }
    let draft = await drafts.begin({ ...wish, isAnother })
    if (draft.is === 'of another call') {
      // One that is being made is awaited, one that had failed is made now: either way there is one.
      const known = draft.order ?? (await make(draft.key))
      if (!isRefused(known) && !(await isOver(known, signal))) return { is: 'ordered before', order: known }
      draft = await drafts.begin({ ...wish, isAnother: true })
    }
    const outcome = await make(draft.key)
    return isRefused(outcome) ? { is: 'refused', because: outcome } : { is: 'ordered', order: outcome }
  }

  return {
    settings,
    notes: () => priceNotes.now(),
    hasOrdered: async ({ call }) => (await drafts.of(call.id)) !== undefined,

    async order(caller, offer, isAnother) {
      try {
        return await order(caller, offer, isAnother)
      } catch (thrown) {
        if (thrown instanceof CallEnded || caller.signal.aborted) throw thrown
        log.error({ call: caller.call.id, reason: reasonOf(thrown) }, 'An order could not be made')
        return { is: 'refused', because: 'the dispatch program did not take the order' }
      }
    },

    async freeCars({ place }, signal) {
      if (!settings.capacity.isOn) return undefined
      try {
        const deadline = { clock, milliseconds: countPatience, request: 'crewsNear' }
        return await withDeadline(signal, deadline, async (until) => {
          const at = place.at ?? (await drivers.whereIs(place.address, until))
          if (at && can('crewsNear'))
            return (await dispatch.crewsNear(at, settings.capacity.radius, until)).free
          if (!can('crewPositions')) return undefined
          return (await dispatch.crewPositions(until)).filter(({ state }) => state === 'waiting').length
        })
      } catch (thrown) {
        signal.throwIfAborted()
        log.warn({ reason: reasonOf(thrown) }, 'Free cars could not be counted')
        return undefined
      }
    },

    async *drivers({ place }, signal) {
      if (!can('crewPositions') || !can('driverPhones')) return
      try {
        yield* drivers.nearest(place, settings.smallTown.drivers, signal)
      } catch (thrown) {
        signal.throwIfAborted()
        log.warn({ reason: reasonOf(thrown) }, 'Free drivers could not be found')
      }
    },

    async assign({ call }, id, { callSign, crewId }) {
      try {
        const outcome = await assigning.carryOut(
          { key: `auto-order.assign:${id}`, call: call.id, data: { order: id, crewId, callSign } },
          new AbortController().signal,
        )
        if (outcome === 'refused') log.warn({ order: id, callSign }, 'The order was not given to the driver')
      } catch (thrown) {
        log.error({ order: id, reason: reasonOf(thrown) }, 'The order was not given to the driver')
      }
    },
  }
}
