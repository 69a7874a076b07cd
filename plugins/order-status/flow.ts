import type { Caller, Saying, Services } from '#core/plugin.ts'
import type { Cancellation, Order, Stage } from '#core/ports/dispatch.ts'
import type { Static } from '#core/schema.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

export interface OrderDesk {
  settings: Static<typeof Settings>
  places: Pick<Services['places'], 'has'>
  /** Cancels once, however often it is asked. */
  cancel(order: Order, caller: Caller): Promise<Cancellation>
}

/** The place that joins client and driver better than we do, where the company has it. */
const bridge = 'driver-bridge'

/** Stages in which "where is my taxi" can be answered without a person. */
const chased: readonly Stage[] = ['new', 'searching', 'assigned', 'driver_on_way', 'arrived']

export function isChased(order: Order): boolean {
  return chased.includes(order.stage)
}

/** State, minutes, car, keys: 0 cancel, 1 driver, 2 operator, 9 repeat, silence to an operator. */
export async function tellOrder(caller: Caller, order: Order, desk: OrderDesk): Promise<void> {
  await caller.answer()

  for (let told = 0; told < desk.settings.repeats; told += 1) {
    const choice = await caller.choose([stateOf(order), keysOf(order)], keysThatWork(order), {
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

export function stateOf(order: Order): Saying {
  if (order.stage === 'arrived') return words.arrived({ car: order.car })
  if (order.stage === 'new') return words.searching
  if (order.stage === 'searching' || !order.car) return words.noCarYet
  return words.carComing({ car: order.car, minutes: order.minutes })
}

function keysOf(order: Order): Saying {
  return order.driverPhone ? words.keys : words.keysWithoutDriver
}

function keysThatWork(order: Order): Record<string, 'cancel' | 'driver' | 'operator' | 'repeat'> {
  const keys = { 0: 'cancel', 2: 'operator', 9: 'repeat' } as const
  return order.driverPhone ? { ...keys, 1: 'driver' } : keys
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
  if (desk.places.has(bridge)) {
    await caller.transferTo(bridge, 'pressed for: driver')
    return 'settled'
  }
  await caller.say(words.connectingToDriver)
  const driver = await reachDriver(caller, order.driverPhone, desk.settings.driverRingFor)
  if (!driver) {
    await caller.say(words.driverUnavailable)
    return 'open'
  }
  await caller.talkTo(driver)
  return 'settled'
}

async function reachDriver(caller: Caller, phone: string, ringFor: number) {
  using _music = caller.playOnHold()
  return await caller.reach({ phones: [phone], ringFor, show: 'company' })
}

async function toOperator(caller: Caller, desk: OrderDesk, because: string): Promise<void> {
  await caller.transferTo(desk.settings.operatorsPlace, because)
}
