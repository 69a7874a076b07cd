/** What a waiting caller may be told of his wait, and when. */
import type { Moment } from '#core/schema.ts'
import type { Decision, QueueRules } from './engine-words.ts'
import { sayable } from './expected-wait.ts'
import { promiseOf, type Waiting, type WaitingQueue } from './waiting-queue.ts'

/** Whom a phone rings for already is as good as served. */
function placeOf(entry: Waiting, { line }: WaitingQueue) {
  const before = line.ahead(entry)
  let ahead = 0
  for (let place = 0; place < before; place += 1) if (line.entries[place]?.offers.size === 0) ahead += 1
  return { ahead, base: entry.base }
}

/** Whoever is not offered at once will wait: how long is compared later with what came of it. */
export function estimateOnEntering(entry: Waiting, queue: WaitingQueue, atWork: number, now: Moment): void {
  if (entry.offers.size > 0) return
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
  // A phone that rings for him is no wait worth a number.
  const isRinging = entry.offers.size > 0
  const expected = isRinging ? undefined : queue.estimate(placeOf(entry, queue), atWork, now)
  const { promisedAt } = entry
  const left = promisedAt === undefined ? undefined : (promisedAt - now) / 1_000
  const wait = sayable(expected && promiseOf(expected, queue.knowledge), left)
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

/** When he is told something next. */
export function announcementAt(entry: Waiting, { announceAt, announceEvery }: QueueRules): Moment {
  const planned = announceAt[entry.announced]
  if (planned !== undefined) return entry.enteredAt + planned
  if (announceEvery === undefined) return Number.POSITIVE_INFINITY
  const further = entry.announced - announceAt.length + 1
  return entry.enteredAt + (announceAt.at(-1) ?? 0) + further * announceEvery
}
