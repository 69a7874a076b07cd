/** The orders of the simulated company, with the oddities of real ones. */
import type { Clock } from '#core/clock.ts'
import { clients, type Driver, drivers, type OrderState, orderStates, streets } from './cast.ts'

export interface SimulatedOrder {
  id: number
  phone: string
  phoneToDial: string
  clientId: number
  stateId: number
  driver?: Driver
  /** Until then the driver is known but has not agreed. */
  confirmedAt: number
  /** When the car will be there; minutes are told only some time after the assignment. */
  arrivesAt: number
  startedAt: number
  /** Of an order for later. */
  wantedAt?: number
  finishedAt?: number
  isDeleted: boolean
  pickup: string
  takenBy: string
  comment: string
  attributes: object[]
  tariffId: number
  discountId: number
  /** What the client was charged for cancelling, when somebody said so. */
  penalty?: number
}

export interface NewOrder {
  /** `0670000001`, as stored, or `+380670000001`. */
  phone: string
  phoneToDial?: string
  stateId?: number
  /** `false` holds the driver's agreement back until `confirmOrder`. */
  isConfirmed?: boolean
  minutes?: number
  /** When the car is wanted, if later. */
  at?: number
  takenBy?: string
  pickup?: string
  comment?: string
  attributes?: object[]
  tariffId?: number
}

export type Move = 'moved' | 'no-order' | 'no-state' | 'refused'

/** State ids one may move to from a state; states not named here may move anywhere. */
export type Transitions = Readonly<Record<number, readonly number[]>>

export const factoryTransitions: Transitions = {
  4: [],
  5: [],
  6: [],
  68: [],
  11: [4],
}

/** Milliseconds until the final sum is known after the end of the ride. */
const sumLag = 3000
/** Milliseconds between the assignment and the driver's agreement, and until minutes are told. */
const confirmationLag = 4000
const finishedKept = 300
const minute = 60_000

export type OrderBook = ReturnType<typeof openOrderBook>

interface Options {
  clock: Clock
  transitions: Transitions
  /** The site's directory. */
  states?: readonly OrderState[]
  /** An order has entered a state. */
  entered?: (order: SimulatedOrder) => void
}

export function openOrderBook({ clock, transitions, states = orderStates, entered = () => {} }: Options) {
  const stateOf = (id: number) => states.find((state) => state.id === id)
  const orders = new Map<number, SimulatedOrder>()
  const currentOf = new Map<string, Set<SimulatedOrder>>()
  const finished: number[] = []
  let lastId = 100

  const isCurrent = (order: SimulatedOrder) => order.finishedAt === undefined

  function assign(order: SimulatedOrder, agreesAt: number, minutes: number) {
    order.driver ??= drivers[order.id % (drivers.length - 1)] as Driver
    order.confirmedAt = agreesAt
    order.arrivesAt = clock.now() + minutes * minute
  }

  function enter(order: SimulatedOrder, state: OrderState) {
    order.stateId = state.id
    if (state.kind === 'new_order') {
      delete order.driver
      order.confirmedAt = Number.POSITIVE_INFINITY
    }
    if (state.kind === 'finished' || state.kind === 'aborted') end(order)
    entered(order)
  }

  function end(order: SimulatedOrder) {
    order.finishedAt = clock.now()
    const current = currentOf.get(order.phone)
    current?.delete(order)
    if (current?.size === 0) currentOf.delete(order.phone)
    finished.push(order.id)
    if (finished.length > finishedKept) orders.delete(finished.shift() as number)
  }

  return {
    states,
    stateOf,
    orders: orders as ReadonlyMap<number, SimulatedOrder>,

    /** Places an order straight into a state. */
    placeOrder({
      phone: anyForm,
      phoneToDial = anyForm,
      stateId = 1,
      isConfirmed = true,
      minutes = 7,
      at,
      takenBy = '101',
      pickup,
      comment = '',
      attributes = [],
      tariffId = 0,
    }: NewOrder) {
      lastId += 1
      const phone = asStored(anyForm)
      const order: SimulatedOrder = {
        id: lastId,
        phone,
        phoneToDial: asStored(phoneToDial),
        clientId: clients.find((client) => client.phone === phone)?.id ?? 0,
        stateId,
        confirmedAt: Number.POSITIVE_INFINITY,
        arrivesAt: 0,
        startedAt: clock.now(),
        ...(at !== undefined && { wantedAt: at }),
        isDeleted: false,
        pickup: pickup ?? `${streets[lastId % streets.length]}, ${1 + (lastId % 60)}`,
        takenBy,
        comment,
        attributes,
        tariffId,
        discountId: 0,
      }
      orders.set(order.id, order)
      const current = currentOf.get(phone) ?? new Set()
      currentOf.set(phone, current.add(order))
      const state = stateOf(stateId)
      if (state && state.kind !== 'new_order') {
        const agreesAt = isConfirmed ? clock.now() - confirmationLag : Number.POSITIVE_INFINITY
        assign(order, agreesAt, minutes)
      }
      if (state) enter(order, state)
      return order
    },

    moveOrder(id: number, stateId: number): Move {
      const order = orders.get(id)
      const state = stateOf(stateId)
      if (!order) return 'no-order'
      if (!state) return 'no-state'
      if (order.isDeleted || transitions[order.stateId]?.includes(stateId) === false) return 'refused'
      if (state.kind !== 'new_order' && state.type === 'in_work' && !order.driver) {
        assign(order, clock.now() + confirmationLag, 3 + (id % 9))
      }
      enter(order, state)
      return 'moved'
    },

    /** The driver takes it, as a script of the company's own may have it. */
    assignTo(id: number, driverId: number) {
      const order = orders.get(id)
      const state = states.find(({ kind }) => kind === 'driver_assigned')
      const driver = drivers.find((each) => each.id === driverId)
      if (!order || !driver || !state) return
      order.driver = driver
      assign(order, clock.now() - confirmationLag, 7)
      enter(order, state)
    },

    /** The driver agrees. */
    confirmOrder(id: number) {
      const order = orders.get(id)
      if (order) order.confirmedAt = clock.now() - confirmationLag
    },

    /** Leaves the current orders without a change of state, as deleting does. */
    deleteOrder(id: number) {
      const order = orders.get(id)
      if (!order || !isCurrent(order)) return
      order.isDeleted = true
      end(order)
    },

    isBarred: (phone: string) => clients.some((client) => client.phone === phone && client.isLocked),

    currentOrders: () => [...orders.values()].filter(isCurrent),

    currentOfPhone: (phone: string) => [...(currentOf.get(phone) ?? [])],

    currentOfDriver: (driverId: number) =>
      [...orders.values()].filter((order) => isCurrent(order) && order.driver?.id === driverId),

    isConfirmed: (order: SimulatedOrder) => clock.now() >= order.confirmedAt,

    /** The final sum comes some seconds after the end. */
    isSumKnown: ({ finishedAt }: SimulatedOrder) =>
      finishedAt === undefined || clock.now() >= finishedAt + sumLag,

    /** The car's place is known some time after the driver's agreement. */
    isPlaceKnown: (order: SimulatedOrder) =>
      order.driver !== undefined && clock.now() >= order.confirmedAt + confirmationLag,

    /** 0 while nobody knows. */
    minutesTo(order: SimulatedOrder) {
      const isKnown = clock.now() >= order.confirmedAt + confirmationLag && order.stateId !== 10
      return isKnown ? Math.max(1, Math.ceil((order.arrivesAt - clock.now()) / minute)) : 0
    },
  }
}

function asStored(phone: string): string {
  return phone.replace(/^\+38/, '')
}
