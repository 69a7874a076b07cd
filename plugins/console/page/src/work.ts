/** Operators, queues and talks on the screen now, as far as whoever is signed in may see them. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { ApiError, type Stamped } from './api.ts'
import { type Follower, isThere, may, me, mind } from './board.ts'
import { offeredTo, withOffer, withOperator, withStage } from './floor.ts'
import { keptFresh } from './kept-fresh.ts'
import { now } from './time.ts'
import { show, view } from './view.ts'
import {
  type Card,
  type Day,
  work as house,
  type Operator,
  type Parked,
  type Queue,
  type Talk,
} from './work-api.ts'

export const operators = signal<readonly Operator[]>([])
export const pauseReasons = signal<readonly string[]>([])
export const queues = signal<readonly Queue[]>([])
export const talks = signal<readonly Talk[]>([])
export const parked = signal<readonly Parked[]>([])
export const day = signal<Day | undefined>(undefined)

/** Whoever is signed in, if he takes calls. */
export const mine = computed(() => {
  const who = me.value
  return typeof who === 'object' ? operators.value.find(({ user }) => user === who.name) : undefined
})

const ownTalks = computed(() => talks.value.filter(({ with: phone }) => phone === mine.value?.extension))

/** The talk in which his phone is; of two the one he took last. */
export const myTalk = computed(() => {
  const phone = mine.value?.extension
  if (phone === undefined) return undefined
  return (
    ownTalks.value.find(({ call }) => call === mine.value?.call) ??
    ownTalks.value[0] ??
    talks.value.find(({ others }) => others.some((each) => each.phone === phone && isSpeaker(each.as)))
  )
})

/** The talk on the other line of his phone. */
export const otherTalk = computed(() => ownTalks.value.find((talk) => talk !== myTalk.value))

const isSpeaker = (as: string) => as === 'consulted' || as === 'conference'

/** What he wraps up is the call of before. */
const lastCall = signal<string | undefined>(undefined)

effect(() => {
  const call = mine.value?.call
  if (call !== undefined) lastCall.value = call
})

export const myCall = computed(() => {
  const him = mine.value
  if (him?.state === 'ringing') return offeredTo(him.id, queues.value)
  if (him?.state === 'wrap_up') return lastCall.value
  return myTalk.value?.call ?? (him?.state === 'talking' ? him.call : undefined)
})

/** Whom his second line rings for. */
export const secondCall = computed(() => {
  const him = mine.value
  return him?.state === 'talking' ? offeredTo(him.id, queues.value) : undefined
})

export const hasDesk = computed(() => mine.value !== undefined && may('operators.move'))
export const hasFloor = computed(() => may('talks.supervise') && may('queues.read'))

const maySeeQueues = () => isThere('queue') && may('queues.read')
const maySeeTalks = () => isThere('talk-control') && may('talks.control')
export const refreshOperators = refreshing(maySeeQueues, house.operators, operators, {
  movedOn: withOperator,
})
const refreshPauseReasons = refreshing(maySeeQueues, house.pauseReasons, pauseReasons)
const refreshQueues = refreshing(maySeeQueues, house.queues, queues, {
  atMostEvery: 1_000,
  movedOn: withOffer,
})
const refreshParked = refreshing(maySeeTalks, house.parked, parked)
export const refreshTalks = refreshing(maySeeTalks, house.talks, talks)

const refreshDay = keptFresh(async () => {
  const him = mine.peek()
  if (!him) return
  const until = now.peek()
  const found = await house.days(new Date(until).setHours(0, 0, 0, 0), until)
  day.value = found.find(({ operator }) => operator === him.id)
}, 2_000)

/** What is told while an answer is on its way may be news to it. */
const underWay = new Set<Stamped[]>()

async function upToDate<Answer>(
  ask: () => Promise<Answer>,
  movedOn: (answer: Answer, fact: Stamped) => Answer,
): Promise<Answer> {
  const told: Stamped[] = []
  underWay.add(told)
  try {
    return told.reduce(movedOn, await ask())
  } finally {
    underWay.delete(told)
  }
}

