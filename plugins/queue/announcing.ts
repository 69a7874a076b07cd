/** What a waiting caller may be told of his wait, and when. */
import type { Moment } from '#core/schema.ts'
import type { Decision, QueueRules } from './engine-words.ts'
import { type SpokenWait, sayable } from './expected-wait.ts'
import { promiseOf, type Waiting, type WaitingQueue } from './waiting-queue.ts'

/** Whom a phone rings for already is as good as served. */
export function placeOf(entry: Waiting, { line }: WaitingQueue) {
  const before = line.ahead(entry)
  let ahead = 0
  for (let place = 0; place < before; place += 1) if (line.entries[place]?.offers.size === 0) ahead += 1
  return { ahead, base: entry.base }
}

/** Whoever is not offered at once will wait: how long is compared later with what came of it. */
export function estimateOnEntering(entry: Waiting, queue: WaitingQueue, atWork: number, now: Moment): void {
  if (entry.offers.size > 0 || entry.away || entry.hasReturned) return
  const expected = queue.estimate(placeOf(entry, queue), atWork, now)
  if (expected) entry.estimate = { mean: expected.mean, promise: promiseOf(expected, queue.knowledge) }
}

export function announce(
  entry: Waiting,
  queue: WaitingQueue,
  atWork: number,
  now: Moment,
  out: Decision[],
): void {
  const { rules } = queue
  if (announcementAt(entry, rules) > now) return
  const step = entry.announced
  while (announcementAt(entry, rules) <= now) entry.announced += 1
  const isRinging = entry.offers.size > 0
  const { promisedAt } = entry
  const wait = waitToSay(entry, queue, atWork, now)
  if (wait === 'longer') entry.promisedAt = Number.POSITIVE_INFINITY
  else if (wait !== undefined)
    entry.promisedAt = Math.min(promisedAt ?? Number.POSITIVE_INFINITY, now + wait * 1_000)
  out.push({
    do: 'announce',
    entry: entry.id,
    step,
    position: queue.line.ahead(entry) + 1,
    ...(wait !== undefined && { wait }),
    isLate: promisedAt !== undefined && !isRinging && wait === undefined,
    isRinging,
  })
}

/** What may be said of his wait now; a phone that rings for him is no wait worth a number. */
export function waitToSay(
  entry: Waiting,
  queue: WaitingQueue,
  atWork: number,
  now: Moment,
): SpokenWait | undefined {
  const expected = entry.offers.size > 0 ? undefined : queue.estimate(placeOf(entry, queue), atWork, now)
  const left = entry.promisedAt === undefined ? undefined : (entry.promisedAt - now) / 1_000
  return sayable(expected && promiseOf(expected, queue.knowledge), left)
}

/** When he is told something next. */
export function announcementAt(entry: Waiting, { announceAt, announceEvery }: QueueRules): Moment {
  if (entry.away) return Number.POSITIVE_INFINITY
  const planned = announceAt[entry.announced]
  if (planned !== undefined) return entry.enteredAt + planned
  if (announceEvery === undefined) return Number.POSITIVE_INFINITY
  const further = entry.announced - announceAt.length + 1
  return entry.enteredAt + (announceAt.at(-1) ?? 0) + further * announceEvery
}
