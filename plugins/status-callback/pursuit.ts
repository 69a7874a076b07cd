/** One notice from its plan to its end: a line of time that a restart takes up where it was. */
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { TurnToRing } from '#core/calls/turns-to-ring.ts'
import type { Clock } from '#core/clock.ts'
import type { Services } from '#core/plugin.ts'
import type { Order } from '#core/ports/dispatch.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import type { Look, Ready } from './look.ts'
import type { Notices } from './notices.ts'
import { type Result, toProgress, toResult } from './results.ts'
import { isSameCar, pauseAfter, type Rule } from './rules.ts'
import { type News, toNews } from './sentence.ts'
import type { Notice, Try } from './tables.ts'
import type { Talks } from './talks.ts'
import type { WriteBack } from './write-back.ts'

export interface PursuitParts {
  bus: CallBus
  calls: Services['calls']
  clock: Clock
  look: Look
  notices: Notices
  place: string
  talks: Talks
  voice: Services['voice']
  writeBack: WriteBack
}

/** Why nobody is to be called any more: the order has moved on, or a person said so. */
export class MovedOn extends Error {
  override readonly name = 'MovedOn'
}

type ReadyToRing = Ready & { news: News; turn: TurnToRing }

interface Ended {
  result: Result
  because: string
}

/** Older than this an order is read again before somebody is rung about it. */
const freshFor = 500
/** Sentences are found on the disk the second time; who still cannot speak in time is no neighbour of ours. */
const looksAtMost = 3

