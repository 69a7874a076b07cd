/** The dispatch port, asked of Taxi-Master. */
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Cancellation, Dispatch, Order } from '#core/ports/dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'
import { codes, found, refusal } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { withDeadline } from './deadline.ts'
import { toDispatchPhone } from './phone-rules.ts'
import { isCancelled, isTooLateToCancel, type StateDetails } from './stages.ts'
import { noOrderFields, type PhoneFields, type Tapi } from './tapi.ts'
import {
  addOrderState,
  FieldUnreadable,
  orderIdOf,
  type Site,
  stateOf,
  toCallerCard,
  toDetails,
  toOrder,
  unknownCaller,
} from './translate.ts'
import type { Watch } from './watch.ts'

interface Neighbours {
  commonApi: CommonApi
  tapi: Tapi
  watch: Pick<Watch, 'detailsOf'>
  clock: Clock
}

export function openDispatch({ commonApi, tapi, watch, clock }: Neighbours, site: Site): Dispatch {
  const { settings, states } = site

  const inTime = <Value>(
    request: string,
    milliseconds: number,
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<Value>,
  ) =>
    withDeadline(signal, { clock, milliseconds, request }, run).catch((thrown: unknown) => {
      if (!(thrown instanceof FieldUnreadable)) throw thrown
      throw new CallbusError('DISPATCH_NONSENSE', { request, reason: thrown.message }, { cause: thrown })
    })

  async function orderOf(fields: PhoneFields, signal: AbortSignal): Promise<Order | undefined> {
    const id = orderIdOf(fields)
    if (!id) return undefined
    const order = toOrder(id, fields, {}, site)
    if (order.stage !== 'assigned') return order

    // The telephony API does not say whether the driver has agreed; nobody is promised a car before that.
    const details = watch.detailsOf(id, stateOf(fields)) ?? (await askDetails(id, signal))
    return toOrder(id, fields, details, site)
  }

  async function askDetails(id: OrderId, signal: AbortSignal): Promise<StateDetails> {
    const state = found('get_order_state', await commonApi.orderState(id, signal))
    return state ? toDetails(state) : { confirmed: 'not_confirmed' }
  }

  /** A caller whose number is the one to dial of somebody else's order. */
  async function orderToDialOn(number: string, signal: AbortSignal): Promise<Order | undefined> {
    const answer = await commonApi.currentOrders(['id', 'state_id', 'phone', 'phone_to_dial'], signal)
    const owner = found('get_current_orders', answer)?.orders.find(
      ({ phone_to_dial }) => phone_to_dial === number,
    )
    if (!owner?.phone) return undefined
    const fields = found('get_info_by_phone', await tapi.infoByPhone(owner.phone, signal))
    return fields && orderOf(fields, signal)
  }

  async function identify(phone: Phone, signal: AbortSignal) {
    const { phones, findByPhoneToDial } = settings
    const number = toDispatchPhone(phone, phones.tapi)
    const fields = found('get_info_by_phone', await tapi.infoByPhone(number, signal))
    const own = fields && (await orderOf(fields, signal))
    const order =
      own ??
      (findByPhoneToDial ? await orderToDialOn(toDispatchPhone(phone, phones.orders), signal) : undefined)

    if (fields) return toCallerCard(fields, order, site)
    return order ? { ...unknownCaller, orders: 1, order } : unknownCaller
  }

  async function findOrder(id: OrderId, signal: AbortSignal) {
    const [common, telephony] = await Promise.all([
      commonApi.orderState(id, signal),
      tapi.infoByOrderId(id, signal),
    ])
    const state = found('get_order_state', common)
    if (!state) return undefined
    const fields = found('get_info_by_order_id', telephony) ?? noOrderFields
    const order = toOrder(id, { ...fields, ORDER_STATE: String(state.state_id) }, toDetails(state), site)
    return addOrderState(order, state, site)
  }

  async function cancelOrder(id: OrderId, signal: AbortSignal): Promise<Cancellation> {
    const cancelState = await states.cancelState(signal)
    const state = found('get_order_state', await commonApi.orderState(id, signal))
    if (!state) return 'refused'

    const stage = states.stageOf(state.state_id, toDetails(state))
    if (isCancelled(stage)) return 'already-cancelled'
    if (isTooLateToCancel(stage)) return 'refused'

    const through = settings.cancelThrough === 'tapi' ? tapi : commonApi
    const answer = await through.changeOrderState(id, cancelState, signal)
    if (answer.ok) return 'cancelled'
    if (answer.code === codes.transitionRefused || answer.code === codes.notFound) return 'refused'
    throw refusal('change_order_state', answer)
  }

  const { deadlineMs, cancelDeadlineMs } = settings
  return {
    identify: (phone, signal) => inTime('identify', deadlineMs, signal, (until) => identify(phone, until)),
    findOrder: (id, signal) => inTime('findOrder', deadlineMs, signal, (until) => findOrder(id, until)),
    cancelOrder: (id, signal) =>
      inTime('cancelOrder', cancelDeadlineMs, signal, (until) => cancelOrder(id, until)),
    states: (signal) => inTime('states', deadlineMs, signal, (until) => states.list(until)),
  }
}
