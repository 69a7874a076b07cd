import type { Caller, Saying } from '#core/plugin.ts'
import type { Order, Stage } from '#core/ports/dispatch.ts'
import type { Moment } from '#core/schema.ts'
import { toDayTime } from '#core/voice/grammar/times.ts'
import { joinWith, type OrderDesk, toOperator } from './desk.ts'
import { minutesLeft, type Sighting } from './reading.ts'
import { inStory, isForLater, type Reason } from './urgency.ts'
import { words } from './words.ts'

/** Stages in which "where is my taxi" can be answered without a person. */
const chased: readonly Stage[] = ['new', 'searching', 'assigned', 'driver_on_way', 'arrived']

export function isChased(order: Order): boolean {
  return chased.includes(order.stage)
}

/** State, minutes, car, keys: 0 cancel, 1 driver, 2 operator, 9 repeat, silence to an operator. */
export async function tellOrder(caller: Caller, first: Sighting, desk: OrderDesk): Promise<void> {
  let seen: Sighting | undefined = first
  for (let told = 0; told < desk.settings.repeats; told += 1) {
    seen = await desk.fresh(seen, caller.signal)
    if (!seen || !isChased(seen.order)) return await toOperator(caller, desk, 'the order has moved on')

    const { order } = seen
    const reason = await desk.whyAPerson(order, caller)
    if (reason) return await hurryToOperator(caller, order, desk, reason)
    await desk.remember(seen, caller)

    const choice = await caller.choose([stateOf(seen, desk), keysOf(order)], keysThatWork(order), {
      patience: desk.settings.patience,
      onHeard: () => caller.served('heard how the order stands'),
    })
    switch (choice) {
      case 'repeat':
        continue
      case 'cancel':
        if ((await cancelOrder(caller, order, desk)) === 'settled') return
        break
      case 'driver':
        if ((await talkToDriver(caller, order, desk)) === 'settled') return
        break
      case 'operator':
        await caller.say(words.connectingToOperator)
        break
    }
    return await toOperator(caller, desk, choice === undefined ? 'said nothing' : `pressed for: ${choice}`)
  }
  await toOperator(caller, desk, 'listened to every repeat')
}

export function stateOf(seen: Sighting, desk: Pick<OrderDesk, 'now' | 'settings' | 'timeZone'>): Saying {
  const { order } = seen
  const { at, car, stage } = order
  const now = desk.now()
  if (stage === 'arrived') return words.arrived({ car })
  if (at !== undefined && at > now && (!car || isForLater(order, now, desk.settings)))
    return words.orderedFor({ when: toDayTime(at, { now, timeZone: desk.timeZone }), car })
  if (stage === 'new') return words.searching
  if (stage === 'searching' || !car) return words.noCarYet
  return words.carComing({ car, minutes: minutesLeft(seen, now) })
}

/** The minute a caller will wait for after hearing this. */
export function promiseOf(seen: Sighting, now: Moment): Moment | undefined {
  const { stage, car } = seen.order
  const minutes = stage === 'assigned' || stage === 'driver_on_way' ? minutesLeft(seen, now) : undefined
  return car && minutes !== undefined ? now + minutes * 60_000 : undefined
}

function keysOf(order: Order): Saying {
  return order.driverPhone ? words.keys : words.keysWithoutDriver
}

function keysThatWork(order: Order): Record<string, 'cancel' | 'driver' | 'operator' | 'repeat'> {
  const keys = { 0: 'cancel', 2: 'operator', 9: 'repeat' } as const
  return order.driverPhone ? { ...keys, 1: 'driver' } : keys
}

/** Nothing is said to somebody who was promised in vain or asks again: a person does that better. */
async function hurryToOperator(caller: Caller, order: Order, desk: OrderDesk, reason: Reason): Promise<void> {
  caller.prefer(desk.settings.urgency)
  desk.showCard(order, reason, caller)
  await toOperator(caller, desk, inStory(reason, order, desk.timeZone))
}

async function cancelOrder(caller: Caller, order: Order, desk: OrderDesk): Promise<'settled' | 'open'> {
  const sure = await caller.choose(words.confirmCancel, { 0: 'yes' }, { patience: desk.settings.patience })
  if (sure !== 'yes') return 'open'

  const cancellation = await desk.cancel(order, caller)
  if (cancellation === 'refused') {
    await caller.say(words.cannotCancel)
    return 'open'
  }
  caller.served('cancelled the order')
  await caller.say(words.cancelled)
  return 'settled'
}

async function talkToDriver(caller: Caller, order: Order, desk: OrderDesk): Promise<'settled' | 'open'> {
  if (!order.driverPhone) return 'open'
  if (await desk.bridge(order, caller)) return 'settled'
  await caller.say(words.connectingToDriver)
  if (await joinWith(caller, order.driverPhone, desk)) return 'settled'
  await caller.say(words.driverUnavailable)
  return 'open'
}
