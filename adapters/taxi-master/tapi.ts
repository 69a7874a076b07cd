/** tm_tapi, the telephony API: signed by a trailing parameter, answered in XML. */
import { XMLParser } from 'fast-xml-parser'
import type { Asker } from '#core/asking/asker.ts'
import type { Request, Answer as Wire } from '#core/asking/line.ts'
import { type Answer, nonsense } from './answers.ts'
import { sign } from './signature.ts'

const orderFields = [
  'ORDER_STATE',
  'IS_PRIOR',
  'DRIVER_TIMECOUNT',
  'DRIVER_PHONE',
  'GOSNUMBER',
  'CAR_COLOR',
  'CAR_MARK',
  'START_USER_SIP_ACCOUNTS',
] as const

const phoneFields = [
  'PHONE_TYPE',
  'PHONE_SYSTEM_CATEGORY',
  'CLIENT_ID',
  'CLIENT_GROUP_ID',
  'CLIENT_IS_LOCKED',
  'DRIVER_ID',
  'ORDERS_COUNT',
  'ORDER_ID',
  'PHONE_TO_DIAL',
  ...orderFields,
] as const

/** Fields as they came, upper case; what is unfilled or missing is the empty string. */
export type Fields<Name extends string> = Record<Name, string>
export type OrderFields = Fields<(typeof orderFields)[number]>
export type PhoneFields = Fields<(typeof phoneFields)[number]>

const accountFields = [
  'PHONE_TYPE',
  'CLIENT_ID',
  'CLIENT_BALANCE',
  'CLIENT_BONUS_BALANCE',
  'CLIENT_IS_LOCKED',
  'DRIVER_ID',
  'DRIVER_REMAINDER',
] as const
export type AccountFields = Fields<(typeof accountFields)[number]>

/** How far a call-back has come, as `set_request_state` takes it. */
export interface RequestState {
  ORDER_ID: string
  /** The order's state before the call-back. */
  STATE_ID: string
  /** 1 the client was called, 0 the driver. */
  PHONE_TYPE: '0' | '1'
  STATE: string
}

/** A recording as `create_record_link` takes it. */
export interface RecordFields {
  /** 0 outgoing, 1 incoming. */
  CALL_TYPE: '0' | '1'
  /** `ddMMyyyyHHmmss`, the day first. */
  RECORD_DATE: string
  RECORD_LENGTH: string
  FILE_PATH: string
  CALL_ID: string
  PHONE: string
  USER_LOGIN?: string
  CALL_RESULT?: string
}

export const noOrderFields: OrderFields = pick({}, orderFields)

export function tapiRequest(
  name: string,
  verb: Request['verb'],
  parameters: Record<string, string>,
  key: string,
): Request {
  const base = new URLSearchParams(parameters).toString()
  const signed = `${base}${base ? '&' : ''}signature=${sign(base, key)}`
  const path = `/tm_tapi/1.0/${name}`
  if (verb === 'GET') return { name, verb, path: `${path}?${signed}`, headers: {} }
  return { name, verb, path, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: signed }
}

export function openTapi(asker: Asker, key: string) {
  const ask = <const Names extends readonly string[]>(request: Request, names: Names, signal: AbortSignal) =>
    asker.ask(request, (wire) => read(request.name, wire, names), signal)

  return {
    infoByPhone: (phone: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_phone', 'GET', { PHONE: phone, FIELDS: phoneFields.join('-') }, key),
        phoneFields,
        signal,
      ),

    infoByOrderId: (orderId: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_order_id', 'GET', { ORDER_ID: orderId, FIELDS: orderFields.join('-') }, key),
        orderFields,
        signal,
      ),

    accountByPhone: (phone: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_phone', 'GET', { PHONE: phone, FIELDS: accountFields.join('-') }, key),
        accountFields,
        signal,
      ),

    driverPhones: (callSign: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_driver_phones_by_crew_code', 'GET', { crew_code: callSign }, key),
        ['MOBILE_PHONE', 'HOME_PHONE'],
        signal,
      ),

    setRequestState: (state: RequestState, signal: AbortSignal) =>
      ask(tapiRequest('set_request_state', 'POST', { ...state }, key), [], signal),

    connectClientAndDriver: (orderId: string, signal: AbortSignal) =>
      ask(tapiRequest('connect_client_and_driver', 'POST', { order_id: orderId }, key), [], signal),

    createRecordLink: (record: RecordFields, signal: AbortSignal) =>
      ask(tapiRequest('create_record_link', 'POST', { ...record }, key), ['RECORD_ID'], signal),

    changeOrderState: (orderId: string, stateId: number, signal: AbortSignal) =>
      ask(
        tapiRequest('change_order_state', 'POST', { ORDER_ID: orderId, NEED_STATE: String(stateId) }, key),
        [],
        signal,
      ),
  }
}
export type Tapi = ReturnType<typeof openTapi>

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true })

function read<const Names extends readonly string[]>(
  name: string,
  wire: Wire,
  names: Names,
): Answer<Fields<Names[number]>> {
  const answer = parseAnswer(wire.text)
  if (!answer) throw nonsense(name, wire, 'it is not an answer of TM TAPI')
  if (answer.code !== 0) return { ok: false, code: answer.code, descr: answer.descr }
  return { ok: true, data: pick(answer.data, names) }
}

function parseAnswer(
  text: string,
): { code: number; descr: string; data: Record<string, unknown> } | undefined {
  const root = membersOf(membersOf(parseXml(text))?.response)
  const code = root?.code
  if (!root || typeof code !== 'string' || !/^-?\d{1,9}$/.test(code)) return undefined
  return {
    code: Number(code),
    descr: typeof root.descr === 'string' ? root.descr : '',
    data: membersOf(root.data) ?? {},
  }
}

function parseXml(text: string): unknown {
  try {
    return parser.parse(text, true)
  } catch {
    return undefined
  }
}

function membersOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

/** Element names come in either case. */
function pick<const Names extends readonly string[]>(
  data: Record<string, unknown>,
  names: Names,
): Fields<Names[number]> {
  const upper = new Map(Object.entries(data).map(([name, value]) => [name.toUpperCase(), value]))
  const text = (name: string) => {
    const value = upper.get(name)
    return typeof value === 'string' ? value : ''
  }
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Fields<Names[number]>
}