/** What is not there, or not for him, stays empty. */
export function refreshing<List>(
  mayAsk: () => boolean,
  ask: () => Promise<List>,
  into: Signal<List>,
  {
    atMostEvery = 100,
    movedOn = (list) => list,
  }: { atMostEvery?: number; movedOn?: (list: List, fact: Stamped) => List } = {},
): () => void {
  const refresh = keptFresh(async () => {
    try {
      into.value = await upToDate(ask, movedOn)
    } catch (thrown) {
      if (thrown instanceof ApiError) mind(thrown)
    }
  }, atMostEvery)
  return () => {
    if (mayAsk()) refresh()
  }
}

/** Who is on the line in this call and why. */
function followedCard(of: ReadonlySignal<string | undefined>) {
  const card = signal<Card | undefined>(undefined)

  async function askFor(call: string): Promise<void> {
    const answer = await upToDate(() => house.card(call), withStage).catch(() => undefined)
    if (answer && of.peek() === call) card.value = answer
  }

  effect(() => {
    const call = of.value
    if (call === undefined || !may('talks.control')) card.value = undefined
    else if (card.peek()?.call !== call) {
      card.value = undefined
      void askFor(call)
    }
  })

  return {
    card,
    fact(fact: Stamped) {
      const known = card.peek()
      if (known) card.value = withStage(known, fact)
      if (fact.name === 'call.identified' || fact.name === 'call.about-order') {
        if (fact.data.call === of.peek()) void askFor(fact.data.call)
      }
    },
  }
}

const mainCard = followedCard(myCall)
const sideCard = followedCard(secondCall)
export const { card } = mainCard
export const secondCard = sideCard.card

export const followWork: Follower = {
  opened() {
    for (const refresh of [refreshOperators, refreshPauseReasons, refreshQueues, refreshTalks, refreshParked])
      refresh()
  },

  fact(fact) {
    const him = mine.peek()
    for (const told of underWay) told.push(fact)
    operators.value = withOperator(operators.peek(), fact)
    queues.value = withOffer(queues.peek(), fact)
    const isFloor = view.peek() === 'floor'
    if (isFloor && fact.name.startsWith('queue.')) refreshQueues()
    if (isFloor && fact.name.startsWith('alarm.')) refreshOperators()
    if (fact.name === 'call.parked' || fact.name === 'call.picked-up' || isOfParked(fact)) refreshParked()
    if (changesTalk.has(fact.name) && (isFloor || isMine(fact, him))) refreshTalks()
    if (fact.name === 'operator.changed' && fact.data.operator === him?.id) moved(him)
    // On a second line his state does not change by it.
    if (fact.name === 'call.operator-missed' && fact.data.operator === him?.extension) refreshQueues()
    for (const each of [mainCard, sideCard]) each.fact(fact)
  },

  left() {
    for (const list of [operators, pauseReasons, queues, talks, parked]) list.value = []
    day.value = lastCall.value = undefined
    for (const each of [mainCard, sideCard]) each.card.value = undefined
  },
}

function moved(was: Operator): void {
  refreshTalks()
  if (was.state === 'talking') refreshDay()
}

const changesTalk: ReadonlySet<string> = new Set([
  'call.talking',
  'call.talk-ended',
  'call.held',
  'call.unheld',
  'call.joined',
  'call.left',
  'call.transferred',
  'call.operator-missed',
  'call.ended',
])

function isMine({ data }: Stamped, him: Operator | undefined): boolean {
  const phones = ['with' in data && data.with, 'phone' in data && data.phone]
  if (him?.extension !== undefined && phones.includes(him.extension)) return true
  return 'call' in data && talks.peek().some(({ call }) => call === data.call)
}

function isOfParked({ name, data }: Stamped): boolean {
  return name === 'call.ended' && parked.peek().some(({ call }) => call === data.call)
}

/** The floor is looked at as a whole when it is opened, the desk with its day. */
effect(() => {
  if (view.value === 'floor' && hasFloor.value) followWork.opened()
  if (view.value === 'desk' && hasDesk.value) refreshDay()
})

/** Operators begin at their desk. */
let hasBegun = false
effect(() => {
  const who = me.value
  if (hasBegun || !hasDesk.value || typeof who !== 'object') return
  hasBegun = true
  if (who.role === 'operator' && location.hash === '') show('desk')
})
