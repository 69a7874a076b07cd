/** Looks at the current orders again and again, and at single ones when told to, and tells which moved. */
import type { Logger } from 'pino'
import { withDeadline } from '#core/asking/deadline.ts'
import type { Clock } from '#core/clock.ts'
import { nextMovement, type Sighting } from '#core/order-movement.ts'
import type { DispatchEvent, Stage } from '#core/ports/dispatch.ts'
import type { Moment, OrderId } from '#core/schema.ts'
import { found, granted } from './answers.ts'
import type { ListedOrder } from './common-api/orders.ts'
import type { CommonApi } from './common-api.ts'
import { fromServerTime, toServerTime } from './moments.ts'
import { isOver, type StateDetails } from './stages.ts'
import type { StateDirectory } from './states.ts'
import { toDetails, wasDeleted } from './translate.ts'

interface Seen {
  endedAt?: Moment
  /** Of an earlier life of ours only the name is known. */
  state: { id: number } | { name: string }
  details: StateDetails
  stage: Stage
}

export interface Watch {
  /**
   * One look at all current orders. The first only learns what there is, but for orders that came after the last
   * move told in an earlier life, also those that have ended since. Answers with how many moved.
   */
  look(signal: AbortSignal): Promise<number>
  /** What was told of an order in an earlier life of ours: what it did meanwhile is told as well. */
  recall(told: Pick<StageChanged, 'order' | 'stage' | 'stateName'> & { at: Moment }): void
  /** Something happened to this order: it is read at once, and what it says is told like any other move. */
  hint(order: OrderId): void
  /** More about the state of an order, if it is still the state last seen and the driver has agreed. */
  detailsOf(orderId: string, stateId: number): StateDetails | undefined
  /** Once every hint so far was followed. */
  settled(): Promise<void>
}

type StageChanged = Extract<DispatchEvent, { name: 'order.stage-changed' }>

interface Neighbours {
  commonApi: CommonApi
  states: StateDirectory
  clock: Clock
  log: Logger
  report(event: DispatchEvent): void
  /** Of the server of Taxi-Master. */
  timeZone: string
  /** Ends the following of hints. */
  signal: AbortSignal
}

/** A look may take longer than a caller would wait. */
const patience = 10_000
/** Orders that left the list between two looks and are read singly; the rest wait for the next look. */
const leftPerLook = 20
const readsAtOnce = 4
const mostHints = 1000
/** Taxi-Master may speak of a change a moment before its own answers show it, so nothing new is looked for again. */
const secondLookAfter = 1000
/** Ended orders are remembered, so that old news of them is known for what it is. */
const endedKept = 2000

const fields = ['id', 'state_id', 'state_kind', 'confirmed'] as const
const firstFields = [...fields, 'start_time'] as const
const endedFields = ['id', 'state_id', 'start_time', 'finish_time'] as const
/** Taxi-Master writes times to the second. */
const second = 1000
const minute = 60 * second

