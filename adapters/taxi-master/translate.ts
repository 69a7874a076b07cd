/** Their words end here: what Taxi-Master answers, as the dispatch port says it. Pure functions. */
import type {
  Account,
  Attribute,
  CallerCard,
  CallerKind,
  Car,
  KnownPlace,
  Order,
  Place,
} from '#core/ports/dispatch.ts'
import type { Phone, Static } from '#core/schema.ts'
import type { AddressFields, OrderState } from './common-api/orders.ts'
import type { Address } from './common-api/routes.ts'
import type { AttributeValue } from './common-api/shapes.ts'
import { fromServerTime } from './moments.ts'
import { fromDispatchPhone } from './phone-rules.ts'
import { toTheirId } from './refusals.ts'
import type { Settings } from './settings.ts'
import { isOver, type StateDetails, tellsCar } from './stages.ts'
import type { StateDirectory } from './states.ts'
import type { AccountFields, OrderFields, PhoneFields } from './tapi.ts'

export interface Site {
  settings: Settings
  country: string
  /** Of the Taxi-Master server. */
  timeZone: string
  states: StateDirectory
}

const kinds: ReadonlyMap<string, CallerKind> = new Map([
  ['1', 'driver'],
  ['2', 'client'],
  ['3', 'corporate'],
  ['4', 'directory'],
  ['5', 'driver'],
  ['6', 'driver'],
])
const categories: ReadonlyMap<string, CallerCard['category']> = new Map([
  ['1', 'black'],
  ['2', 'white'],
  ['3', 'grey'],
])

export const unknownCaller: CallerCard = { kind: 'unknown', category: 'normal', orders: 0 }

export function toCallerCard(fields: PhoneFields, order: Order | undefined, { settings }: Site): CallerCard {
  const group = toNumber(fields.CLIENT_GROUP_ID, 'CLIENT_GROUP_ID')
  const isBlack = settings.blackClientGroups.includes(group)
  const category = isBlack ? 'black' : (categories.get(fields.PHONE_SYSTEM_CATEGORY) ?? 'normal')
  const isVip = (settings.vip.white && category === 'white') || settings.vip.clientGroups.includes(group)
  const clientId = toId(fields.CLIENT_ID, 'CLIENT_ID')
  const driverId = toId(fields.DRIVER_ID, 'DRIVER_ID')

  return {
    kind: kinds.get(fields.PHONE_TYPE) ?? 'unknown',
    category,
    orders: Math.max(toNumber(fields.ORDERS_COUNT, 'ORDERS_COUNT'), order ? 1 : 0),
    ...(clientId && { clientId }),
    ...(driverId && { driverId }),
    ...(toFlag(fields.CLIENT_IS_LOCKED) && { isLocked: true }),
    ...(isVip && { isVip }),
    ...(order && { order }),
  }
}

/** The order of a number, as far as the telephony API shows it. */
export function orderIdOf(fields: PhoneFields): string | undefined {
  return toId(fields.ORDER_ID, 'ORDER_ID')
}

/** It is wanted later; when, only the orders themselves say in a form to be relied on. */
export function isPrior(fields: OrderFields): boolean {
  return toFlag(fields.IS_PRIOR)
}

export function stateOf(fields: OrderFields): number {
  return toNumber(fields.ORDER_STATE, 'ORDER_STATE')
}

export function toOrder(
  id: string,
  fields: OrderFields & { PHONE_TO_DIAL?: string },
  details: StateDetails,
  site: Site,
): Order {
  const stateId = stateOf(fields)
  const stage = site.states.stageOf(stateId, details)
  const car = toCar({ colour: fields.CAR_COLOR, make: fields.CAR_MARK, plate: fields.GOSNUMBER })
  // Right after the assignment the minutes are 0, which only means that nobody knows them yet.
  const minutes = toNumber(fields.DRIVER_TIMECOUNT, 'DRIVER_TIMECOUNT')
  const takenBy = fields.START_USER_SIP_ACCOUNTS.split(/[\s,;]+/).filter(Boolean)
  const isTold = tellsCar(stage)
  const driverPhone = toPhone(fields.DRIVER_PHONE, site)
  const phoneToDial = toPhone(fields.PHONE_TO_DIAL, site)

  return {
    id,
    stage,
    state: { id: String(stateId), name: site.states.nameOf(stateId) },
    ...(isTold && car && { car }),
    ...(isTold && minutes > 0 && { minutes }),
    ...(isTold && driverPhone && { driverPhone }),
    ...(phoneToDial && { phoneToDial }),
    ...(takenBy.length > 0 && { takenBy }),
  }
}

