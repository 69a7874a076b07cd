import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { type Caller, firstOf, type Partner, type Saying } from '#core/plugin.ts'
import type { Errand, Errands, Target } from './errands.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

export interface Switchboard {
  bus: CallBus
  clock: Clock
  errands: Errands
  settings: Settings
  /** In a talk, and without a second line. */
  isBusy(phone: string): boolean
}

export const place = 'talk-control'

/** A client who left a talk goes on: to another phone, into a slot, back to whoever had him, or to the operators. */
export async function goOn(caller: Caller, board: Switchboard): Promise<void> {
  const errand = board.errands.take(caller.call.id)
  // From now on a restart leads him on, instead of thinking that his talk is over.
  caller.waitsAt(place)
  switch (errand?.is) {
    case 'transfer':
      if (await talkTo(caller, errand.to, board)) return
      return await backTo(caller, errand.from, board)
    case 'park':
      return await park(caller, errand, board)
    default:
      return await toOperators(caller, words.goesOn, board)
  }
}

async function park(caller: Caller, errand: Extract<Errand, { is: 'park' }>, board: Switchboard) {
  const { bus, clock, errands, settings } = board
  const { slot, from } = errand
  const call = caller.call.id
  const until = clock.now() + settings.parking.atMost * 1_000
  while (clock.now() < until) {
    const phone = await waitInSlot()
    if (phone === undefined) break
    bus.publish('call.picked-up', { call, slot, phone, by: phone })
    if (await talkTo(caller, { phone, show: 'caller' }, board)) return
  }
  await backTo(caller, from, board)

  async function waitInSlot() {
    using parked = errands.park({ slot, call, from, since: clock.now() })
    using _music = caller.playOnHold()
    const first = await firstOf(caller.signal, {
      phone: (signal) => parked.pickedUp(signal),
      patience: (signal) => clock.sleep(until - clock.now(), signal),
    })
    return first.won === 'phone' ? first.value : undefined
  }
}

/** Nobody took him: whoever gave him on has him again, or any operator. */
async function backTo(caller: Caller, phone: string, board: Switchboard) {
  const back = { phone, show: 'caller' } as const
  if (await talkTo(caller, back, board, board.settings.ringBackFor)) return
  await toOperators(caller, words.nobodyTookIt, board)
}

async function talkTo(
  caller: Caller,
  target: Target,
  board: Switchboard,
  ringFor = board.settings.ringFor,
): Promise<boolean> {
  const partner = board.isBusy(target.phone) ? undefined : await reach(caller, target, ringFor)
  if (partner) await caller.talkTo(partner)
  return partner !== undefined
}

async function reach(caller: Caller, { phone, show }: Target, ringFor: number): Promise<Partner | undefined> {
  using _music = caller.playOnHold()
  return await caller.reach({ phones: [phone], ringFor, show })
}

async function toOperators(caller: Caller, saying: Saying, { settings }: Switchboard) {
  await caller.say(saying)
  await caller.transferTo(settings.operatorsPlace, 'nobody took him over')
}