export function openWatch(neighbours: Neighbours): Watch {
  const { commonApi, states, clock, log, report, timeZone, signal: closing } = neighbours
  const believed = new Map<OrderId, Sighting<Seen>>()
  const ended = new Set<OrderId>()
  const hints = new Set<OrderId>()
  const reading = new Set<OrderId>()
  const secondLooks = new Set<OrderId>()
  let isLearned = false
  /** Until then an earlier life of ours watched. */
  let watchedUntil: Moment | undefined
  /** How often it is still tried to learn what came and ended meanwhile: nothing else waits for it. */
  let looksAtEnded = 3
  let followers: Promise<void>[] = []
  /** Counts the beginnings and ends of reads; two of them are never at the same moment. */
  let moment = 0

  async function timed<Value>(read: Promise<Value>) {
    moment += 1
    const startedAt = moment
    const value = await read
    moment += 1
    return { value, startedAt, endedAt: moment }
  }

  const toSeen = (
    order: Pick<ListedOrder, 'state_id' | 'state_kind' | 'confirmed' | 'finish_time'>,
  ): Seen => {
    const details = toDetails(order)
    const endedAt = fromServerTime(order.finish_time ?? '', timeZone)
    return {
      state: { id: order.state_id },
      details,
      stage: states.stageOf(order.state_id, details),
      ...(endedAt !== undefined && { endedAt }),
    }
  }

  const nameOf = ({ state }: Seen) => ('id' in state ? states.nameOf(state.id) : state.name)

  function saysTheSame(one: Seen, other: Seen): boolean {
    if (one.stage !== other.stage) return false
    if ('id' in one.state && 'id' in other.state) return one.state.id === other.state.id
    return nameOf(one) === nameOf(other)
  }

  function remember(order: OrderId, sighting: Sighting<Seen>) {
    believed.set(order, sighting)
    if (!isOver(sighting.seen.stage)) {
      ended.delete(order)
      return
    }
    ended.add(order)
    const [oldest] = ended
    if (ended.size <= endedKept || oldest === undefined) return
    ended.delete(oldest)
    believed.delete(oldest)
  }

  /** Whether the order moved. */
  function notice(order: OrderId, sighting: Sighting<Seen>): boolean {
    const movement = nextMovement(believed.get(order), sighting, saysTheSame)
    remember(order, movement.believed)
    if (movement.is === 'unsure') hint(order)
    if (movement.is !== 'moved') return false
    const { seen } = movement.believed
    const { from } = movement
    report({
      name: 'order.stage-changed',
      order,
      stage: seen.stage,
      stateName: nameOf(seen),
      ...(from && { from }),
      ...(isOver(seen.stage) && seen.endedAt !== undefined && { endedAt: seen.endedAt }),
    })
    return true
  }

  /** It came while nobody watched. Who has never watched cannot know, and calls nobody about orders of before. */
  function cameSince({ start_time: start }: Pick<ListedOrder, 'start_time'>): boolean {
    if (watchedUntil === undefined) return false
    const cameAt = fromServerTime(start ?? '', timeZone)
    return cameAt !== undefined && cameAt > watchedUntil - second
  }

  /** An order that is not current has ended; one that shows no ending was deleted. */
  async function read(order: OrderId, isMissing: boolean, signal: AbortSignal): Promise<boolean> {
    await states.ready(signal)
    const { value, startedAt, endedAt } = await timed(commonApi.orderState(order, signal))
    const state = found('get_order_state', value)
    const before = believed.get(order)
    const seen = state ? toSeen(state) : before?.seen
    if (!seen) return false
    const isDeleted = !isOver(seen.stage) && (isMissing || !state || wasDeleted(state, seen))
    const now = isDeleted ? toDeleted(seen) : seen
    return notice(order, { seen: now, startedAt, endedAt })
  }

  const toDeleted = (seen: Seen): Seen => ({ ...seen, stage: 'cancelled_company' })

  /** Came and ended while nobody watched: how they ended is all that is told of them. */
  async function lookAtEnded(signal: AbortSignal): Promise<number> {
    if (watchedUntil === undefined || looksAtEnded === 0) return 0
    looksAtEnded -= 1
    const span = {
      start_time: toServerTime(watchedUntil - second, timeZone),
      finish_time: toServerTime(clock.now() + minute, timeZone),
    }
    const { value, startedAt, endedAt } = await timed(commonApi.finishedOrders(span, endedFields, signal))
    if (!value.ok) log.warn({ code: value.code }, 'Orders that ended while nobody watched are not known')
    let moved = 0
    for (const order of value.ok ? value.data.orders : []) {
      const id = String(order.id)
      if (believed.has(id) || !cameSince(order)) continue
      const seen = toSeen(order)
      const sighting = { seen: isOver(seen.stage) ? seen : toDeleted(seen), startedAt, endedAt }
      if (notice(id, sighting)) moved += 1
    }
    looksAtEnded = 0
    return moved
  }

  async function lookOnce(signal: AbortSignal): Promise<number> {
    await states.ready(signal)
    const asked = isLearned ? fields : firstFields
    const { value, startedAt, endedAt } = await timed(commonApi.currentOrders(asked, signal))
    const { orders } = granted('get_current_orders', value)
    const current = new Map(orders.map((order) => [String(order.id), order]))
    let moved = 0
    for (const [order, state] of current) {
      const sighting = { seen: toSeen(state), startedAt, endedAt }
      const isOld = !isLearned && !believed.has(order) && !cameSince(state)
      if (isOld) remember(order, sighting)
      else if (notice(order, sighting)) moved += 1
    }
    isLearned = true

    const left: OrderId[] = []
    for (const [order, { seen, endedAt: seenAt }] of believed) {
      if (seenAt < startedAt && !current.has(order) && !isOver(seen.stage)) left.push(order)
      if (left.length === leftPerLook) break
    }
    for (const order of left) if (await read(order, true, signal)) moved += 1
    return moved + (await lookAtEnded(signal))
  }

  function hint(order: OrderId) {
    if (hints.size >= mostHints) return
    hints.add(order)
    secondLooks.add(order)
    startFollowing()
  }

  function lookAgainLater(order: OrderId) {
    if (!secondLooks.delete(order) || closing.aborted) return
    const takeBack = clock.after(secondLookAfter, () => {
      closing.removeEventListener('abort', takeBack)
      hints.add(order)
      startFollowing()
    })
    closing.addEventListener('abort', takeBack, { once: true })
  }

  function startFollowing() {
    if (followers.length >= readsAtOnce || closing.aborted) return
    const follower = follow().finally(() => {
      followers = followers.filter((each) => each !== follower)
    })
    followers.push(follower)
  }

  /** Reads what was hinted at until nothing is left; one order is never read twice at a time. */
  async function follow() {
    for (let order = nextHint(); order !== undefined && !closing.aborted; order = nextHint()) {
      const id = order
      hints.delete(id)
      reading.add(id)
      const deadline = { clock, milliseconds: patience, request: 'get_order_state' }
      try {
        const isMoved = await withDeadline(closing, deadline, (until) => read(id, false, until))
        if (isMoved) secondLooks.delete(id)
        else lookAgainLater(id)
      } catch (thrown) {
        if (!closing.aborted) log.debug({ err: thrown, order: id }, 'An order could not be read at once')
      }
      reading.delete(id)
    }
  }

  function nextHint(): OrderId | undefined {
    for (const order of hints) if (!reading.has(order)) return order
    return undefined
  }

  return {
    look: (signal) =>
      withDeadline(signal, { clock, milliseconds: patience, request: 'get_current_orders' }, lookOnce),

    recall({ order, stage, stateName, at }) {
      watchedUntil = Math.max(at, watchedUntil ?? at)
      if (believed.has(order)) return
      remember(order, { seen: { state: { name: stateName }, details: {}, stage }, startedAt: 0, endedAt: 0 })
    },

    hint,

    detailsOf(orderId, stateId) {
      const last = believed.get(orderId)?.seen
      const isSure =
        last !== undefined &&
        'id' in last.state &&
        last.state.id === stateId &&
        last.details.confirmed !== 'not_confirmed'
      return isSure ? last?.details : undefined
    },

    async settled() {
      while (followers.length > 0) await Promise.all(followers)
    },
  }
}
