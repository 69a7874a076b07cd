import type { LocalTime } from '#core/calendar.ts'
import { type Caller, firstOf, type Saying, type Services } from '#core/plugin.ts'
import { arrangeCallBack, type CallBackHall, promise } from './call-back/flow.ts'
import type { Desk } from './desk.ts'
import type { watchDirectRings } from './direct-rings.ts'
import { type Choice, hearChoice } from './keys.ts'
import type { Roster } from './roster.ts'
import type { QueueSettings, Settings } from './settings.ts'
import type { Announcement, Ending, PlaceInQueue } from './stay.ts'
import { words } from './words.ts'

export interface Waits {
  queue: QueueSettings
  because?: string
  /** When he entered this queue, kept over a restart. */
  since?: number
  /** When he began to wait, in whichever queue. */
  arrivedAt?: number
  /** The place he kept while he was away. */
  returnsTo?: string
}

export interface Hall extends CallBackHall {
  desk: Desk
  directRings: ReturnType<typeof watchDirectRings>
  localTime: LocalTime
  places: Services['places']
  roster: Roster
  settings: Settings
  queueNamed(name: string): QueueSettings | undefined
  /** What the caller is worth when more is known of him. */
  priorityOf(caller: Caller): Promise<number>
}

/** From the queue he came to, through those he is sent to, until somebody talks to him or nobody can. */
export async function waitInQueue(caller: Caller, hall: Hall, first: Waits): Promise<void> {
  await caller.answer()
  for (let next = await recognise(caller, hall, first); next; ) next = await stayIn(caller, hall, next)
}

/** Whoever has a call-back open keeps his place, whether we ring him or he rings us. */
async function recognise(caller: Caller, hall: Hall, waits: Waits): Promise<Waits | undefined> {
  const known = hall.callBacks.welcome(caller.call)
  if (!known) return waits
  const { callBack } = known
  caller.prefer(callBack.priority)
  const arrivedAt = callBack.arrived_at
  switch (known.is) {
    case 'asking':
      return void (await promise(caller, hall, callBack, undefined))
    case 'early':
      return { ...waits, arrivedAt }
    case 'returned':
      hall.callBacks.reached(callBack)
      return {
        ...waits,
        queue: hall.queueNamed(callBack.queue) ?? waits.queue,
        arrivedAt,
        returnsTo: callBack.id,
      }
  }
}

async function stayIn(caller: Caller, hall: Hall, waits: Waits): Promise<Waits | undefined> {
  caller.waitsAt(waits.queue.name, waits.because)
  const { ending, arrivedAt } = await waitHere(caller, hall, waits)
  if (ending === 'will be called back') return undefined
  switch (ending.is) {
    case 'answered':
      return void (await talk(caller, hall, ending))
    case 'sent':
      return await goOn(caller, hall, ending, arrivedAt)
    case 'place':
      return await goTo(caller, hall, ending.to, { because: 'pressed a key', arrivedAt })
    case 'extension':
      return (await talkToExtension(caller, hall, ending.extension))
        ? undefined
        : { ...waits, because: 'the dialled operator did not answer', arrivedAt }
    case 'call-back':
      await caller.say(words.noPhone)
      return { ...waits, because: 'gave no number to call', arrivedAt }
  }
}

async function waitHere(
  caller: Caller,
  hall: Hall,
  { queue, since, arrivedAt, returnsTo }: Waits,
): Promise<{ ending: Ending | Choice | 'will be called back'; arrivedAt: number }> {
  using place = hall.desk.enter(caller, {
    queue: queue.name,
    priority: caller.call.priority,
    isClosed: !hall.localTime.isOpen(queue.calendar, hall.clock.now()),
    ...(since !== undefined && { since }),
    ...(arrivedAt !== undefined && { arrivedAt }),
    returnsTo,
  })
  // A phone that has rung for him since before a restart may be offered him.
  hall.directRings.endedFor(caller.call.id)
  using _music = caller.playOnHold(queue.music)
  void raise(caller, hall, place)

  const first = await firstOf(caller.signal, {
    ended: (signal) => place.ended(signal),
    chosen: (signal) => hearKeys(caller, hall, place, signal),
    async told(signal) {
      if (returnsTo !== undefined) await caller.sayUntil(signal, words.calledBack)
      return await tellWhereHeStands(caller, hall, queue, place, signal)
    },
  })
  const { value: ending } = first
  const { arrivedAt: arrived } = place
  if (first.won !== 'chosen') return { ending, arrivedAt: arrived }
  if (ending.is === 'call-back' && (await arrangeCallBack(caller, hall, place, queue.name)))
    return { ending: 'will be called back', arrivedAt: arrived }
  place.leave(goalOf(first.value))
  return { ending, arrivedAt: arrived }
}

