/**
 * What we need from a dispatch program. Every question takes the signal of whoever asks; an expected "no"
 * is a return value, a broken dispatch program is a `CallbusError` with a `DISPATCH_…` code.
 * `test/contract/dispatch.ts` is the promise in full.
 */
import type { Moment, OrderId, Phone } from '../schema.ts'
import type { Account, AccountDetails, AccountOwner, Claim } from './dispatch/account.ts'
import type { Attribute } from './dispatch/attribute.ts'
import type { CallBackReport } from './dispatch/call-back.ts'
import type { Card } from './dispatch/card.ts'
import type { Crew, CrewPosition, CrewsNear, DriverPhones } from './dispatch/crew.ts'
import type { DiscountCard } from './dispatch/discount-card.ts'
import type { Feedback } from './dispatch/feedback.ts'
import type { Change, Creation, Move, OrderChange, OrderDraft } from './dispatch/order-draft.ts'
import type { Coordinates, KnownPlace, Pickups } from './dispatch/place.ts'
import type { RecordingLink } from './dispatch/recording-link.ts'
import type { Cost, Tariff, Trip } from './dispatch/tariff.ts'
import type { ConnectionEvent } from './telephony.ts'

export type * from './dispatch/account.ts'
export type * from './dispatch/attribute.ts'
export type * from './dispatch/call-back.ts'
export type * from './dispatch/card.ts'
export type * from './dispatch/crew.ts'
export type * from './dispatch/discount-card.ts'
export type * from './dispatch/feedback.ts'
export type * from './dispatch/order-draft.ts'
export type * from './dispatch/place.ts'
export type * from './dispatch/recording-link.ts'
export type * from './dispatch/tariff.ts'

/** Order stages as telephony sees them, whatever the dispatch program calls its states. */
export const stages = [
  'new',
  'searching',
  'assigned',
  'driver_on_way',
  'arrived',
  'client_in_car',
  'done',
  'cancelled_client',
  'cancelled_company',
  'no_show',
] as const
export type Stage = (typeof stages)[number]

export function isStage(word: string): word is Stage {
  return (stages as readonly string[]).includes(word)
}

export interface Car {
  colour?: string
  make?: string
  plate?: string
}

export interface Order {
  id: OrderId
  stage: Stage
  /** The dispatch program's own id and name of the state. */
  state: { id: string; name: string }
  car?: Car
  /** Minutes until the car is at the pickup, when the dispatch program knows. */
  minutes?: number
  /** When the car is wanted, of an order for later. */
  at?: Moment
  driverPhone?: Phone
  /** Whose order it is. */
  phone?: Phone
  /** Where the client can be reached for this order. */
  phoneToDial?: Phone
  pickup?: string
  /** Phone accounts of the operator who took the order. */
  takenBy?: string[]
}

export type CallerKind = 'client' | 'corporate' | 'driver' | 'directory' | 'unknown'

/** Who a number belongs to. */
export interface CallerCard {
  kind: CallerKind
  category: 'normal' | 'black' | 'white' | 'grey'
  clientId?: string
  driverId?: string
  /** Barred by the dispatch program itself. */
  isLocked?: boolean
  isVip?: boolean
  /** Current orders, prior ones included. */
  orders: number
  /** The current order of this number, if there is one. */
  order?: Order
}

/** One state of the site's directory and the stage it counts as. */
export interface StateOfOrders {
  id: string
  name: string
  stage: Stage
}

export type DispatchEvent =
  | ConnectionEvent
  | {
      name: 'order.stage-changed'
      order: OrderId
      stage: Stage
      stateName: string
      from?: Stage
      /** Of an order that is over: when it ended, which may be long ago when nobody watched. */
      endedAt?: Moment
    }

/** What the dispatch program asks of us. */
export type DispatchRequest =
  /** It wants somebody called about an order; the script says what to tell. */
  | {
      name: 'callback.requested'
      phone: Phone
      order?: OrderId
      /** Its name for the conversation, as it was written. */
      script: string
      /** What the site's settings make of the script. */
      action?: string
      /** The start parameters as they came, the first first. */
      parameters: string[]
    }
  /** It wants two people joined, as a rule a client and his driver. */
  | { name: 'join.requested'; phones: [Phone, Phone]; order?: OrderId; parameters: string[] }

export type Cancellation = 'cancelled' | 'already-cancelled' | 'refused'

export interface Dispatch {
  /** The verbs this dispatch program has; any other is answered with `DISPATCH_CANNOT`. */
  readonly capabilities: ReadonlySet<DispatchVerb>

  /** Who calls, with the current order: one question, because the caller is waiting. */
  identify(phone: Phone, signal: AbortSignal): Promise<CallerCard>

  /** `undefined` when there is no such order. */
  findOrder(id: OrderId, signal: AbortSignal): Promise<Order | undefined>

