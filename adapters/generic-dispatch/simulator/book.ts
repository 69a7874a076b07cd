/** What a small dispatch program keeps: people and orders. */
import type { CallerCard, Car, Claim, Order, Stage } from '#core/ports/dispatch.ts'
import { stages } from '#core/ports/dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'

const over: readonly Stage[] = ['done', 'cancelled_client', 'cancelled_company', 'no_show']
const tooLate: readonly Stage[] = ['client_in_car', 'done', 'no_show']
const mostKept = 2_000
const withoutDriver: readonly Stage[] = ['new', 'searching']

export interface BookedOrder extends Omit<Order, 'state'> {
  phone: Phone
}

type Person = Omit<CallerCard, 'orders' | 'order'> & { employeeId?: string }

const driver: { phone: Phone; car: Car } = {
  phone: '+380500000001',
  car: { colour: 'білий', make: 'Toyota Camry', plate: 'AA1234BB' },
}

const numbered = (number: number) => `+38067${String(number).padStart(7, '0')}`
const client = (number: number, more: Partial<Person> = {}): [Phone, Person] => [
  numbered(number),
  { kind: 'client', category: 'normal', clientId: String(1_000 + number), ...more },
]

/** The living company's passengers call from these numbers; the last of them are special. */
const people = new Map<Phone, Person>([
  ...Array.from({ length: 30 }, (_, index) => client(index + 1)),
  client(31, { isVip: true, category: 'white' }),
  client(35, { category: 'black' }),
  client(38, { isLocked: true }),
  client(39, { category: 'grey' }),
  client(40, { kind: 'corporate' }),
  client(41, { kind: 'corporate', clientId: '1040', employeeId: '7' }),
  [driver.phone, { kind: 'driver', category: 'normal', driverId: '1' }],
])

/** `moved` is told whenever an order is in another stage than before. */
export function openBook(moved: (order: BookedOrder) => void) {
  const orders = new Map<OrderId, BookedOrder>()
  let lastId = 100

  function place(phone: Phone, stage: Stage = 'new', more: Partial<BookedOrder> = {}): BookedOrder {
    lastId += 1
    const order = { phoneToDial: phone, ...more, id: String(lastId), phone, stage }
    orders.set(order.id, order)
    const [oldest] = orders.keys()
    if (orders.size > mostKept && oldest !== undefined) orders.delete(oldest)
    equip(order)
    moved(order)
    return order
  }

  function equip(order: BookedOrder) {
    if (withoutDriver.includes(order.stage)) return
    order.car = driver.car
    order.driverPhone = driver.phone
    order.minutes ??= 7
  }

  function move(order: BookedOrder, stage: Stage): 'moved' | 'already-there' | 'not-from-this-state' {
    if (order.stage === stage) return 'already-there'
    if (over.includes(order.stage) || (tooLate.includes(order.stage) && withoutDriver.includes(stage))) {
      return 'not-from-this-state'
    }
    order.stage = stage
    equip(order)
    moved(order)
    return 'moved'
  }

  const offLine = new Set<string>()

  const currentOf = (phone: Phone) =>
    [...orders.values()].filter(
      (order) => (order.phone === phone || order.phoneToDial === phone) && !over.includes(order.stage),
    )

  return {
    states: stages.map((stage) => ({ id: stage, name: stage, stage })),
    orders: orders as ReadonlyMap<OrderId, BookedOrder>,
    personOf: (phone: Phone) => people.get(phone),
    currentOf,
    isKnown: (id: string) =>
      [...people.values()].some((each) => each.clientId === id || each.driverId === id),

    /** Everybody's password is his id, a driver's PIN his call sign thrice. */
    provenBy(claim: Claim) {
      if ('callSign' in claim)
        return claim.callSign === '1' && claim.pin === '111' ? { driverId: '1' } : undefined
      const isClient = [...people.values()].some(({ clientId }) => clientId === claim.login)
      return isClient && claim.password === claim.login ? { clientId: claim.login } : undefined
    },

    takeOffLine(driverId: string): 'taken' | 'already-off' {
      if (offLine.has(driverId)) return 'already-off'
      offLine.add(driverId)
      return 'taken'
    },

    place,
    move,

    cancel(order: BookedOrder): 'cancelled' | 'already-cancelled' | 'refused' {
      if (order.stage === 'cancelled_client') return 'already-cancelled'
      if (tooLate.includes(order.stage) || over.includes(order.stage)) return 'refused'
      move(order, 'cancelled_client')
      return 'cancelled'
    },

    /** A driver who has come costs something. */
    penaltyOf: ({ stage }: BookedOrder) => (stage === 'arrived' ? 50 : 0),

    forget: () => orders.clear(),
  }
}
export type Book = ReturnType<typeof openBook>
