/** TM TAPI as the simulator answers it. */
import { categories, clients, drivers } from './cast.ts'
import { moved, no, ok, type Reply, toTime } from './common-api.ts'
import type { OrderBook, SimulatedOrder } from './order-book.ts'
import type { Outgoing } from './outgoing.ts'

/** How long drivers have been on the line. */
const shiftLong = 3 * 3_600_000

type Parameters = Record<string, string>
type Method = { verb: 'GET' | 'POST'; answer(parameters: Parameters): Reply }

export function tapiMethods({
  book,
  outgoing,
  now,
}: {
  book: OrderBook
  outgoing: Pick<Outgoing, 'join'>
  now: () => number
}) {
  const requestStates: Parameters[] = []
  const records: Parameters[] = []
  const clientOf = new Map(
    clients.flatMap((client) => [client, ...client.employees].map(({ phone }) => [phone, client] as const)),
  )
  const driverOf = new Map(drivers.map((driver) => [driver.phone, driver]))
  let answers = 0

  /** One and the same flag comes in two spellings. */
  function flag(is: boolean): string {
    answers += 1
    if (answers % 2) return is ? 'true' : 'false'
    return is ? '1' : '0'
  }

  const orderFields = (order: SimulatedOrder) => ({
    ORDER_STATE: order.stateId,
    IS_PRIOR: flag(order.wantedAt !== undefined),
    IS_PRIZE: flag(false),
    DRIVER_TIMECOUNT: order.driver ? book.minutesTo(order) : 0,
    DRIVER_PHONE: order.driver?.phone ?? '',
    GOSNUMBER: order.driver?.car.plate ?? '',
    CAR_COLOR: order.driver?.car.colour ?? '',
    CAR_MARK: order.driver?.car.make ?? '',
    START_USER_SIP_ACCOUNTS: order.takenBy,
  })

  function byPhone(phone: string): Record<string, unknown> | undefined {
    const client = clientOf.get(phone)
    const driver = driverOf.get(phone)
    const orders = driver ? book.currentOfDriver(driver.id) : book.currentOfPhone(phone)
    const [order] = orders
    const current = {
      ORDERS_COUNT: orders.length,
      ORDER_ID: order?.id ?? 0,
      ...(order && {
        ...orderFields(order),
        PHONE_TO_DIAL: order.phoneToDial,
        ORDER_CLIENT_ID: order.clientId,
      }),
    }
    if (client) {
      return {
        PHONE_TYPE: client.phoneType,
        PHONE_SYSTEM_CATEGORY: categories[client.category],
        CLIENT_ID: client.id,
        CLIENT_TYPE: client.phoneType,
        CLIENT_GROUP_ID: client.groupId,
        CLIENT_IS_LOCKED: flag(client.isLocked),
        CLIENT_BALANCE: client.balance,
        CLIENT_BONUS_BALANCE: 5,
        ...current,
      }
    }
    if (driver) {
      const { id, balance } = driver
      return {
        PHONE_TYPE: 1,
        PHONE_SYSTEM_CATEGORY: 0,
        DRIVER_ID: id,
        DRIVER_REMAINDER: balance,
        DRV_SHIFT_START_TIME: toTime(now() - shiftLong),
        ...current,
      }
    }
    // Real servers have been seen to answer either way about a stranger.
    const isTold = order || Number(phone.at(-1)) % 2 === 0
    return isTold ? { PHONE_TYPE: 0, PHONE_SYSTEM_CATEGORY: 0, ...current } : undefined
  }

  const methods: Record<string, Method> = {
    get_info_by_phone: {
      verb: 'GET',
      answer({ phone, fields }) {
        if (!phone || !fields) return no(8, 'Required parameter missing')
        if (phone.length > 16) return no(9, 'Incorrect value of PHONE')
        const known = byPhone(phone)
        return known ? ok(only(fields, known)) : no(100, 'Phone not found')
      },
    },

    get_info_by_order_id: {
      verb: 'GET',
      answer({ order_id, fields }) {
        if (!order_id || !fields) return no(8, 'Required parameter missing')
        const order = book.orders.get(Number(order_id))
        return order ? ok(only(fields, orderFields(order))) : no(100, 'Order not found')
      },
    },

    change_order_state: {
      verb: 'POST',
      answer({ order_id, need_state }) {
        if (!order_id || !need_state) return no(8, 'Required parameter missing')
        const data = (order: number, state: number) => ({ ORDER_ID: order, NEW_STATE: state })
        return moved(book, Number(order_id), Number(need_state), data)
      },
    },

    set_request_state: {
      verb: 'POST',
      answer(parameters) {
        const { order_id, state_id, phone_type, state } = parameters
        if (!order_id || !state_id || !phone_type || !state) return no(8, 'Required parameter missing')
        if (!book.orders.has(Number(order_id))) return no(100, 'Order not found')
        requestStates.push(parameters)
        return ok()
      },
    },

    connect_client_and_driver: {
      verb: 'POST',
      answer({ order_id }) {
        if (!order_id) return no(8, 'Required parameter missing')
        const order = book.orders.get(Number(order_id))
        if (!order) return no(100, 'Order not found')
        if (!order.driver) return no(101, 'The order has no driver')
        outgoing.join(order)
        return ok()
      },
    },

    create_record_link: {
      verb: 'POST',
      answer(parameters) {
        if (!parameters.call_type) return no(8, 'Required parameter missing')
        if (!/^\d{14}$/.test(parameters.record_date ?? '')) return no(9, 'Incorrect value of RECORD_DATE')
        records.push(parameters)
        return ok({ RECORD_ID: records.length })
      },
    },

    get_driver_phones_by_crew_code: {
      verb: 'GET',
      answer({ crew_code }) {
        const driver = drivers[Number(crew_code) - 1]
        return driver ? ok({ mobile_phone: driver.phone, home_phone: '' }) : no(100, 'Crew not found')
      },
    },
  }
  return { methods, requestStates, records }
}

/** Asked fields in the asked order; an unfilled one is an empty element. */
function only(fields: string, known: Record<string, unknown>): object {
  return Object.fromEntries(
    fields.split('-').map((field) => [field.toUpperCase(), known[field.toUpperCase()] ?? '']),
  )
}

export function toXml({ code, descr, data }: Reply): string {
  const elements = Object.entries(data).map(([name, value]) => {
    const text = escaped(String(value))
    return text ? `<${name}>${text}</${name}>` : `<${name}/>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><response><code>${code}</code><descr>${escaped(descr)}</descr><data>${elements.join('')}</data></response>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
