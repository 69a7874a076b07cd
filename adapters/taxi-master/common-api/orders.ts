/** Orders and what moves them. */
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Ask, AttributeValue, anything, Id, Maybe } from './shapes.ts'

const Coordinate = Type.Union([Type.Number(), Type.String()])

const CommonOrder = {
  state_id: Id,
  state_kind: Maybe(Type.String()),
  confirmed: Maybe(Type.String()),
  /** When it was created. */
  start_time: Maybe(Type.String()),
  source_time: Maybe(Type.String()),
  finish_time: Maybe(Type.String()),
  is_prior: Maybe(Type.Boolean()),
  car_color: Maybe(Type.String()),
  car_mark: Maybe(Type.String()),
  car_number: Maybe(Type.String()),
  source: Maybe(Type.String()),
  source_lat: Maybe(Coordinate),
  source_lon: Maybe(Coordinate),
  phone: Maybe(Type.String()),
  phone_to_dial: Maybe(Type.String()),
  comment: Maybe(Type.String()),
  attribute_values: Maybe(Type.Array(AttributeValue)),
}
const OrderState = Type.Object({ order_id: Id, ...CommonOrder })
const ListedOrder = Type.Object({ id: Id, ...CommonOrder })

export type OrderState = Static<typeof OrderState>
export type ListedOrder = Static<typeof ListedOrder>
export type OrderField = keyof ListedOrder

const orderState = Compile(OrderState)
const listedOrders = Compile(Type.Object({ orders: Type.Array(ListedOrder) }))
const created = Compile(
  Type.Object({
    order_id: Maybe(Id),
    message: Maybe(Type.String()),
    can_create_order: Maybe(Type.Boolean()),
  }),
)
const penalty = Compile(Type.Object({ cancel_order_penalty_sum: Type.Number() }))

export interface AddressFields {
  address: string
  lat?: number | undefined
  lon?: number | undefined
}

export interface OrderFields {
  phone?: string | undefined
  client_id?: number | undefined
  client_employee_id?: number | undefined
  addresses?: readonly AddressFields[] | undefined
  /** `yyyyMMddHHmmss` in the server's own time. */
  source_time?: string | undefined
  passenger?: string | undefined
  phone_to_dial?: string | undefined
  comment?: string | undefined
  crew_group_id?: number | undefined
  tariff_id?: number | undefined
  is_prior?: boolean | undefined
  attribute_values?: readonly object[] | undefined
}

export interface NewOrderFields extends OrderFields {
  addresses: readonly AddressFields[]
  source_time: string
  check_duplicate?: boolean
  total_cost?: number | undefined
}

export interface ChangedOrderFields extends OrderFields {
  cost_order?: number | undefined
  state_id?: number | undefined
  discount_id?: number | undefined
  auto_recalc_cost?: boolean | undefined
}

export function orderMethods(ask: Ask) {
  return {
    orderState: (orderId: string, signal: AbortSignal) =>
      ask('get_order_state', { query: { order_id: orderId } }, orderState, signal),

    currentOrders: (fields: readonly OrderField[], signal: AbortSignal, of: { phone?: string } = {}) =>
      ask('get_current_orders', { query: { ...of, fields: fields.join(',') } }, listedOrders, signal),

    /** Times are `yyyyMMddHHmmss`. */
    finishedOrders: (
      given: { start_time: string; finish_time: string; phone?: string; state_type?: 'finished' | 'aborted' },
      fields: readonly OrderField[],
      signal: AbortSignal,
    ) => ask('get_finished_orders', { query: { ...given, fields: fields.join(',') } }, listedOrders, signal),

    createOrder: (order: NewOrderFields, signal: AbortSignal) =>
      ask('create_order2', { json: order }, created, signal),

    updateOrder: (orderId: string, change: ChangedOrderFields, signal: AbortSignal) =>
      ask('update_order', { json: { order_id: Number(orderId), ...change } }, anything, signal),

    changeOrderState: (orderId: string, stateId: number, signal: AbortSignal, penaltySum?: number) => {
      const penalty = penaltySum === undefined ? {} : { cancel_order_penalty_sum: String(penaltySum) }
      const form = { order_id: orderId, new_state: String(stateId), ...penalty }
      return ask('change_order_state', { form }, anything, signal)
    },

    cancelPenalty: (orderId: string, stateId: number, signal: AbortSignal) => {
      const query = { order_id: orderId, cancel_order_state_id: String(stateId) }
      return ask('check_cancel_order_penalty', { query }, penalty, signal)
    },
  }
}
