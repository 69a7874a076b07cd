import { CallbusError } from '../errors.ts'
import type { Dispatch, DispatchVerb } from './dispatch.ts'

/** What a dispatch program could be asked for, as the sentence of `DISPATCH_CANNOT` goes on. */
const requests = {
  identify: 'say who is calling',
  findOrder: 'find orders',
  findOrders: 'find the orders of a number',
  states: 'list its states',
  createOrder: 'create orders',
  updateOrder: 'change orders',
  changeStage: 'move orders',
  changeState: 'move orders',
  cancellationPenalty: 'say what a cancellation costs',
  cancelOrder: 'cancel orders',
  reportCallBack: 'be told how a call went',
  joinClientAndDriver: 'join client and driver',
  findAccount: 'tell balances',
  pickupsOf: 'say where a client is picked up',
  assignDriver: 'give an order to a driver',
  accountDetails: 'tell more of an account',
  checkClaim: 'check a password or a PIN',
  findDiscountCard: 'find discount cards',
  takeOffLine: 'take drivers off the line',
  findPlaces: 'look up addresses',
  placeAt: 'say what is at a point',
  tariffs: 'list its tariffs',
  tariffFor: 'choose a tariff',
  costOf: 'price a trip',
  attributes: 'list its attributes',
  setAttribute: 'set attributes',
  runEvent: 'run scripts',
  crews: 'list its crews',
  crewPositions: 'say where its crews are',
  crewsNear: 'count the cars nearby',
  findCar: 'find cars',
  driverPhones: 'find the phones of a driver',
  sendSms: 'send SMS',
  raiseCard: 'show cards to dispatchers',
  saveFeedback: 'take marks of clients',
  attachRecording: 'take recordings',
} as const satisfies Record<DispatchVerb, string>

export const dispatchVerbs = Object.keys(requests) as DispatchVerb[]

/**
 * Stands in where no dispatch program is configured: every question is answered with an honest code. An
 * adapter whose program lacks something spreads it under what the program has.
 */
export const withoutDispatch: Dispatch = {
  capabilities: new Set<DispatchVerb>(),
  ...(Object.fromEntries(
    Object.entries(requests).map(([verb, request]) => [
      verb,
      () => Promise.reject(new CallbusError('DISPATCH_CANNOT', { request })),
    ]),
  ) as unknown as Omit<Dispatch, 'capabilities'>),
}
