/** The dispatch port, asked of Taxi-Master: what has to answer how soon. */

import { withDeadline } from '#core/asking/deadline.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Dispatch, DispatchVerb } from '#core/ports/dispatch.ts'
import { dispatchVerbs } from '#core/ports/without-dispatch.ts'
import { openAccounts } from './accounts.ts'
import { openCallers } from './callers.ts'
import { openCars } from './cars.ts'
import type { CommonApi } from './common-api.ts'
import { openDiscountCards } from './discount-cards.ts'
import { openMessages } from './messages.ts'
import { openNewOrders } from './new-orders.ts'
import { openOrderChanges } from './order-changes.ts'
import { openPickups } from './pickups.ts'
import type { Tapi } from './tapi.ts'
import { FieldUnreadable, type Site } from './translate.ts'
import { openTrips } from './trips.ts'
import type { Watch } from './watch.ts'

interface Neighbours {
  commonApi: CommonApi
  tapi: Tapi
  watch: Pick<Watch, 'detailsOf'>
  clock: Clock
}

export function openDispatch(neighbours: Neighbours, site: Site): Dispatch {
  const { clock } = neighbours
  const { settings, states } = site
  const callers = openCallers(neighbours, site)
  const changes = openOrderChanges(neighbours, site)
  const newOrders = openNewOrders(neighbours, site)
  const accounts = openAccounts(neighbours, site)
  const trips = openTrips(neighbours, site)
  const cars = openCars(neighbours, site)
  const pickups = openPickups(neighbours, site)
  const discountCards = openDiscountCards(neighbours)
  const messages = openMessages(neighbours, site)

  /** What the API itself cannot do is done by a system event of the company's own. */
  const isScriptMissing = (verb: DispatchVerb) =>
    (verb === 'takeOffLine' && !settings.offLineEvent) ||
    (verb === 'assignDriver' && !settings.newOrders.assignEvent)

  const inTime =
    (milliseconds: number) =>
    <Value>(request: string, signal: AbortSignal, run: (signal: AbortSignal) => Promise<Value>) =>
      withDeadline(signal, { clock, milliseconds, request }, run).catch((thrown: unknown) => {
        if (!(thrown instanceof FieldUnreadable)) throw thrown
        throw new CallbusError('DISPATCH_NONSENSE', { request, reason: thrown.message }, { cause: thrown })
      })
  const question = inTime(settings.deadlineMs)
  const command = inTime(settings.cancelDeadlineMs)

  return {
    capabilities: new Set(dispatchVerbs.filter((verb) => !isScriptMissing(verb))),

    identify: (phone, signal) => question('identify', signal, (until) => callers.identify(phone, until)),
    findOrder: (id, signal) => question('findOrder', signal, (until) => callers.findOrder(id, until)),
    findOrders: (phone, signal) =>
      question('findOrders', signal, (until) => callers.findOrders(phone, until)),
    states: (signal) => question('states', signal, (until) => states.list(until)),
    findAccount: (owner, signal) =>
      question('findAccount', signal, (until) => accounts.findAccount(owner, until)),
    pickupsOf: (client, signal) => question('pickupsOf', signal, (until) => pickups.pickupsOf(client, until)),
    accountDetails: (owner, signal) =>
      question('accountDetails', signal, (until) => accounts.accountDetails(owner, until)),
    checkClaim: (claim, signal) =>
      question('checkClaim', signal, (until) => accounts.checkClaim(claim, until)),
    findDiscountCard: (number, signal) =>
      question('findDiscountCard', signal, (until) => discountCards.findDiscountCard(number, until)),
    findPlaces: (words, signal) => question('findPlaces', signal, (until) => trips.findPlaces(words, until)),
    placeAt: (at, signal) => question('placeAt', signal, (until) => trips.placeAt(at, until)),
    tariffs: (signal) => question('tariffs', signal, trips.tariffs),
    tariffFor: (trip, signal) => question('tariffFor', signal, (until) => trips.tariffFor(trip, until)),
    costOf: (trip, signal) => question('costOf', signal, (until) => trips.costOf(trip, until)),
    attributes: (signal) => question('attributes', signal, messages.attributes),
    crews: (signal) => question('crews', signal, cars.crews),
    crewPositions: (signal) => question('crewPositions', signal, cars.crewPositions),
    crewsNear: (at, radius, signal) =>
      question('crewsNear', signal, (until) => cars.crewsNear(at, radius, until)),
    findCar: (id, signal) => question('findCar', signal, (until) => cars.findCar(id, until)),
    driverPhones: (callSign, signal) =>
      question('driverPhones', signal, (until) => cars.driverPhones(callSign, until)),
    cancellationPenalty: (id, signal) =>
      question('cancellationPenalty', signal, (until) => changes.cancellationPenalty(id, until)),

    createOrder: (draft, signal) =>
      command('createOrder', signal, (until) => newOrders.createOrder(draft, until)),
    updateOrder: (id, change, signal) =>
      command('updateOrder', signal, (until) => changes.updateOrder(id, change, until)),
    changeStage: (id, stage, signal) =>
      command('changeStage', signal, (until) => changes.changeStage(id, stage, until)),
    changeState: (id, stateId, signal) =>
      command('changeState', signal, (until) => changes.changeState(id, stateId, until)),
    assignDriver: (id, crewId, signal) =>
      command('assignDriver', signal, (until) => messages.assignDriver(id, crewId, until)),
    cancelOrder: (id, signal, terms) =>
      command('cancelOrder', signal, (until) => changes.cancelOrder(id, until, terms)),
    reportCallBack: (report, signal) =>
      command('reportCallBack', signal, (until) => messages.reportCallBack(report, until)),
    joinClientAndDriver: (id, signal) =>
      command('joinClientAndDriver', signal, (until) => messages.joinClientAndDriver(id, until)),
    setAttribute: (attribute, signal) =>
      command('setAttribute', signal, (until) => messages.setAttribute(attribute, until)),
    runEvent: (code, data, signal) =>
      command('runEvent', signal, (until) => messages.runEvent(code, data, until)),
    takeOffLine: (driverId, signal) =>
      command('takeOffLine', signal, (until) => cars.takeOffLine(driverId, until)),
    sendSms: (phone, text, signal) =>
      command('sendSms', signal, (until) => messages.sendSms(phone, text, until)),
    raiseCard: (card, signal) => command('raiseCard', signal, (until) => messages.raiseCard(card, until)),
    saveFeedback: (feedback, signal) =>
      command('saveFeedback', signal, (until) => messages.saveFeedback(feedback, until)),
    attachRecording: (recording, signal) =>
      command('attachRecording', signal, (until) => messages.attachRecording(recording, until)),
  }
}
