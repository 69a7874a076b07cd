import type { Caller, Saying } from '#core/plugin.ts'
import type { OrderId } from '#core/schema.ts'
import type { FreeDriver } from './drivers.ts'
import type { Offer } from './offers.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

/** What came of an order that was asked for. */
export type Outcome =
  | { is: 'ordered'; order: OrderId }
  | { is: 'ordered before'; order: OrderId }
  | { is: 'refused'; because: string }

export interface AutoOrderDesk {
  settings: Settings
  /** This call has ordered already and was taken over after a restart. */
  hasOrdered(caller: Caller): Promise<boolean>
  /** `undefined` when nobody can say. */
  freeCars(offer: Offer, signal: AbortSignal): Promise<number | undefined>
  /** Once, however often it is asked and whoever is killed. */
  order(caller: Caller, offer: Offer, isAnother: boolean): Promise<Outcome>
  drivers(offer: Offer, signal: AbortSignal): AsyncIterable<FreeDriver>
  assign(caller: Caller, order: OrderId, driver: FreeDriver): Promise<void>
  /** What is said before somebody agrees to a ride, such as why it is dearer today. */
  notes(): Saying[]
}

/** Key 1 is the car, key 2 a person; so is silence. */
export async function orderByKey(
  caller: Caller,
  offers: readonly Offer[],
  desk: AutoOrderDesk,
): Promise<void> {
  await caller.answer()
  const [only] = offers
  const isAgain = caller.call.again && (await desk.hasOrdered(caller))
  const offer = isAgain ? only : await whichOffer(caller, offers, desk)
  if (!offer) return await toOperator(caller, desk, 'did not choose an address')
  if (!isAgain && !(await agreesToWait(caller, offer, desk)))
    return await toOperator(caller, desk, 'no car is free nearby')

  let outcome = await desk.order(caller, offer, false)
  if (outcome.is === 'ordered before') {
    const another = await caller.choose(
      [words.orderedBefore({ address: offer.place.address }), words.anotherKey],
      { 1: 'another', 2: 'operator' },
      { patience: desk.settings.patience, onHeard: () => caller.served('heard that a car is ordered') },
    )
    if (another === undefined) return
    if (another === 'operator') return await toOperator(caller, desk, 'pressed for: operator')
    outcome = await desk.order(caller, offer, true)
  }
  if (outcome.is !== 'ordered')
    return await toOperator(
      caller,
      desk,
      outcome.is === 'refused' ? outcome.because : outcome.is,
      words.cannotOrder,
    )

  caller.served('ordered a car')
  if (desk.settings.smallTown.isOn) return await joinWithDriver(caller, offer, outcome.order, desk)
  await caller.say(words.ordered({ address: offer.place.address }))
}

async function whichOffer(
  caller: Caller,
  offers: readonly Offer[],
  desk: AutoOrderDesk,
): Promise<Offer | undefined> {
  const { patience } = desk.settings
  const [first, ...others] = offers
  if (!first) return undefined
  const question = words.carTo({ address: first.place.address })
  if (others.length === 0) {
    const choice = await caller.choose(
      [...desk.notes(), question, words.oneKey],
      { 1: 'yes', 2: 'operator' },
      { patience, attempts: 2 },
    )
    return choice === 'yes' ? first : undefined
  }

  const choice = await caller.choose(
    [...desk.notes(), question, words.oneKey, words.othersKey],
    { 1: 'yes', 2: 'operator', 3: 'others' },
    { patience, attempts: 2 },
  )
  if (choice !== 'others') return choice === 'yes' ? first : undefined
  const texts = others.map(({ place }, index) => words.addressKey({ key: index + 1, address: place.address }))
  const keys = Object.fromEntries(others.map((_, index) => [index + 1, String(index)]))
  const chosen = await caller.choose(texts, keys, { patience, attempts: 2 })
  return chosen === undefined ? undefined : others[Number(chosen)]
}

/** Nobody is promised a car while there is none, unless he means to wait. */
async function agreesToWait(caller: Caller, offer: Offer, desk: AutoOrderDesk): Promise<boolean> {
  if ((await desk.freeCars(offer, caller.signal)) !== 0) return true
  const choice = await caller.choose(
    words.noCarFree,
    { 1: 'wait', 2: 'operator' },
    { patience: desk.settings.patience },
  )
  return choice === 'wait'
}

/** The nearest free driver, then the next, an operator at the end. */
async function joinWithDriver(
  caller: Caller,
  offer: Offer,
  order: OrderId,
  desk: AutoOrderDesk,
): Promise<void> {
  const { longestTalk, ringFor } = desk.settings.smallTown
  await caller.say(words.lookingForDriver)
  for await (const driver of desk.drivers(offer, caller.signal)) {
    const partner = await reached(caller, driver.phone, ringFor)
    if (!partner) continue
    const assigning = desk.assign(caller, order, driver)
    await caller.talkTo(partner, { atMost: longestTalk * 60 })
    return await assigning
  }
  await toOperator(caller, desk, 'no driver answered', words.noDriver)
}

async function reached(caller: Caller, phone: string, ringFor: number) {
  using _music = caller.playOnHold()
  return await caller.reach({ phones: [phone], ringFor, show: 'company' })
}

async function toOperator(
  caller: Caller,
  { settings }: AutoOrderDesk,
  because: string,
  saying = words.toOperator,
): Promise<void> {
  await caller.say(saying)
  await caller.transferTo(settings.operatorsPlace, because)
}
