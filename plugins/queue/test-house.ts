/** An engine that a test tells one thing after another. */
import assert from 'node:assert/strict'
import { openEngine } from './engine.ts'
import type { Decision, NewEntry, QueueEvent, QueueRules } from './engine-words.ts'

const day = 24 * 3_600_000
export const noon = day / 2

export function rules(about: Partial<QueueRules> = {}): QueueRules {
  return {
    name: 'main',
    strategy: { is: 'longest_idle' },
    members: ['a', 'b', 'c'].map((operator) => ({ operator, rank: 1, weight: 1 })),
    needs: {},
    ringFor: 15_000,
    wrapUp: 0,
    targetWait: 20_000,
    aging: 0,
    maximumWait: 600_000,
    maximumLength: 1_000,
    needsSomebody: false,
    announceAt: [],
    missesAtMost: 2,
    idleFrom: 'wrap_up_end',
    expectedHandleTime: 60_000,
    ...about,
  }
}

/** Time passes only when told. */
export function openTestHouse(...queues: QueueRules[]) {
  return openHouse(queues, false)
}

/** Whoever talks may be offered one more. */
export function openHouseWithSecondLines(...queues: QueueRules[]) {
  return openHouse(queues, true)
}

function openHouse(queues: readonly QueueRules[], secondLine: boolean) {
  const ids = new Set(queues.flatMap(({ members }) => members.map(({ operator }) => operator)))
  const engine = openEngine({
    queues,
    operators: [...ids].map((id) => ({ id, skills: skillsOf(id), secondLine })),
    dayOf: (now) => ({ from: now - (now % day), until: now - (now % day) + day }),
    now: noon,
  })
  let now = noon
  let heard: Decision[] = []

  const tell = (event: QueueEvent) => {
    heard = engine.handle(event, now)
    return heard
  }
  return {
    engine,
    tell,
    get now() {
      return now
    },
    signIn: (...operators: string[]) => {
      for (const operator of operators)
        tell({ name: 'operator-moved', operator, move: { name: 'signed-in' } })
    },
    enter: (id: string, about: Partial<NewEntry> = {}) =>
      tell({
        name: 'entered',
        entry: { id, call: id, queue: 'main', base: 0, arrivedAt: now, enteredAt: now, ...about },
      }),
    answer: (entry: string, operator: string) => tell({ name: 'offer-answered', entry, operator }),
    hangUp: (call: string, operator: string) =>
      tell({ name: 'operator-moved', operator, move: { name: 'talk-over', call } }),
    /** Lets time pass, alarm by alarm; everything decided meanwhile. */
    pass(seconds: number) {
      const until = now + seconds * 1_000
      const all: Decision[] = []
      for (let next = engine.nextAlarm(); next !== undefined && next <= until; next = engine.nextAlarm()) {
        assert.ok(next >= now)
        now = Math.max(now, next)
        all.push(...tell({ name: 'ticked' }))
      }
      now = until
      heard = [...all, ...tell({ name: 'ticked' })]
      return heard
    },
    rung: (decisions = heard) =>
      decisions.flatMap((each) => (each.do === 'offer' ? [`${each.entry}→${each.operator}`] : [])),
    told: (what: Decision['do'], decisions = heard) => decisions.filter((each) => each.do === what),
  }
}

const skillsOf = (id: string): Record<string, number> => ({
  english: { a: 3, b: 8, c: 5 }[id] ?? 0,
})
