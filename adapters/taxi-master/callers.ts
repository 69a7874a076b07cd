/** Who calls, and which order he calls about. */
import type { CallerCard, Order } from '#core/ports/dispatch.ts'
import type { OrderId, Phone } from '#core/schema.ts'
import { found } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { toDispatchPhone } from './phone-rules.ts'
import type { StateDetails } from './stages.ts'
import { noOrderFields, type PhoneFields, type Tapi } from './tapi.ts'
import {
  addOrderState,
  isPrior,
  orderIdOf,
  type Site,
  stateOf,
  toCallerCard,
  toDetails,
  toOrder,
  unknownCaller,
} from './translate.ts'
import type { Watch } from './watch.ts'

/** A number with more orders than this is an institution; its caller is asked which. */
const mostOrders = 10

export function openCallers(
  { commonApi, tapi, watch }: { commonApi: CommonApi; tapi: Tapi; watch: Pick<Watch, 'detailsOf'> },
  site: Site,
) {
  const { phones, findByPhoneToDial } = site.settings

  async function orderOf(fields: PhoneFields, signal: AbortSignal): Promise<Order | undefined> {
    const id = orderIdOf(fields)
    if (!id) return undefined
    if (isPrior(fields)) return await orderForLater(id, fields, signal)
    const order = toOrder(id, fields, {}, site)
    if (order.stage !== 'assigned') return order

    // The telephony API does not say whether the driver has agreed; nobody is promised a car before that.
    const details = watch.detailsOf(id, stateOf(fields)) ?? (await askDetails(id, signal))
    return toOrder(id, fields, details, site)
  }

  async function orderForLater(id: OrderId, fields: PhoneFields, signal: AbortSignal): Promise<Order> {
    const state = found('get_order_state', await commonApi.orderState(id, signal))
    if (!state) return toOrder(id, fields, {}, site)
    return addOrderState(toOrder(id, fields, toDetails(state), site), state, site)
  }

  async function askDetails(id: OrderId, signal: AbortSignal): Promise<StateDetails> {
    const state = found('get_order_state', await commonApi.orderState(id, signal))
    return state ? toDetails(state) : { confirmed: 'not_confirmed' }
  }

  /** Orders of somebody else that are to be dialled on this number. */
  async function ordersDialledOn(number: string, signal: AbortSignal) {
    const answer = await commonApi.currentOrders(['id', 'state_id', 'phone', 'phone_to_dial'], signal)
    const orders = found('get_current_orders', answer)?.orders ?? []
    return orders.filter(({ phone_to_dial }) => phone_to_dial === number)
  }

  async function orderToDialOn(number: string, signal: AbortSignal): Promise<Order | undefined> {
    const [owner] = await ordersDialledOn(number, signal)
    if (!owner?.phone) return undefined
    const fields = found('get_info_by_phone', await tapi.infoByPhone(owner.phone, signal))
    return fields && orderOf(fields, signal)
  }

  async function ownOrders(number: string, signal: AbortSignal) {
    const answer = await commonApi.currentOrders(['id', 'state_id'], signal, { phone: number })
    return found('get_current_orders', answer)?.orders ?? []
  }

  /** What the telephony API takes for the order of a number that the orders themselves do not show. */
  async function orderByTelephony(phone: Phone, signal: AbortSignal) {
    const answer = await tapi.infoByPhone(toDispatchPhone(phone, phones.tapi), signal)
    const fields = found('get_info_by_phone', answer)
    const id = fields && orderIdOf(fields)
    return id ? [{ id: Number(id) }] : []
  }

  async function findOrder(id: OrderId, signal: AbortSignal): Promise<Order | undefined> {
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

  return {
    findOrder,

    async identify(phone: Phone, signal: AbortSignal): Promise<CallerCard> {
      const number = toDispatchPhone(phone, phones.tapi)
      const fields = found('get_info_by_phone', await tapi.infoByPhone(number, signal))
      const own = fields && (await orderOf(fields, signal))
      const order =
        own ??
        (findByPhoneToDial ? await orderToDialOn(toDispatchPhone(phone, phones.orders), signal) : undefined)

      if (fields) return toCallerCard(fields, order, site)
      return order ? { ...unknownCaller, orders: 1, order } : unknownCaller
    },

    async findOrders(phone: Phone, signal: AbortSignal): Promise<Order[]> {
      const number = toDispatchPhone(phone, phones.orders)
      const [own, dialled] = await Promise.all([ownOrders(number, signal), ordersDialledOn(number, signal)])
      const listed = [...own, ...dialled]
      const orders = listed.length > 0 ? listed : await orderByTelephony(phone, signal)
      const ids = [...new Set(orders.map(({ id }) => id))].sort((one, other) => one - other)
      const whole = await Promise.all(ids.slice(-mostOrders).map((id) => findOrder(String(id), signal)))
      return whole.filter((order) => order !== undefined)
    },
  }
}
