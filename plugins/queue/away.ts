/** The places of those who hung up and are called back: they stand in line like the others, with nobody to talk to. */
import type { Moment } from '#core/schema.ts'
import { announcementAt, placeOf } from './announcing.ts'
import type { Decision } from './engine-words.ts'
import type { Waiting, WaitingQueue } from './waiting-queue.ts'

/** Milliseconds. */
export interface CallBackRules {
  /** So long before his turn a client is rung: what it takes him to answer, and a little. */
  ahead: number
  /** So long at most an operator waits for him. */
  reserveFor: number
}

export const callBackRules: CallBackRules = { ahead: 25_000, reserveFor: 20_000 }

export interface AwayPlaces {
  /** Somebody is away now. */
  add(entry: Waiting): void
  forget(entry: Waiting): void
  /** Rings those whose turn is near. */
  callAhead(now: Moment, out: Decision[]): void
  /** Rings him now, unless he is rung already. */
  call(entry: Waiting, out: Decision[]): void
  /** He is on the line: whoever was kept for him is asked now. */
  back(entry: Waiting, call: string, now: Moment, out: Decision[]): void
}

export function openAwayPlaces(parts: {
  ahead: number
  queueOf(entry: Waiting): WaitingQueue
  atWork(queue: WaitingQueue, now: Moment): number
}): AwayPlaces {
  const uncalled = new Set<Waiting>()

  function call(entry: Waiting, out: Decision[]) {
    if (!entry.away || entry.away.isCalled) return
    entry.away.isCalled = true
    uncalled.delete(entry)
    out.push({ do: 'call-back', entry: entry.id })
  }

  return {
    call,
    forget: (entry) => void uncalled.delete(entry),
    add(entry) {
      if (entry.away && !entry.away.isCalled) uncalled.add(entry)
    },

    callAhead(now, out) {
      for (const entry of uncalled) {
        const queue = parts.queueOf(entry)
        const expected = queue.estimate(placeOf(entry, queue), parts.atWork(queue, now), now)
        if (expected && expected.mean * 1_000 <= parts.ahead) call(entry, out)
      }
    },

    back(entry, call, now, out) {
      const { rules } = parts.queueOf(entry)
      uncalled.delete(entry)
      entry.away = undefined
      entry.hasReturned = true
      entry.call = call
      entry.holdsSince = now
      entry.deadline = now + rules.maximumWait
      while (announcementAt(entry, rules) <= now) entry.announced += 1
      entry.dueAt = now
      for (const [operator, offer] of entry.offers) {
        Object.assign(offer, { since: now, until: now + rules.ringFor })
        out.push({ do: 'offer', entry: entry.id, operator, ringFor: rules.ringFor })
      }
    },
  }
}
