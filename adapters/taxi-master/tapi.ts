/** tm_tapi, the telephony API: signed by a trailing parameter, answered in XML. */
import type { Asker } from '#core/asking/asker.ts'
import type { Request, Answer as Wire } from '#core/asking/line.ts'
import { type Answer, nonsense } from './answers.ts'
import { sign } from './signature.ts'
import { type Content, readXml } from './xml.ts'

/** Fields as they came, upper case; what is unfilled or missing is the empty string. */
export type Fields<Name extends string> = Record<Name, string>

const orderNames = [
  'ORDER_STATE',
  'IS_PRIOR',
  'DRIVER_TIMECOUNT',
  'DRIVER_PHONE',
  'GOSNUMBER',
  'CAR_COLOR',
  'CAR_MARK',
  'START_USER_SIP_ACCOUNTS',
] as const

const phoneNames = [
  'PHONE_TYPE',
  'PHONE_SYSTEM_CATEGORY',
  'CLIENT_ID',
  'CLIENT_GROUP_ID',
  'CLIENT_IS_LOCKED',
  'DRIVER_ID',
  'ORDERS_COUNT',
  'ORDER_ID',
  'PHONE_TO_DIAL',
  ...orderNames,
] as const

const accountNames = [
  'PHONE_TYPE',
  'CLIENT_ID',
  'CLIENT_BALANCE',
  'CLIENT_BONUS_BALANCE',
  'CLIENT_IS_LOCKED',
  'DRIVER_ID',
  'DRIVER_REMAINDER',
] as const

const shiftNames = ['DRV_SHIFT_START_TIME'] as const

export const noOrderFields = blank(orderNames)
const noPhoneFields = blank(phoneNames)
const noAccountFields = blank(accountNames)
const noShiftFields = blank(shiftNames)
export type OrderFields = typeof noOrderFields
export type PhoneFields = typeof noPhoneFields
export type AccountFields = typeof noAccountFields

/** How fields are asked for. */
const asked = {
  order: orderNames.join('-'),
  phone: phoneNames.join('-'),
  account: accountNames.join('-'),
  shift: shiftNames.join('-'),
}

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
  const ask = <Name extends string>(request: Request, none: Fields<Name>, signal: AbortSignal) =>
    asker.ask(request, (wire) => read(request.name, wire, none), signal)

  return {
    infoByPhone: (phone: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_phone', 'GET', { PHONE: phone, FIELDS: asked.phone }, key),
        noPhoneFields,
        signal,
      ),

    infoByOrderId: (orderId: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_order_id', 'GET', { ORDER_ID: orderId, FIELDS: asked.order }, key),
        noOrderFields,
        signal,
      ),

    accountByPhone: (phone: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_phone', 'GET', { PHONE: phone, FIELDS: asked.account }, key),
        noAccountFields,
        signal,
      ),

    shiftByPhone: (phone: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_info_by_phone', 'GET', { PHONE: phone, FIELDS: asked.shift }, key),
        noShiftFields,
        signal,
      ),

    driverPhones: (callSign: string, signal: AbortSignal) =>
      ask(
        tapiRequest('get_driver_phones_by_crew_code', 'GET', { crew_code: callSign }, key),
        blank(['MOBILE_PHONE', 'HOME_PHONE']),
        signal,
      ),

    setRequestState: (state: RequestState, signal: AbortSignal) =>
      ask(tapiRequest('set_request_state', 'POST', { ...state }, key), {}, signal),

    connectClientAndDriver: (orderId: string, signal: AbortSignal) =>
      ask(tapiRequest('connect_client_and_driver', 'POST', { order_id: orderId }, key), {}, signal),

    createRecordLink: (record: RecordFields, signal: AbortSignal) =>
      ask(tapiRequest('create_record_link', 'POST', { ...record }, key), blank(['RECORD_ID']), signal),

    changeOrderState: (orderId: string, stateId: number, signal: AbortSignal) =>
      ask(
        tapiRequest('change_order_state', 'POST', { ORDER_ID: orderId, NEED_STATE: String(stateId) }, key),
        {},
        signal,
      ),
  }
}
export type Tapi = ReturnType<typeof openTapi>

function read<Name extends string>(name: string, wire: Wire, none: Fields<Name>): Answer<Fields<Name>> {
  const answer = parseAnswer(wire.text)
  if (!answer) throw nonsense(name, wire, 'it is not an answer of TM TAPI')
  if (answer.code !== 0) return { ok: false, code: answer.code, descr: answer.descr }
  return { ok: true, data: pick(answer.data, none) }
}

function parseAnswer(text: string) {
  const root = readXml(text)
  if (root?.name !== 'response' || typeof root.content === 'string') return undefined
  const code = textOf(root.content.get('code'))
  if (!/^-?\d{1,9}$/.test(code)) return undefined
  return { code: Number(code), descr: textOf(root.content.get('descr')), data: root.content.get('data') }
}

/** Element names come in either case. */
function pick<Name extends string>(data: Content | undefined, none: Fields<Name>): Fields<Name> {
  if (typeof data !== 'object') return none
  const fields: Fields<string> = { ...none }
  for (const [name, value] of data) {
    const known = name in none ? name : name.toUpperCase()
    if (known in none) fields[known] = textOf(value)
  }
  return fields
}

function blank<const Names extends readonly string[]>(names: Names): Fields<Names[number]> {
  return Object.fromEntries(names.map((name) => [name, ''])) as Fields<Names[number]>
}

function textOf(content: Content | undefined): string {
  return typeof content === 'string' ? content : ''
}
