import type { LocalTime } from '#core/calendar.ts'
import type { Clock } from '#core/clock.ts'
import { type Caller, firstOf, type Saying, type Services } from '#core/plugin.ts'
import type { Announcement, Desk, Ending, PlaceInQueue } from './desk.ts'
import type { Roster } from './roster.ts'
import type { QueueSettings, Settings } from './settings.ts'
import { words } from './words.ts'

export interface Waits {
  queue: QueueSettings
  because?: string
  /** When he entered this queue, kept over a restart. */
  since?: number
  /** When he began to wait, in whichever queue. */
  arrivedAt?: number
}

export interface Hall {
  desk: Desk
  clock: Clock
  localTime: LocalTime
  places: Services['places']
  roster: Roster
  settings: Settings
  queueNamed(name: string): QueueSettings | undefined
  /** What the caller is worth when more is known of him. */
  priorityOf(caller: Caller): Promise<number>
}

type Choice = { is: 'place'; to: string } | { is: 'extension'; extension: string }

/** From the queue he came to, through those he is sent to, until somebody talks to him or nobody can. */
export async function waitInQueue(caller: Caller, hall: Hall, first: Waits): Promise<void> {
  await caller.answer()
  for (let next: Waits | undefined = first; next; ) next = await stayIn(caller, hall, next)
}

async function stayIn(caller: Caller, hall: Hall, waits: Waits): Promise<Waits | undefined> {
  caller.waitsAt(waits.queue.name, waits.because)
  const { ending, arrivedAt } = await waitHere(caller, hall, waits)
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
  }
}

async function waitHere(
  caller: Caller,
  hall: Hall,
  { queue, since, arrivedAt }: Waits,
): Promise<{ ending: Ending | Choice; arrivedAt: number }> {
  using place = hall.desk.enter(caller, {
    queue: queue.name,
    priority: caller.call.priority,
    isClosed: !hall.localTime.isOpen(queue.calendar, hall.clock.now()),
    ...(since !== undefined && { since }),
    ...(arrivedAt !== undefined && { arrivedAt }),
  })
  using _music = caller.playOnHold(queue.music)
  void raise(caller, hall, place)

  const first = await firstOf(caller.signal, {
    ended: (signal) => place.ended(signal),
    chosen: (signal) => hearKeys(caller, hall, place, signal),
    told: (signal) => tellWhereHeStands(caller, hall, queue, place, signal),
  })
  if (first.won === 'chosen') place.leave(first.value.is === 'place' ? first.value.to : first.value.extension)
  return { ending: first.value, arrivedAt: place.arrivedAt }
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

async function talkToExtension(caller: Caller, { roster, desk }: Hall, extension: string): Promise<boolean> {
  const operator = roster.operatorAt(extension)
  if (operator !== undefined)
    desk.tell({ name: 'operator-moved', operator, move: { name: 'paused', reason: 'rung directly' } })
  try {
    using music = caller.playOnHold()
    const partner = await caller.reach({ phones: [extension], ringFor: ringExtensionFor, show: 'caller' })
    if (partner) {
      music[Symbol.dispose]()
      await caller.talkTo(partner)
      return true
    }
  } finally {
    if (operator !== undefined) desk.tell({ name: 'operator-moved', operator, move: { name: 'ready' } })
  }
  await caller.say(words.notThere)
  return false
}

/** Digits that belong to one extension come within so many milliseconds of each other. */
const between = 4_000

async function hearKeys(
  caller: Caller,
  { clock, roster, settings }: Hall,
  place: PlaceInQueue,
  signal: AbortSignal,
): Promise<Choice> {
  let typed = ''
  let lastAt = 0
  for (;;) {
    const key = await caller.nextKey(signal)
    const at = clock.now()
    if (at - lastAt > between) typed = ''
    lastAt = at
    typed += key
    const wanted = roster.list().find(({ extension }) => extension === typed)
    if (settings.dialExtensions && wanted && isFree(wanted.state.is))
      return { is: 'extension', extension: typed }
    const action = typed.length === 1 ? settings.keys[key] : undefined
    if (action === 'repeat') place.repeat()
    else if (action !== undefined) return { is: 'place', to: action }
    if (action !== undefined || typed.length > 8) typed = ''
  }
}

const isFree = (state: string) => state === 'ready'

/** Never settles by itself: there is always something more to tell. */
async function tellWhereHeStands(
  caller: Caller,
  hall: Hall,
  queue: QueueSettings,
  place: PlaceInQueue,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    const announcement = await place.announcement(signal)
    const hour = Math.floor(hall.localTime.at(hall.clock.now()).time / 3_600_000)
    const sayings = sayingsFor(announcement, queue, hour)
    if (sayings.length > 0) await caller.sayUntil(signal, ...sayings)
  }
}

export function sayingsFor(announcement: Announcement, queue: QueueSettings, hour: number): Saying[] {
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
