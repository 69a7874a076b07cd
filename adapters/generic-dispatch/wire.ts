/**
 * What a dispatch program answers, as JSON: the shapes of the port with as few duties as possible. The
 * simulator's routes are documented by the same shapes.
 */
import { callBackProgress } from '#core/ports/dispatch/call-back.ts'
import { recordedResults } from '#core/ports/dispatch/recording-link.ts'
import { stages } from '#core/ports/dispatch.ts'
import { Moment, OrderId, oneOf, Phone, Type } from '#core/schema.ts'

const Text = Type.String({ maxLength: 500 })
const Money = Type.Number({ description: 'In the company’s money.' })
export const Stage = oneOf(stages)

const Car = Type.Object({
  colour: Type.Optional(Text),
  make: Type.Optional(Text),
  plate: Type.Optional(Text),
})

export const State = Type.Object(
  { id: Type.String(), name: Text, stage: Stage },
  { description: 'A state of the program’s own and the stage it counts as.' },
)
export const States = Type.Object({ states: Type.Array(State) })

export const Order = Type.Object({
  id: OrderId,
  stage: Stage,
  state: Type.Optional(
    Type.Object({ id: Type.String(), name: Text }, { description: 'Left out where states are the stages.' }),
  ),
  car: Type.Optional(Car),
  minutes: Type.Optional(Type.Number({ minimum: 0, description: 'Until the car is at the pickup.' })),
  at: Type.Optional(
    Type.Integer({ ...Moment, description: 'When the car is wanted, of an order for later.' }),
  ),
  driverPhone: Type.Optional(Phone),
  phone: Type.Optional(Type.String({ ...Phone, description: 'Whose order it is.' })),
  phoneToDial: Type.Optional(Phone),
  pickup: Type.Optional(Text),
  takenBy: Type.Optional(
    Type.Array(Text, { description: 'Phone accounts of the operator who took the order.' }),
  ),
})
export const Orders = Type.Object({
  orders: Type.Array(Order, { description: 'Current ones, newest last.' }),
})

export const CallerCard = Type.Object({
  kind: oneOf(['client', 'corporate', 'driver', 'directory', 'unknown']),
  category: Type.Optional(
    oneOf(['normal', 'black', 'white', 'grey'], { description: 'Left out: `normal`.' }),
  ),
  clientId: Type.Optional(Text),
  driverId: Type.Optional(Text),
  isLocked: Type.Optional(Type.Boolean()),
  isVip: Type.Optional(Type.Boolean()),
  orders: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Current orders. Left out: whether there is `order`.' }),
  ),
  order: Type.Optional(Order),
})

export const Account = Type.Object({
  of: oneOf(['client', 'driver']),
  id: Type.String(),
  balance: Money,
  bonus: Type.Optional(Money),
  lowest: Type.Optional(Money),
  isLocked: Type.Optional(Type.Boolean()),
  employeeId: Type.Optional(
    Type.String({ description: 'The phone asked for is that of an employee of this corporate client.' }),
  ),
})
export const AccountDetails = Type.Object(
  {
    lastOperationAt: Type.Optional(Moment),
    shiftStartedAt: Type.Optional(Moment),
    priority: Type.Optional(Type.Number()),
  },
  { description: 'Each only where the program knows it.' },
)
const Code = Type.String({ minLength: 1, maxLength: 40 })
export const Claim = Type.Union([
  Type.Object({ callSign: Code, pin: Code }),
  Type.Object({ login: Code, password: Code }),
])
export const AccountOwner = Type.Union([
  Type.Object({ clientId: Type.String() }),
  Type.Object({ driverId: Type.String() }),
])
export const OffLine = Type.Object({ outcome: oneOf(['taken', 'already-off', 'refused']) })

const refusals = [
  'unknown-order',
  'unknown-detail',
  'not-from-this-state',
  'client-barred',
  'money',
  'its-own-rules',
] as const
const Refused = Type.Object({ outcome: Type.Literal('refused'), because: oneOf(refusals) })
const Done = <const Outcome extends string>(outcome: Outcome) =>
  Type.Object({ outcome: Type.Literal(outcome) })
const DoneTo = <const Outcome extends string>(outcome: Outcome) =>
  Type.Object({ outcome: Type.Literal(outcome), order: OrderId })

export const Creation = Type.Union([DoneTo('created'), DoneTo('already-there'), Refused])
export const Change = Type.Union([Done('changed'), Refused])
export const Move = Type.Union([Done('moved'), Done('already-there'), Refused])
export const Cancellation = Type.Object({ outcome: oneOf(['cancelled', 'already-cancelled', 'refused']) })
export const Penalty = Type.Object({ penalty: Type.Number({ minimum: 0 }) })
export const Accepted = Done('accepted')
export const Asked = Type.Object({ outcome: oneOf(['asked', 'refused']) })
export const Shown = Type.Object({ outcome: oneOf(['shown', 'refused']) })
export const Attached = Type.Object({ id: Type.String({ minLength: 1 }) })

const Place = Type.Object({
  address: Text,
  at: Type.Optional(Type.Object({ latitude: Type.Number(), longitude: Type.Number() })),
})
const Stops = Type.Array(Place, { minItems: 1, description: 'The pickup first, the destination last.' })

export const Draft = Type.Object({
  phone: Phone,
  phoneToDial: Type.Optional(Phone),
  clientId: Type.Optional(Text),
  stops: Stops,
  at: Type.Optional(Moment),
  passenger: Type.Optional(Text),
  comment: Type.Optional(Text),
  tariffId: Type.Optional(Text),
  carGroupId: Type.Optional(Text),
  price: Type.Optional(Money),
})
export const OrderChange = Type.Partial(Type.Object({ ...Draft.properties, recalculate: Type.Boolean() }))
export const ToStage = Type.Object({ stage: Stage })
export const ToState = Type.Object({ state: Text })
export const Terms = Type.Object({ penalty: Type.Optional(Money) })
export const Progress = Type.Object({
  called: oneOf(['client', 'driver']),
  progress: oneOf(callBackProgress),
  state: Type.Optional(Text),
})
export const Sms = Type.Object({ phone: Phone, text: Type.String({ maxLength: 2_000 }) })
export const Card = Type.Object({
  title: Type.Optional(Text),
  text: Type.String({ maxLength: 2_000 }),
  kind: Type.Optional(oneOf(['information', 'warning', 'error'])),
  seconds: Type.Optional(Type.Number()),
  users: Type.Optional(Type.Array(Text)),
  order: Type.Optional(OrderId),
  clientId: Type.Optional(Text),
  driverId: Type.Optional(Text),
  crewId: Type.Optional(Text),
  carId: Type.Optional(Text),
})
export const Recording = Type.Object({
  id: Text,
  phone: Phone,
  file: Text,
  startedAt: Moment,
  seconds: Type.Number(),
  direction: oneOf(['incoming', 'outgoing']),
  result: Type.Optional(oneOf(recordedResults)),
  user: Type.Optional(Text),
})

/** What is answered with 404, so that a wrong address is told apart from an unknown order. */
export const NotFound = Type.Object({ code: Type.Literal('NOT_FOUND') })
