import type { Clock } from '#core/clock.ts'
import type { Caller, Services } from '#core/plugin.ts'
import type { Phone } from '#core/schema.ts'
import type { PlaceInQueue } from '../stay.ts'
import { words } from '../words.ts'
import type { CallBack } from './book.ts'
import type { CallBacks } from './call-backs.ts'

export interface CallBackHall {
  callBacks: CallBacks
  clock: Clock
  phones: Services['phones']
}

/** Longest number there is, with what is dialled before it. */
const mostDigits = 18
const anotherPhone = { 1: 'another' } as const

/** He hangs up and keeps his place; false when we do not learn where to call him, and he had better wait. */
export async function arrangeCallBack(
  caller: Caller,
  hall: CallBackHall,
  place: PlaceInQueue,
  queue: string,
): Promise<boolean> {
  const { id, from, priority, to } = caller.call
  const wait = place.waitToSay()
  const within = typeof wait === 'number' ? wait : undefined
  place.stepAside()
  const phone = from ?? (await typedPhone(caller, hall))
  if (phone === undefined) return false
  const { arrivedAt } = place
  const callBack = await hall.callBacks.ask({
    call: id,
    from,
    phone,
    queue,
    line: to,
    priority,
    arrivedAt,
    within,
    by: 'queue',
  })
  place.leaveToBeCalled()
  await promise(caller, hall, callBack, within)
  return true
}

/** What he is promised is on the disk already: he may hang up at any word. */
export async function promise(
  caller: Caller,
  hall: CallBackHall,
  callBack: CallBack,
  within: number | undefined,
): Promise<void> {
  const { callBacks, phones } = hall
  const sentence = (phone: Phone) => words.willCall({ digits: digitsOf(phones.toNational(phone)), within })
  const choice = await caller.choose([sentence(callBack.phone), words.otherPhone], anotherPhone, {
    patience: 3,
  })
  if (choice === undefined) return
  const phone = await typedPhone(caller, hall)
  if (phone === undefined) return await caller.say(words.oldPhone)
  await callBacks.redirect(callBack, phone)
  await caller.say(sentence(phone))
}

/** Twice at most; `undefined` when it was no number that can be called. */
async function typedPhone(caller: Caller, { phones }: CallBackHall): Promise<Phone | undefined> {
  for (const text of [words.typePhone, words.typePhoneAgain]) {
    const phone = phones.toE164(await caller.collect(text, { maximum: mostDigits, patience: 5 }))
    if (phone !== undefined) return phone
  }
  return undefined
}

const digitsOf = (phone: string) => phone.replace(/\D/g, '')