  /** Every current order of a number, also those it is only to be called back on; the newest last. */
  findOrders(phone: Phone, signal: AbortSignal): Promise<Order[]>

  /** The site's states with the stages they count as. */
  states(signal: AbortSignal): Promise<StateOfOrders[]>

  /** One order per key, however often it is asked. */
  createOrder(draft: OrderDraft, signal: AbortSignal): Promise<Creation>

  updateOrder(id: OrderId, change: OrderChange, signal: AbortSignal): Promise<Change>

  /** Moves an order to the site's state for a stage. */
  changeStage(id: OrderId, stage: Stage, signal: AbortSignal): Promise<Move>

  /** Moves an order to one of the dispatch program's own states. */
  changeState(id: OrderId, stateId: string, signal: AbortSignal): Promise<Move>

  /** What cancelling now would cost the client, in the company's money; 0 for nothing. */
  cancellationPenalty(id: OrderId, signal: AbortSignal): Promise<number>

  /**
   * Cancels for the client. `refused` when the order has gone too far. Without a penalty the dispatch
   * program's own rules decide what it costs.
   */
  cancelOrder(id: OrderId, signal: AbortSignal, terms?: { penalty?: number }): Promise<Cancellation>

  /** Tells how far a call has come that the dispatch program asked for. */
  reportCallBack(report: CallBackReport, signal: AbortSignal): Promise<void>

  /** Asks the dispatch program to have the two joined; it answers by `join.requested`. */
  joinClientAndDriver(id: OrderId, signal: AbortSignal): Promise<'asked' | 'refused'>

  /** `undefined` when nobody is known by that. */
  findAccount(owner: AccountOwner, signal: AbortSignal): Promise<Account | undefined>

  accountDetails(owner: Pick<Account, 'of' | 'id'>, signal: AbortSignal): Promise<AccountDetails>

  /** Whose account it is when the claim is true, `undefined` when it is not. */
  checkClaim(claim: Claim, signal: AbortSignal): Promise<AccountOwner | undefined>

  /** By the number on a card, of a contract or of a client; `undefined` when there is none such. */
  findDiscountCard(number: string, signal: AbortSignal): Promise<DiscountCard | undefined>

  /** Ends a driver's work for now. `refused` when its own rules forbid it, as with an order under way. */
  takeOffLine(driverId: string, signal: AbortSignal): Promise<'taken' | 'already-off' | 'refused'>

  /** Where a client is picked up: the address of his card, and those of his latest orders. */
  pickupsOf(client: { phone: Phone; clientId?: string }, signal: AbortSignal): Promise<Pickups>

  /** Gives an order to a driver, as if he had taken it himself. */
  assignDriver(id: OrderId, crewId: string, signal: AbortSignal): Promise<'assigned' | 'refused'>

  /** Places that look like what was said, the likeliest first. */
  findPlaces(words: string, signal: AbortSignal): Promise<KnownPlace[]>

  /** The place nearest to a point. */
  placeAt(at: Coordinates, signal: AbortSignal): Promise<KnownPlace | undefined>

  tariffs(signal: AbortSignal): Promise<Tariff[]>

  /** The tariff the dispatch program would choose. */
  tariffFor(trip: Trip, signal: AbortSignal): Promise<string | undefined>

  /** `undefined` when it cannot be priced. */
  costOf(trip: Trip, signal: AbortSignal): Promise<Cost | undefined>

  attributes(signal: AbortSignal): Promise<Attribute[]>

  setAttribute(attribute: Attribute, signal: AbortSignal): Promise<'set' | 'refused'>

  /** Starts one of the dispatch program's own scripts by its code; the data is the script's to read. */
  runEvent(
    code: string,
    data: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<'run' | 'refused'>

  /** Who is on the line. */
  crews(signal: AbortSignal): Promise<Crew[]>

  crewPositions(signal: AbortSignal): Promise<CrewPosition[]>

  /** How many cars there are within so many kilometres. */
  crewsNear(at: Coordinates, radius: number, signal: AbortSignal): Promise<CrewsNear>

  findCar(id: string, signal: AbortSignal): Promise<Car | undefined>

  /** By what the dispatcher calls him by radio. */
  driverPhones(callSign: string, signal: AbortSignal): Promise<DriverPhones | undefined>

  sendSms(phone: Phone, text: string, signal: AbortSignal): Promise<void>

  /** Shows something on dispatchers' screens. */
  raiseCard(card: Card, signal: AbortSignal): Promise<'shown' | 'refused'>

  /** Writes down what a client thinks of his ride. Told twice it stands there twice. */
  saveFeedback(feedback: Feedback, signal: AbortSignal): Promise<void>

  /** Puts a recording where the order's card finds it; answers with the dispatch program's id of it. */
  attachRecording(recording: RecordingLink, signal: AbortSignal): Promise<string>
}

export type DispatchVerb = Exclude<keyof Dispatch, 'capabilities'>