/** Keeps the notice it is given as it is on the disk. Rejects only when the signal aborts with something else than `MovedOn`, or when the disk fails. */
export async function pursue(
  notice: Notice,
  rule: Rule,
  parts: PursuitParts,
  stop: AbortSignal,
): Promise<void> {
  const { bus, calls, clock, look, notices, talks, voice, writeBack } = parts
  let progress: Promise<void> = Promise.resolve()

  async function change(next: Partial<Pick<Notice, 'stage' | 'next_at' | 'expires_at'>>) {
    Object.assign(notice, next)
    await notices.set(notice.id, next)
  }

  function report(word: 'accepted' | 'started' | ReturnType<typeof toProgress>, told: Order | undefined) {
    const { order_id: order } = notice
    if (order === null) return
    const about = { order, progress: word, ...(told && { stateId: told.state.id }) }
    progress = progress.then(() => writeBack.report(roundOf(notice), about, closing(stop)))
    progress.catch(() => undefined)
  }

  function tell(attempt: Try | undefined, { result, because }: Ended, nextAt?: number) {
    bus.publish('order.client-called', {
      ...(notice.order_id === null ? {} : { order: notice.order_id }),
      ...(attempt && { call: attempt.call }),
      rule: rule.name,
      attempt: attempt?.attempt ?? 0,
      result,
      because: because.slice(0, 500),
      by: notice.by,
      ...(nextAt === undefined ? {} : { nextAt }),
    })
  }

  /** Until somebody can be rung about it, or it is known that nobody is to be. */
  async function ready(): Promise<ReadyToRing | Ended> {
    for (let looks = 0; looks < looksAtMost; ) {
      stop.throwIfAborted()
      if (notice.next_at > clock.now()) await clock.sleep(notice.next_at - clock.now(), stop)
      // Whoever waits in line waits before he looks, or what he says would be old.
      using turns = new DisposableStack()
      const turn = turns.use(await calls.turnToRing(stop, notice.is_urgent === 1))
      const seen = await look(notice, rule, stop)
      if ('result' in seen) return seen
      if ('waitUntil' in seen) {
        await change({
          next_at: seen.waitUntil,
          expires_at: notice.expires_at + seen.waitUntil - clock.now(),
        })
        continue
      }
      if (notice.stage === null && seen.order) await change({ stage: seen.order.stage })
      const news = toNews(rule, seen.order)
      const begun = clock.now()
      const { language } = calls.lineOf(seen.line)
      // Whoever answers hears the first word at once, because nothing is left to be made then.
      for (const saying of news.sayings) await voice.speak(saying, language, stop)
      if (clock.now() - begun <= freshFor) {
        turns.move()
        return { ...seen, news, turn }
      }
      looks += 1
    }
    return { result: 'line_error', because: 'the sentences were not made in time' }
  }

  async function ring(mine: Try, isFirst: boolean, { line, order, news, turn }: ReadyToRing): Promise<Ended> {
    using talk = talks.prepare(mine.call, talkOf(mine, news))
    if (isFirst) report('started', order)
    try {
      const errand = {
        id: mine.call,
        to: mine.phone,
        ...(line === undefined ? {} : { line }),
        place: parts.place,
        about: {
          ...(notice.order_id === null ? {} : { order: notice.order_id }),
          rule: rule.name,
          attempt: String(mine.attempt),
        },
        because: becauseOf(rule),
        ringFor: look.ringFor(rule, mine.phone),
      }
      return await settled(await calls.ring(errand, stop, turn), talk.result)
    } catch (thrown) {
      if (stop.reason instanceof MovedOn) return { result: 'cancelled', because: stop.reason.message }
      throw stop.aborted ? stop.reason : thrown
    }
  }

  async function settled(
    outcome: Awaited<ReturnType<typeof calls.ring>>,
    talked: Promise<Result>,
  ): Promise<Ended> {
    if (outcome === 'answered')
      return { result: await unlessAborted(talked, closing(stop)), because: 'answered' }
    if (outcome === 'cancelled' && stop.reason instanceof MovedOn)
      return { result: 'cancelled', because: stop.reason.message }
    return { result: toResult(outcome), because: outcome }
  }

  const talkOf = (mine: Try, news: News) => ({
    news,
    because: becauseOf(rule),
    order: notice.order_id ?? undefined,
    level: mine.level,
  })

  /** What came of a call that an earlier life of ours has begun; `undefined` when nobody was rung. */
  async function takeUp(mine: Try): Promise<Ended | undefined> {
    const told = mine.told === null ? undefined : (JSON.parse(mine.told) as Order)
    using talk = talks.prepare(mine.call, talkOf(mine, toNews(rule, told)))
    const over = new AbortController()
    const gone = AbortSignal.any([stop, over.signal])
    const looking = look.moved(notice, rule, gone).then((because) => {
      if (because !== undefined) over.abort(new MovedOn(because))
    })
    looking.catch(() => undefined)
    try {
      const outcome = await unlessAborted(calls.outcomeOf(mine.call, gone), closing(stop))
      if (outcome === undefined) return undefined
      if (outcome === 'answered' && (await notices.hasEnded(mine.call))) talks.find(mine.call)?.over()
      if (outcome !== 'answered' && gone.reason instanceof MovedOn)
        return { result: 'cancelled', because: gone.reason.message }
      return await settled(outcome, talk.result)
    } finally {
      over.abort(new Error('it is known what came of it'))
    }
  }

  /** One try; how it ended is on the disk, and whether another one follows. */
  async function attempt(begun: Try | undefined): Promise<Ended | 'again'> {
    const before = (await notices.triesOf(notice.id)).filter(({ call }) => call !== begun?.call)
    let mine = begun
    let ended = begun && (await takeUp(begun))
    if (!ended) {
      const seen = await ready().catch((thrown: unknown): Ended => {
        if (stop.reason instanceof MovedOn) return { result: 'cancelled', because: stop.reason.message }
        throw stop.aborted ? stop.reason : thrown
      })
      if ('result' in seen) ended = seen
      else {
        using _turn = seen.turn
        mine ??= await notices.beginTry((before.at(-1)?.attempt ?? 0) + 1, toTry(seen))
        ended = await ring(mine, !before.some((each) => isOfThisRound(each, notice)), seen)
      }
    }
    return await note(mine, ended, before)
  }

  const toTry = ({ car, line, order, phone }: Ready) => ({
    notice: notice.id,
    phone,
    line: line ?? null,
    car,
    told: order ? JSON.stringify(order) : null,
  })

  async function note(mine: Try | undefined, ended: Ended, before: readonly Try[]): Promise<Ended | 'again'> {
    const { result } = ended
    const ofThisCar = before.filter(({ car }) => isSameCar(car, mine?.car ?? ''))
    const pause =
      mine || result === 'line_error'
        ? pauseAfter(result, [...ofThisCar, { car: '', result }], rule)
        : undefined
    const nextAt = pause === undefined ? undefined : clock.now() + pause
    const follows = nextAt === undefined ? { result } : { next_at: nextAt }
    if (mine) await notices.endTry(mine, result, follows)
    else await notices.set(notice.id, follows)
    if (mine || before.length > 0 || notice.is_asked) tell(mine, ended, nextAt)
    if (nextAt === undefined) return ended
    notice.next_at = nextAt
    return 'again'
  }

  /** The result is on the disk; what follows from it is done once. */
  async function finish(result: Result): Promise<void> {
    const last = (await notices.triesOf(notice.id)).at(-1)
    if (!last && !notice.is_asked) return await notices.remove(notice.id)
    const told = last?.told ? (JSON.parse(last.told) as Order) : undefined
    if (result !== 'cancelled' || notice.is_asked) {
      // An earlier life may have died before it was told; told after the end it would say that we ring still.
      if (last && isOfThisRound(last, notice)) report('started', told)
      report(toProgress(result), told)
    }
    await progress
    const to = rule.moves[result]
    if (to !== undefined && notice.order_id !== null && last && isOfThisRound(last, notice)) {
      const since = [told?.stage ?? notice.stage ?? '', rule.on]
      await writeBack.move(
        roundOf(notice),
        { order: notice.order_id, to, since, call: last.call },
        closing(stop),
      )
    }
    await notices.close(notice.id, result)
  }

  if (notice.result) return await finish(notice.result)
  if (notice.is_asked) report('accepted', undefined)
  let left = (await notices.triesOf(notice.id)).find(({ result }) => result === null)
  for (;;) {
    const ended = await attempt(left)
    if (ended !== 'again') return await finish(ended.result)
    left = undefined
  }
}

/** The same news of another car is told, and written back, by itself. */
function roundOf({ id, created_at: since }: Notice): string {
  return `${id}:${since}`
}

function isOfThisRound({ at }: Try, { created_at: since }: Notice): boolean {
  return at >= since
}

/** An order that has moved on stops calls, not what is to be told of them. */
function closing(stop: AbortSignal): AbortSignal {
  const closes = new AbortController()
  const follow = () => {
    if (!(stop.reason instanceof MovedOn)) closes.abort(stop.reason)
  }
  if (stop.aborted) follow()
  else stop.addEventListener('abort', follow, { once: true })
  return closes.signal
}

function becauseOf({ name }: Rule): string {
  return `to tell: ${name}`
}
