import type { Clock } from '#core/clock.ts'
import { type Caller, firstOf, type Partner, type Services } from '#core/plugin.ts'
import type { Static } from '#core/schema.ts'
import type { HuntGroup, PlaceInLine } from './hunt-group.ts'
import type { Settings } from './settings.ts'
import { words } from './words.ts'

export interface Desk {
  group: HuntGroup
  settings: Static<typeof Settings>
  clock: Clock
  places: Services['places']
}

/** Music until an operator takes the call; nobody in time, and the caller hears so and is led on. */
export async function waitForOperator(caller: Caller, desk: Desk, since: number): Promise<void> {
  await caller.answer()
  const isTaken = await talkToTheFirst(caller, desk, since)
  if (isTaken) return

  const { fallback } = desk.settings
  if (fallback !== undefined && desk.places.has(fallback))
    return await caller.transferTo(fallback, 'no operator answered')
  await caller.say(words.nobodyFree)
  await caller.release('no operator answered')
}

async function talkToTheFirst(caller: Caller, desk: Desk, since: number): Promise<boolean> {
  const { group, settings, clock } = desk
  // A restart does not lengthen the wait, but whoever outlived one is offered to somebody once more.
  const until = Math.max(since + settings.maximumWait * 1_000, clock.now() + settings.ringFor * 1_000)
  using place = group.join({ call: caller.call.id, priority: caller.call.priority, since })
  using music = caller.playOnHold()
  const his = await whoseHeIs(caller, desk, until)
  // His place in the line counts while he hears it, and an operator who comes free cuts it short.
  if (!his && !group.hasFreePhone()) caller.say(words.everyoneBusy).catch(() => undefined)

  const operator = his ?? (await whoeverIsFree(caller, place, desk, until))
  if (!operator) return false

  place[Symbol.dispose]()
  music[Symbol.dispose]()
  try {
    await caller.talkTo(operator)
  } finally {
    group.release([operator.address], caller.call.id)
  }
  return true
}

/** Those whose caller he is have him first, if they are of this group and free. */
async function whoseHeIs(caller: Caller, desk: Desk, until: number): Promise<Partner | undefined> {
  const { first, id } = caller.call
  const phones = first ? desk.group.reserve(first.phones, id) : []
  if (!first || phones.length === 0) return undefined
  return await offer(caller, phones, desk, Math.min(until, desk.clock.now() + first.seconds * 1_000))
}

async function whoeverIsFree(
  caller: Caller,
  place: PlaceInLine,
  desk: Desk,
  until: number,
): Promise<Partner | undefined> {
  const { clock } = desk
  while (clock.now() < until) {
    const first = await firstOf(caller.signal, {
      phones: (signal) => place.ready(signal),
      patience: (signal) => clock.sleep(until - clock.now(), signal),
    })
    if (first.won === 'patience') return undefined

    const operator = await offer(caller, place.take(), desk, until)
    if (operator) return operator
  }
  return undefined
}

/** Rings the reserved phones; all but the one that took the call go back to the group. */
async function offer(caller: Caller, phones: string[], { group, settings, clock }: Desk, until: number) {
  const left = Math.max(1, Math.ceil((until - clock.now()) / 1_000))
  let operator: Partner | undefined
  try {
    operator = await caller.reach({ phones, ringFor: Math.min(settings.ringFor, left), show: 'caller' })
    return operator
  } finally {
    const others = phones.filter((phone) => phone !== operator?.address)
    if (operator || caller.signal.aborted) group.release(others, caller.call.id)
    else group.missed(others, caller.call.id)
  }
}
