/** Clients and drivers. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { type Ask, AttributeValue, anything, Id, Maybe } from './shapes.ts'

const client = Compile(
  Type.Object({
    client_id: Id,
    balance: Maybe(Type.Number()),
    bonus_balance: Maybe(Type.Number()),
    min_balance: Maybe(Type.Number()),
    is_locked: Maybe(Type.Boolean()),
  }),
)
const address = Compile(Type.Object({ client_id: Id, address: Maybe(Type.String()) }))
const terms = Compile(
  Type.Object({
    client_id: Id,
    login: Maybe(Type.String()),
    tariff_id: Maybe(Id),
    discount_id: Maybe(Id),
    is_locked: Maybe(Type.Boolean()),
  }),
)
const driver = Compile(
  Type.Object({
    driver_id: Id,
    balance: Maybe(Type.Number()),
    is_locked: Maybe(Type.Boolean()),
    is_dismissed: Maybe(Type.Boolean()),
    term_account: Maybe(Type.String()),
    attribute_values: Maybe(Type.Array(AttributeValue)),
    phones: Maybe(Type.Array(Type.Object({ phone: Type.String(), is_default: Maybe(Type.Boolean()) }))),
  }),
)
const operations = Compile(
  Type.Object({
    operations: Type.Array(Type.Object({ oper_time: Type.String(), cancelled_by_oper_id: Maybe(Id) })),
  }),
)
const contracts = Compile(
  Type.Object({
    clients_info: Type.Array(
      Type.Object({ client_id: Id, number: Maybe(Type.String()), login: Maybe(Type.String()) }),
    ),
  }),
)
const authorization = Compile(Type.Object({ client_id: Id }))
/** What is asked of a driver, for each purpose no more than it needs. */
const driverFields = {
  money: 'balance,is_locked',
  proof: 'is_dismissed,term_account,attribute_values',
  phones: 'phones',
}
const owner = Compile(Type.Object({ phone_type: Type.String(), id: Id, client_employee_id: Maybe(Id) }))

interface FeedbackFields {
  phone: string
  /** 1 to 5. */
  rating: number
  text: string
  order_id?: number | undefined
}

export function peopleMethods(ask: Ask) {
  return {
    /** Of drivers, clients and the directory of phones; what it finds first. */
    analyzePhone: (phone: string, signal: AbortSignal) =>
      ask('analyze_phone', { query: { phone } }, owner, signal),

    clientInfo: (clientId: string, signal: AbortSignal) => {
      const fields = 'balance,bonus_balance,min_balance,is_locked'
      return ask('get_client_info', { query: { client_id: clientId, fields } }, client, signal)
    },

    clientAddress: (clientId: string, signal: AbortSignal) =>
      ask('get_client_info', { query: { client_id: clientId, fields: 'address' } }, address, signal),

    /** How his orders are priced. */
    clientTerms: (clientId: string, signal: AbortSignal) => {
      const fields = 'login,tariff_id,discount_id,is_locked'
      return ask('get_client_info', { query: { client_id: clientId, fields } }, terms, signal)
    },

    /** Nothing tells two of the same apart. */
    saveFeedback: (feedback: FeedbackFields, signal: AbortSignal) =>
      ask('save_client_feed_back', { json: feedback }, anything, signal),

    driverInfo: (driverId: string, signal: AbortSignal, purpose: keyof typeof driverFields = 'money') => {
      const query = { driver_id: driverId, fields: driverFields[purpose] }
      return ask('get_driver_info', { query }, driver, signal)
    },

    operationsOf: (
      owner: { driver_id: string } | { client_id: string },
      period: { start_time: string; finish_time: string },
      signal: AbortSignal,
    ) => {
      const name = 'driver_id' in owner ? 'get_driver_operations' : 'get_client_operations'
      return ask(name, { query: { ...owner, ...period } }, operations, signal)
    },

    /** Whose name or contract looks like this. */
    clientsLike: (text: string, signal: AbortSignal) => {
      const query = { text, fields: 'number,login' }
      return ask('get_clients_info', { query }, contracts, signal)
    },

    /** Code 100 for a wrong login or password. */
    authorize: (login: string, password: string, signal: AbortSignal) =>
      ask('check_authorization', { query: { login, password } }, authorization, signal),
  }
}