/** What CommonAPI knows on top, or instead where the telephony API has nothing. */
export function addOrderState(order: Order, state: OrderState, site: Site): Order {
  const car = toCar({ colour: state.car_color, make: state.car_mark, plate: state.car_number })
  const phoneToDial = toPhone(state.phone_to_dial || state.phone, site)
  const phone = toPhone(state.phone, site)
  const at = state.is_prior ? fromServerTime(state.source_time ?? '', site.timeZone) : undefined
  return {
    ...order,
    ...(wasDeleted(state, order) && { stage: 'cancelled_company' as const }),
    ...(!order.car && car && tellsCar(order.stage) && { car }),
    ...(at !== undefined && { at }),
    ...(phone && { phone }),
    ...(phoneToDial && { phoneToDial }),
    ...(state.source && { pickup: state.source }),
  }
}

/** A deleted order keeps its state for ever; only its finish time gives it away. */
export function wasDeleted(
  { finish_time, state_kind }: OrderState,
  { stage }: Pick<Order, 'stage'>,
): boolean {
  return Boolean(finish_time) && !isOver(stage) && state_kind !== 'finished' && state_kind !== 'aborted'
}

export function toDetails({
  state_kind,
  confirmed,
}: Pick<OrderState, 'state_kind' | 'confirmed'>): StateDetails {
  return { kind: state_kind ?? undefined, confirmed: confirmed ?? undefined }
}

export function isCorporate({ PHONE_TYPE }: Pick<AccountFields, 'PHONE_TYPE'>): boolean {
  return kinds.get(PHONE_TYPE) === 'corporate'
}

/** What the telephony API tells of a caller's money. */
export function toAccount(fields: AccountFields): Account | undefined {
  const kind = kinds.get(fields.PHONE_TYPE)
  const driverId = toId(fields.DRIVER_ID, 'DRIVER_ID')
  if (kind === 'driver' && driverId) {
    return { of: 'driver', id: driverId, balance: toMoney(fields.DRIVER_REMAINDER, 'DRIVER_REMAINDER') }
  }
  const clientId = toId(fields.CLIENT_ID, 'CLIENT_ID')
  if (!clientId) return undefined
  return {
    of: 'client',
    id: clientId,
    balance: toMoney(fields.CLIENT_BALANCE, 'CLIENT_BALANCE'),
    ...(fields.CLIENT_BONUS_BALANCE && {
      bonus: toMoney(fields.CLIENT_BONUS_BALANCE, 'CLIENT_BONUS_BALANCE'),
    }),
    ...(toFlag(fields.CLIENT_IS_LOCKED) && { isLocked: true }),
  }
}

export function toAddressFields({ address, at }: Place): AddressFields {
  return { address, ...(at && { lat: at.latitude, lon: at.longitude }) }
}

export function toKnownPlace({ city, street, house, point, kind, comment, coords }: Address): KnownPlace {
  const named = kind === 'point' ? point || street : undefined
  return {
    address: named || [street, house].filter(Boolean).join(', '),
    kind: kind === 'point' || kind === 'house' ? kind : 'street',
    ...(city && { city }),
    ...(comment && { comment }),
    ...(coords && { at: { latitude: coords.lat, longitude: coords.lon } }),
  }
}

export function toAttributeValue({ id, value }: Attribute) {
  const number = toTheirId(id, 'attribute')
  if (typeof value === 'boolean') return { id: number, bool_value: value }
  return typeof value === 'number' ? { id: number, num_value: value } : { id: number, str_value: value }
}

/** One without a value is not told. */
export function toAttribute(given: Static<typeof AttributeValue>): Attribute | undefined {
  const value = given.bool_value ?? given.num_value ?? given.str_value
  return value === undefined || value === null ? undefined : { id: String(given.id), value }
}

export function toCar(words: Record<keyof Car, string | null | undefined>): Car | undefined {
  const told = Object.entries(words).filter(([, word]) => word?.trim())
  return told.length > 0 ? Object.fromEntries(told) : undefined
}

export function toPhone(raw: string | null | undefined, { settings, country }: Site): Phone | undefined {
  return raw ? fromDispatchPhone(raw, settings.phones.orders, country) : undefined
}

/** Flags of one and the same field come as 0 and 1 or as false and true. */
function toFlag(text: string): boolean {
  return text === '1' || text.toLowerCase() === 'true'
}

/** 0 and empty stand for "none". */
function toId(text: string, field: string): string | undefined {
  return toNumber(text, field) > 0 ? text : undefined
}

/** Money may have a comma. */
function toMoney(text: string, field: string): number {
  if (!/^-?(\d{1,12}([.,]\d{1,4})?|[.,]\d{1,4})$/.test(text)) throw new FieldUnreadable(field)
  return Number(text.replace(',', '.'))
}

function toNumber(text: string, field: string): number {
  if (!/^-?\d{0,15}$/.test(text)) throw new FieldUnreadable(field)
  return Number(text)
}

/** A field holds something else than its kind of value. */
export class FieldUnreadable extends Error {
  override readonly name = 'FieldUnreadable'
  constructor(field: string) {
    super(`${field} is not a number`)
  }
}
