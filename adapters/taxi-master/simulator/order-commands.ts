/** What CommonAPI does to orders, as the simulator does it. */
import type { Method } from './common-api.ts'
import { fromTime, no, ok } from './common-api.ts'
import type { OrderBook } from './order-book.ts'

/** What a draft may name. */
const tariffIds = [1, 2, 3]
const groupIds = [1, 2]
const discountIds = [1, 2, 3]

export function orderCommands(book: OrderBook): Record<string, Method> {
  return {
    create_order2: {
      verb: 'POST',
      json: true,
      answer(body) {
        const { phone, addresses, source_time, tariff_id, crew_group_id, check_duplicate } = body
        if (typeof phone !== 'string' || !Array.isArray(addresses) || !source_time) {
          return no(8, 'Required parameter missing')
        }
        if (tariff_id !== undefined && !tariffIds.includes(Number(tariff_id)))
          return no(101, 'Tariff not found')
        if (crew_group_id !== undefined && !groupIds.includes(Number(crew_group_id))) {
          return no(102, 'Crew group not found')
        }
        if (book.isBarred(phone)) return no(110, 'The client is blocked')
        const pickup = String(addresses[0]?.address ?? '')
        const isSame = book.currentOfPhone(phone).some((order) => order.pickup === pickup)
        if (check_duplicate && isSame) return no(100, 'The same order already exists')
        const order = book.placeOrder({
          phone,
          phoneToDial: typeof body.phone_to_dial === 'string' ? body.phone_to_dial : phone,
          pickup,
          ...(body.is_prior === true && { at: fromTime(String(source_time)) }),
          comment: String(body.comment ?? ''),
          tariffId: Number(tariff_id ?? 0),
          attributes: Array.isArray(body.attribute_values) ? body.attribute_values : [],
        })
        return ok({ order_id: order.id })
      },
    },

    update_order: {
      verb: 'POST',
      json: true,
      answer(body) {
        const order = book.orders.get(Number(body.order_id))
        if (!order) return no(100, 'Order not found')
        if (body.tariff_id !== undefined && !tariffIds.includes(Number(body.tariff_id))) {
          return no(102, 'Tariff not found')
        }
        const { discount_id, tariff_id } = body
        if (discount_id !== undefined && !discountIds.includes(Number(discount_id)))
          return no(103, 'Discount not found')
        if (discount_id !== undefined) order.discountId = Number(discount_id)
        if (tariff_id !== undefined) order.tariffId = Number(tariff_id)
        if (body.state_id !== undefined) {
          if (!book.stateOf(Number(body.state_id))) return no(101, 'State not found')
          if (book.moveOrder(order.id, Number(body.state_id)) !== 'moved') {
            return no(107, 'The change of state is not allowed')
          }
        }
        if (typeof body.comment === 'string') order.comment = body.comment
        if (Array.isArray(body.addresses)) order.pickup = String(body.addresses[0]?.address ?? '')
        if (Array.isArray(body.attribute_values)) order.attributes = body.attribute_values
        return ok()
      },
    },
  }
}
