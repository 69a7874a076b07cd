/** common_api: signed by a header, answered in JSON. */
import Type, { type Static, type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { type Answer, nonsense } from './answers.ts'
import type { Asker } from './health.ts'
import type { Request, Answer as Wire } from './http.ts'
import { sign } from './signature.ts'

const Envelope = Compile(
  Type.Object({
    code: Type.Integer(),
    descr: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    data: Type.Optional(Type.Unknown()),
  }),
)

/** Unset members arrive as null, empty or not at all. */
const Maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))

const Id = Type.Integer({ minimum: 0 })

const CommonOrder = {
  state_id: Id,
  state_kind: Maybe(Type.String()),
  confirmed: Maybe(Type.String()),
  finish_time: Maybe(Type.String()),
  car_color: Maybe(Type.String()),
  car_mark: Maybe(Type.String()),
  car_number: Maybe(Type.String()),
  source: Maybe(Type.String()),
  phone: Maybe(Type.String()),
  phone_to_dial: Maybe(Type.String()),
}
const OrderState = Type.Object({ order_id: Id, ...CommonOrder })
const CurrentOrder = Type.Object({ id: Id, ...CommonOrder })
const OrderStates = Type.Object({
  order_states: Type.Array(Type.Object({ id: Id, name: Type.String(), state_type: Type.String() })),
})

export type OrderState = Static<typeof OrderState>
export type CurrentOrder = Static<typeof CurrentOrder>
export type ListedState = Static<typeof OrderStates>['order_states'][number]

const answers = {
  ping: Compile(Type.Unknown()),
  get_order_states_list: Compile(OrderStates),
  get_order_state: Compile(OrderState),
  get_current_orders: Compile(Type.Object({ orders: Type.Array(CurrentOrder) })),
  change_order_state: Compile(Type.Unknown()),
}

type Parameters = Record<string, string>
/** A form has its parameters in the body; what a method takes is fixed by Taxi-Master. */
type Kind = 'query' | 'form'

interface Access {
  key: string
  userId?: number | undefined
}

export function commonRequest(
  name: string,
  kind: Kind,
  parameters: Parameters,
  { key, userId }: Access,
): Request {
  const payload = new URLSearchParams(parameters).toString()
  const path = `/common_api/1.0/${name}`
  const headers = {
    Signature: sign(payload, key),
    ...(userId !== undefined && { 'X-User-Id': String(userId) }),
  }
  if (kind === 'query') return { name, verb: 'GET', path: payload ? `${path}?${payload}` : path, headers }
  return {
    name,
    verb: 'POST',
    path,
    headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: payload,
  }
}

export function openCommonApi(asker: Asker, access: Access) {
  const ask = <Data>(
    name: string,
    kind: Kind,
    parameters: Parameters,
    shape: Shape<Data>,
    signal: AbortSignal,
  ) => asker.ask(commonRequest(name, kind, parameters, access), (wire) => read(name, wire, shape), signal)

  return {
    /** Answered without a signature; tells only that somebody is there. */
    ping: (signal: AbortSignal) => ask('ping', 'query', {}, answers.ping, signal),

    orderStates: (signal: AbortSignal) =>
      ask('get_order_states_list', 'query', {}, answers.get_order_states_list, signal),

    orderState: (orderId: string, signal: AbortSignal) =>
      ask('get_order_state', 'query', { order_id: orderId }, answers.get_order_state, signal),

    currentOrders: (fields: readonly (keyof CurrentOrder)[], signal: AbortSignal) =>
      ask('get_current_orders', 'query', { fields: fields.join(',') }, answers.get_current_orders, signal),

    changeOrderState: (orderId: string, stateId: number, signal: AbortSignal) =>
      ask(
        'change_order_state',
        'form',
        { order_id: orderId, new_state: String(stateId) },
        answers.change_order_state,
        signal,
      ),
  }
}
export type CommonApi = ReturnType<typeof openCommonApi>

interface Shape<Data> {
  Check(value: unknown): value is Data
  Errors: Validator['Errors']
}

function read<Data>(name: string, wire: Wire, shape: Shape<Data>): Answer<Data> {
  const envelope = parseJson(wire.text)
  if (!Envelope.Check(envelope)) throw nonsense(name, wire, 'it is not an answer of CommonAPI')
  const { code, descr, data } = envelope
  if (code !== 0) return { ok: false, code, descr: descr ?? '' }
  if (shape.Check(data)) return { ok: true, data }
  const where = shape.Errors(data)[0]?.instancePath
  throw nonsense(name, wire, `its data is not as expected at ${where || 'the top'}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