function goalOf(choice: Choice): string {
  if (choice.is === 'call-back') return choice.is
  return choice.is === 'place' ? choice.to : choice.extension
}

/** Nobody waits for what the dispatch program says; when it speaks, he moves up. */
async function raise(caller: Caller, hall: Hall, place: PlaceInQueue) {
  const priority = await hall.priorityOf(caller)
  if (priority !== caller.call.priority && !caller.signal.aborted) place.prioritise(priority)
}

async function talk(
  caller: Caller,
  { desk }: Hall,
  { partner, operator }: Extract<Ending, { is: 'answered' }>,
) {
  try {
    await caller.talkTo(partner)
  } finally {
    desk.tell({ name: 'operator-moved', operator, move: { name: 'talk-over', call: caller.call.id } })
  }
}

async function goOn(
  caller: Caller,
  hall: Hall,
  { to, because }: Extract<Ending, { is: 'sent' }>,
  arrivedAt: number,
): Promise<Waits | undefined> {
  if (to !== undefined) return await goTo(caller, hall, to, { because, arrivedAt })
  if (because === 'closed') {
    await caller.say(words.closed)
    caller.served('heard that we are closed')
    return undefined
  }
  await caller.say(words.nobodyFree)
  await caller.release(because)
  return undefined
}

/** Another queue of ours, where his whole wait counts, or any other place. */
async function goTo(
  caller: Caller,
  { queueNamed }: Hall,
  to: string,
  about: { because: string; arrivedAt: number },
): Promise<Waits | undefined> {
  const queue = queueNamed(to)
  if (queue) return { queue, ...about }
  await caller.transferTo(to, about.because)
  return undefined
}

const ringExtensionFor = 20

async function talkToExtension(caller: Caller, { roster }: Hall, extension: string): Promise<boolean> {
  const whose = roster.list().find((each) => each.extension === extension)
  if (whose?.state.is === 'ready') {
    using music = caller.playOnHold()
    const partner = await caller.reach({ phones: [extension], ringFor: ringExtensionFor, show: 'caller' })
    if (partner) {
      music[Symbol.dispose]()
      await caller.talkTo(partner)
      return true
    }
  }
  await caller.say(words.notThere)
  return false
}

async function hearKeys(
  caller: Caller,
  hall: Hall,
  place: PlaceInQueue,
  signal: AbortSignal,
): Promise<Choice> {
  for (;;) {
    const choice = await hearChoice(caller, hall, signal)
    if (choice.is !== 'repeat') return choice
    place.repeat()
  }
}

/** Once at the beginning and twice more. */
const offersAtMost = 3

/** To whom it pays: who waits long, or nobody can say how long. */
function callBackOffer(
  { wait, isAnybodyHere, isLate, isRinging }: Announcement,
  { keys, callBack }: Settings,
): Saying | undefined {
  const key = Object.keys(keys).find((each) => keys[each] === 'call-back')
  if (key === undefined || isRinging) return undefined
  const isLong = wait === 'longer' || (wait !== undefined && wait >= callBack.offerFrom)
  return isLong || isLate || !isAnybodyHere ? words.offerCallBack({ key }) : undefined
}

/** Never settles by itself: there is always something more to tell. */
async function tellWhereHeStands(
  caller: Caller,
  hall: Hall,
  queue: QueueSettings,
  place: PlaceInQueue,
  signal: AbortSignal,
): Promise<never> {
  let offers = 0
  for (;;) {
    const announcement = await place.announcement(signal)
    const hour = Math.floor(hall.localTime.at(hall.clock.now()).time / 3_600_000)
    const sayings = sayingsFor(announcement, queue, hour)
    const offer = offers < offersAtMost && callBackOffer(announcement, hall.settings)
    if (offer) {
      sayings.push(offer)
      offers += 1
    }
    if (sayings.length > 0) await caller.sayUntil(signal, ...sayings)
  }
}

function sayingsFor(announcement: Announcement, queue: QueueSettings, hour: number): Saying[] {
  const step = queue.announcements[Math.min(announcement.step, queue.announcements.length - 1)]
  return (step?.say ?? []).flatMap((what) => {
    if (what === 'greeting') return [words.greeting({ hour })]
    // Whom a phone rings for already is not told to wait.
    if (announcement.isRinging) return []
    if (what === 'busy') return announcement.isAnybodyHere ? [words.everyoneBusy] : []
    if (what === 'position') return [words.position(announcement)]
    return waitIn(announcement)
  })
}

function waitIn({ wait, isLate, isAnybodyHere }: Announcement): Saying[] {
  if (!isAnybodyHere) return [words.backSoon]
  if (wait === 'longer') return [words.longWait]
  if (wait !== undefined) return [words.wait({ seconds: wait })]
  return isLate ? [words.stillBusy] : []
}
