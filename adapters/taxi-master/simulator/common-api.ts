/** CommonAPI as the simulator answers it. */
import { clients, drivers } from './cast.ts'
import type { OrderBook, SimulatedOrder } from './order-book.ts'
import { orderCommands } from './order-commands.ts'

export interface Reply {
  code: number
  descr: string
  data: object
}

export const ok = (data: object = {}): Reply => ({ code: 0, descr: 'OK', data })
export const no = (code: number, descr: string): Reply => ({ code, descr, data: {} })

type Parameters = Record<string, string>
export type Method =
  | { verb: 'GET' | 'POST' | 'ANY'; json?: false; answer(parameters: Parameters): Reply }
  | { verb: 'POST'; json: true; answer(body: Record<string, unknown>): Reply }

export function commonMethods({ book, now }: { book: OrderBook; now: () => number }): Record<string, Method> {
  const toCommon = (order: SimulatedOrder) => ({
    state_id: order.stateId,
    state_kind: book.stateOf(order.stateId)?.kind ?? 'new_order',
    confirmed: book.isConfirmed(order) ? 'confirmed_by_driver' : 'not_confirmed',
    creation_way: 'operator',
    crew_id: order.driver ? order.driver.id + 100 : 0,
    driver_id: order.driver?.id ?? 0,
    car_id: order.driver?.car.id ?? 0,
    car_mark: order.driver?.car.make ?? '',
    car_color: order.driver?.car.colour ?? '',
    car_number: order.driver?.car.plate ?? '',
    start_time: toTime(order.startedAt),
    source_time: toTime(order.wantedAt ?? order.startedAt),
    finish_time: order.finishedAt === undefined ? '' : toTime(order.finishedAt),
    source: order.pickup,
    phone: order.phone,
    phone_to_dial: order.phoneToDial,
    client_id: order.clientId,
    is_prior: order.wantedAt !== undefined,
    sum: 150,
    total_sum: book.isSumKnown(order) ? 150 : 0,
    ...(book.isPlaceKnown(order) && { crew_coords: { lat: 50.41, lon: 30.52 } }),
    comment: order.comment,
    attribute_values: order.attributes,
  })

  type Answer = (parameters: Parameters) => Reply
  const get = (answer: Answer): Method => ({ verb: 'GET', answer })
  const post = (answer: Answer): Method => ({ verb: 'POST', answer })
  const orderOf = ({ order_id }: Parameters) => book.orders.get(Number(order_id))

  /** Everybody paid something yesterday, and something before that was taken back. */
  function operationsOf(isKnown: boolean, { start_time, finish_time }: Parameters): Reply {
    if (!isKnown) return no(100, 'Not found')
    if (!start_time || !finish_time) return no(8, 'Required parameter missing')
    const day = 24 * 3_600_000
    const operations = [
      { oper_id: 1, oper_time: toTime(now() - day), sum: 100, oper_type: 'receipt', cancelled_by_oper_id: 0 },
      { oper_id: 2, oper_time: toTime(now()), sum: 50, oper_type: 'expense', cancelled_by_oper_id: 3 },
    ]
    return ok({
      operations: operations.filter(({ oper_time }) => oper_time >= start_time && oper_time <= finish_time),
    })
  }

  return {
    ...orderCommands(book),

    ping: { verb: 'ANY', answer: () => ok() },

    get_order_states_list: get(() =>
      ok({ order_states: book.states.map(({ id, name, type }) => ({ id, name, state_type: type })) }),
    ),

    get_current_orders: get(({ fields, phone, driver_id, client_id }) => {
      const orders = book
        .currentOrders()
        .filter(
          (order) =>
            (!phone || order.phone === phone) &&
            (!driver_id || order.driver?.id === Number(driver_id)) &&
            (!client_id || order.clientId === Number(client_id)),
        )
      return ok({ orders: orders.map((order) => only(fields, { id: order.id, ...toCommon(order) })) })
    }),

    get_finished_orders: get(({ start_time, finish_time, phone, fields, state_type = 'all' }) => {
      if (!start_time || !finish_time) return no(8, 'Required parameter missing')
      const orders = [...book.orders.values()].filter(
        ({ finishedAt, phone: own, stateId }) =>
          finishedAt !== undefined &&
          toTime(finishedAt) >= start_time &&
          toTime(finishedAt) <= finish_time &&
          (!phone || own === phone) &&
          (state_type === 'all' || book.stateOf(stateId)?.type === state_type),
      )
      return ok({ orders: orders.map((order) => only(fields, { id: order.id, ...toCommon(order) })) })
    }),

    get_order_state: get((parameters) => {
      if (!parameters.order_id) return no(8, 'Required parameter missing: order_id')
      const order = orderOf(parameters)
      if (!order) return no(100, 'Order not found')
      return ok(only(parameters.fields, { order_id: order.id, ...toCommon(order) }))
    }),

    change_order_state: post(({ order_id, new_state, cancel_order_penalty_sum }) => {
      if (!order_id || !new_state) return no(8, 'Required parameter missing')
      const order = book.orders.get(Number(order_id))
      if (order && cancel_order_penalty_sum !== undefined) order.penalty = Number(cancel_order_penalty_sum)
      return moved(book, Number(order_id), Number(new_state), (order, state) => ({
        order_id: order,
        new_state: state,
      }))
    }),

    check_cancel_order_penalty: get((parameters) => {
      const order = orderOf(parameters)
      const state = book.stateOf(Number(parameters.cancel_order_state_id))
      if (!order) return no(100, 'Order not found')
      if (!state) return no(101, 'State not found')
      if (state.type !== 'aborted') return no(102, 'The state does not abort an order')
      return ok({ cancel_order_penalty_sum: book.stateOf(order.stateId)?.kind === 'car_at_place' ? 50 : 0 })
    }),

    analyze_phone: get(({ phone, search_in_clients, search_in_drivers_mobile }) => {
      const client = search_in_clients !== 'false' && clients.find((each) => each.phone === phone)
      if (client) return ok({ phone_type: 'client', id: client.id, client_employee_id: 0 })
      const driver = search_in_drivers_mobile !== 'false' && drivers.find((each) => each.phone === phone)
      const company = clients.find(({ employees }) => employees.some((each) => each.phone === phone))
      const employee = company?.employees.find((each) => each.phone === phone)
      if (company) return ok({ phone_type: 'client', id: company.id, client_employee_id: employee?.id })
      return driver
        ? ok({ phone_type: 'driver_mobile', id: driver.id, client_employee_id: 0 })
        : no(100, 'Phone not found')
    }),

    get_client_info: get(({ client_id, fields }) => {
      const client = clients.find(({ id }) => id === Number(client_id))
      if (!client) return no(100, 'Client not found')
      const {
        id,
        name,
        phone,
        balance,
        groupId,
        isLocked,
        login,
        tariffId,
        discountId,
        address = '',
      } = client
      return ok(
        only(fields, {
          client_id: id,
          name,
          number: String(id),
          phones: [{ phone, is_default: true, use_for_call: true }],
          address,
          balance,
          bonus_balance: 0,
          login,
          client_group_id: groupId,
          tariff_id: tariffId,
          discount_id: discountId,
          is_locked: isLocked,
        }),
      )
    }),

    get_clients_info: get(({ text = '', fields }) => {
      const named = clients.filter(({ id, name }) => String(id).includes(text) || name.includes(text))
      return ok({
        clients_info: named
          .slice(0, 10)
          .map(({ id, name, login }) => only(fields, { client_id: id, name, number: String(id), login })),
      })
    }),

    check_authorization: get(({ login, password }) => {
      if (!login || !password) return no(8, 'Required parameter missing')
      const client = clients.find((each) => each.login === login && each.password === password)
      return client ? ok({ client_id: client.id }) : no(100, 'Wrong login or password')
    }),

    get_client_operations: get(({ client_id, ...period }) =>
      operationsOf(
        clients.some(({ id }) => id === Number(client_id)),
        period,
      ),
    ),

    get_driver_operations: get(({ driver_id, ...period }) =>
      operationsOf(
        drivers.some(({ id }) => id === Number(driver_id)),
        period,
      ),
    ),

    get_driver_info: get(({ driver_id, fields }) => {
      const driver = drivers.find(({ id }) => id === Number(driver_id))
      if (!driver) return no(100, 'Driver not found')
      const { id, name, phone, balance, car, isLocked, termAccount } = driver
      return ok(
        only(fields, {
          driver_id: id,
          name,
          balance,
          car_id: car.id,
          mobile_phone: phone,
          phones: [{ phone, is_default: true, use_for_call: true }],
          is_locked: isLocked,
          is_dismissed: false,
          term_account: termAccount,
          attribute_values: [{ id: 12, str_value: `0${termAccount}` }],
          start_date: toTime(now()),
        }),
      )
    }),
  }
}

/** Moves an order, in the words and codes that both APIs share. */
export function moved(
  book: OrderBook,
  orderId: number,
  stateId: number,
  data: (orderId: number, stateId: number) => object,
): Reply {
  switch (book.moveOrder(orderId, stateId)) {
    case 'moved':
      return ok(data(orderId, stateId))
    case 'no-order':
      return no(100, 'Order not found')
    case 'no-state':
      return no(101, 'State not found')
    case 'refused':
      return no(102, 'The change of state is not allowed')
  }
}

/** The first member is the id, which comes asked or not. */
export function only(fields: string | undefined, whole: Record<string, unknown>): object {
  if (!fields) return whole
  const asked = new Set(fields.split(','))
  return Object.fromEntries(Object.entries(whole).filter(([name], index) => index === 0 || asked.has(name)))
}

/** `yyyyMMddHHmmss`. The simulated server lives in UTC. */
export function toTime(moment: number): string {
  return new Date(moment).toISOString().replace(/\D/g, '').slice(0, 14)
}

export function fromTime(text: string): number {
  return Date.parse(text.replace(/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6Z'))
}
