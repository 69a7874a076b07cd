import { type Caller, firstOf, type Partner, type Saying } from '#core/plugin.ts'
import type { CallId, OrderId, Phone } from '#core/schema.ts'
import type { Join, Joins } from './joins.ts'
import type { Lately } from './lately.ts'
import type { Lines } from './lines.ts'
import type { Meeting } from './meetings.ts'
import { isOver, type Orders } from './orders.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

export interface Desk {
  joins: Joins
  lately: Lately
  lines: Lines
  orders: Orders
  settings: Settings
  /** What will be written of the join when the call has ended. */
  note(call: CallId, outcome: string): void
  tellOrder(call: CallId, order: OrderId): void
  /** It ended and nobody told us: its grace begins. */
  orderIsOver(order: OrderId): void
}

/** More orders than this are not read out. */
const mostChoices = 4

/** Somebody who has rung us is joined with the partner of his order; of several he is asked which. */
export async function connect(caller: Caller, meetings: readonly Meeting[], desk: Desk): Promise<void> {
  await caller.answer()
  const meeting = await whichOf(caller, meetings, desk)
  if (!meeting)
    return await toOperator(caller, desk, 'there is no order to join him about', words.nobodyToJoin)

  const { as, order, client, driver } = meeting
  const line = await desk.lines.of(meeting)
  const { call } = caller
  const { is, join } = await desk.joins.begin({
    client,
    driver,
    ...(order === undefined ? {} : { order }),
    first: as,
    by: as,
    request: `call:${call.id}`,
    call: call.id,
    ...(line === undefined ? {} : { line }),
  })
  if (is === 'too-often') return await toOperator(caller, desk, 'he was joined too often', words.tooOften)
  const partner = meeting.isRemembered ? partnerNow(join, desk, call.signal) : partnerOf(join)
  await joinWithPartner(caller, join, desk, partner)
}

function partnerOf({ first, client, driver }: Join): Phone {
  return first === 'driver' ? client : driver
}

/** As the order has him now; `undefined` when the driver has given it back. */
async function partnerNow(join: Join, desk: Desk, signal: AbortSignal): Promise<Phone | undefined> {
  const { order: id, first } = join
  if (id === undefined) return partnerOf(join)
  const now = await desk.orders.find(id, signal)
  if (now === 'none' || (now !== 'unknown' && isOver(now.stage))) desk.orderIsOver(id)
  if (now === 'unknown' || now === 'none' || isOver(now.stage)) return partnerOf(join)
  if (first === 'client') return now.driverPhone
  return now.driverPhone === join.driver ? join.client : undefined
}

async function whichOf(
  caller: Caller,
  meetings: readonly Meeting[],
  { settings }: Desk,
): Promise<Meeting | undefined> {
  const offered = meetings.slice(0, mostChoices)
  if (offered.length < 2) return offered[0]
  const texts = offered.map(({ pickup }, index) => words.orderKey({ key: index + 1, pickup }))
  const keys = Object.fromEntries(offered.map((_, index) => [index + 1, String(index)]))
  const chosen = await caller.choose(texts, keys, { patience: settings.patience })
  return offered[Number(chosen ?? 0)]
}

/** The one on the line hears whom he is joined with, and his partner is rung: key 2 brings an operator instead. */
export async function joinWithPartner(
  caller: Caller,
  join: Join,
  desk: Desk,
  looking: Phone | Promise<Phone | undefined> = partnerOf(join),
): Promise<void> {
  const { id } = caller.call
  const isDriver = join.first === 'client'
  if (join.order !== undefined) desk.tellOrder(id, join.order)

  await caller.say(isDriver ? words.joiningWithDriver : words.joiningWithClient)
  const phone = await looking
  if (phone === undefined) {
    desk.note(id, 'no partner')
    return await toOperator(caller, desk, 'the order has no partner for him', words.nobodyToJoin)
  }

  desk.lately.rang(phone, join)
  const partner = await reachUnlessOperator(caller, phone, join, desk)
  if (partner === 'operator') {
    desk.note(id, 'operator')
    return await toOperator(caller, desk, 'pressed for: operator')
  }
  if (partner === undefined) {
    desk.note(id, 'partner not reached')
    return await missed(caller, join, isDriver ? words.driverSilent : words.clientSilent, desk)
  }
  desk.note(id, 'talked')
  const end = await caller.talkTo(partner, { atMost: desk.settings.limits.longestTalk * 60 })
  if (end === 'too-long') await caller.say(words.talkTooLong)
}

async function reachUnlessOperator(
  caller: Caller,
  phone: Phone,
  { line }: Join,
  { settings }: Desk,
): Promise<Partner | 'operator' | undefined> {
  using _music = caller.playOnHold()
  const wanted = { phones: [phone], ringFor: settings.ringFor, show: 'company' } as const
  let partner: Partner | undefined
  const first = await firstOf(caller.signal, {
    async partner(signal) {
      partner = await caller.reach(line === undefined ? wanted : { ...wanted, line }, signal)
    },
    operator: (signal) => caller.press('2', signal),
  })
  // Who answered in the moment of the key is not left alone.
  return partner ?? (first.won === 'operator' ? 'operator' : undefined)
}

/** Whom we rang may hang up; who rang us wanted something and gets a person. */
async function missed(caller: Caller, join: Join, silent: Saying, desk: Desk): Promise<void> {
  if (!join.isRung)
    return await toOperator(caller, desk, 'the partner was not reached', silent, words.toOperator)
  const keys = { 2: 'operator' } as const
  const choice = await caller.choose([silent, words.operatorKey], keys, { patience: desk.settings.patience })
  if (choice === 'operator') await toOperator(caller, desk, 'the partner was not reached')
}

async function toOperator(caller: Caller, { settings }: Desk, because: string, ...sayings: Saying[]) {
  if (sayings.length > 0) await caller.say(...sayings)
  await caller.transferTo(settings.operatorsPlace, because)
}
