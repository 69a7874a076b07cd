import type { Logger } from 'pino'
import type { FactData } from '#core/call-bus/events.ts'
import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { OrderId } from '#core/schema.ts'
import type { Bridge } from './bridge.ts'
import type { Lines } from './lines.ts'
import { twoOf } from './meetings.ts'
import { hasDriver, isOver, type Orders } from './orders.ts'
import type { Pairs } from './pairs.ts'
import type { Settings } from './settings.ts'

/** What the dispatch program's facts mean for us: who belongs together, and who is to be joined now. */
export interface Wishes {
  moved(fact: FactData<'order.stage-changed'>): Promise<void>
  /** Resolves once it is written down. */
  joinRequested(fact: FactData<'join.requested'>): Promise<void>
}

/** Before an order that could not be looked up is looked up again, in milliseconds, and how often. */
const againAfter = 5_000
const tries = 4

export function openWishes(parts: {
  bridge: Bridge
  clock: Clock
  intents: Intents
  log: Logger
  orders: Orders
  pairs: Pairs
  settings: Settings
  closing: AbortSignal
  lines: Lines
}): Wishes {
  const { bridge, clock, closing, intents, lines, log, orders, pairs, settings } = parts

  const joining = intents.declare<{ order: OrderId; stage: string }, 'asked' | 'moved on'>(
    'driver-bridge.stage',
    {
      // The request of the join is the order and its stage: asked again it is the same join.
      find: async () => undefined,
      async perform({ order: id, stage }, signal) {
        const order = await orders.find(id, signal)
        if (order === 'unknown') throw new Error(`order ${id} could not be looked up`)
        if (order === 'none' || order.stage !== stage) return 'moved on'
        const two = twoOf(order)
        if (!two) throw new Error(`order ${id} has no two to be joined yet`)
        const line = await lines.of(two)
        const request = `stage:${id}:${stage}`
        await bridge.ask({ ...two, by: `stage ${stage}`, request, ...(line === undefined ? {} : { line }) })
        return 'asked'
      },
    },
  )

  /** Again and again while it fails, not for ever. */
  async function withPatience(what: string, order: OrderId, work: () => Promise<'done' | 'again'>) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if ((await work()) === 'done') return
      } catch (thrown) {
        if (closing.aborted) return
        log.warn({ order, reason: reasonOf(thrown) }, what)
      }
      if (attempt === tries) return
      await clock.sleep(againAfter, closing)
    }
  }

  /** Who belongs together behind one of our numbers. */
  async function keepPair(id: OrderId): Promise<'done' | 'again'> {
    const order = await orders.find(id, closing)
    if (order === 'unknown') return 'again'
    const two = order === 'none' ? undefined : twoOf(order)
    if (two) await pairs.keep(two)
    return 'done'
  }

  async function keepPairs({ order, stage }: FactData<'order.stage-changed'>) {
    if (isOver(stage)) return await pairs.end(order)
    if (!hasDriver(stage)) return await pairs.forget(order)
    if (pairs.find(order) && stage !== 'assigned') return
    await withPatience('Client and driver of an order are not known', order, () => keepPair(order))
  }

  async function joinAtStage({ order, stage }: FactData<'order.stage-changed'>) {
    if (!settings.joinAt.some((each) => each === stage)) return
    const key = `driver-bridge.stage:${order}:${stage}`
    await withPatience('Client and driver are not joined at this stage', order, async () => {
      await joining.carryOut({ key, data: { order, stage } }, closing)
      return 'done'
    })
  }

  return {
    async moved(fact) {
      await Promise.all([settings.lines.length > 0 ? keepPairs(fact) : undefined, joinAtStage(fact)])
    },

    async joinRequested({ phones: [one, other], order: id, request }) {
      const order = id === undefined ? 'none' : await orders.find(id, closing)
      const isFound = order !== 'none' && order !== 'unknown'
      const known = id === undefined ? undefined : pairs.find(id)
      const driver = (isFound ? order.driverPhone : undefined) ?? known?.driver
      // Taxi-Master names the client first.
      const two = driver === one ? { client: other, driver: one } : { client: one, driver: other }
      const whole = id === undefined ? two : { ...two, order: id }
      const line = await lines.of(whole)
      await bridge.ask({
        ...whole,
        by: 'the dispatch program',
        request: `request:${request}`,
        ...(line === undefined ? {} : { line }),
      })
    },
  }
}
