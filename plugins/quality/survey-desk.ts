/** Clients are rung after their trips: each plan is a line of time that a restart takes up where it was. */
import type { Logger } from 'pino'
import { withDeadline } from '#core/asking/deadline.ts'
import type { LocalTime } from '#core/calendar.ts'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import { openTurns } from '#core/in-turn.ts'
import type { Services } from '#core/plugin.ts'
import type { Moment, OrderId, Phone } from '#core/schema.ts'
import { isCounted, isOurs, type Result, toResult } from './results.ts'
import type { Settings } from './settings.ts'
import { isChosen } from './share.ts'
import type { Surveys } from './surveys.ts'
import type { Survey, Try } from './tables.ts'
import type { Trips } from './trips.ts'

export interface SurveyDesk {
  /** A trip is over. */
  heardDone(order: OrderId): Promise<void>
  /** Somebody calls us: then we do not ring him. */
  heardCaller(phone: Phone): void
  /** Takes up what an earlier life of ours began. */
  resume(): Promise<void>
  closed(): Promise<void>
}

const minute = 60_000
/** Nobody may be rung now: looked again after this. */
const lookAgainAfter = 10 * minute
/** What failed on our side, or he was calling us. */
const soon = 5 * minute
/** What broke is taken up again after so many milliseconds. */
const againAfter = 15_000
const identifyWithin = 5_000

type Look = { is: 'free' } | { is: 'wait' } | { is: 'over'; result: Result; because: string }

export function openSurveyDesk(parts: {
  bus: CallBus
  calls: Services['calls']
  clock: Clock
  dispatch: Services['dispatch']
  lineOf(phone: Phone): Promise<string | undefined>
  localTime: LocalTime
  log: Logger
  place: string
  reception: Pick<Services['reception'], 'objectionTo'>
  settings: Settings['afterTrip']
  signal: AbortSignal
  surveys: Surveys
  trips: Pick<Trips, 'find'>
}): SurveyDesk {
  const { bus, calls, clock, dispatch, localTime, log, settings, signal, surveys, trips } = parts
  const underWay = new Map<string, Promise<void>>()
  const ringing = new Map<Phone, AbortController>()
  /** One is rung at a time: callers need the lines more. */
  const turns = openTurns()

  function follow(survey: Survey) {
    if (underWay.has(survey.id) || signal.aborted) return
    underWay.set(
      survey.id,
      insist(survey).finally(() => underWay.delete(survey.id)),
    )
  }

  /** Whatever breaks, it goes on from what is on the disk. */
  async function insist(survey: Survey) {
    for (let at: Survey | undefined = survey; at?.state === 'open'; ) {
      try {
        if (at.next_at > clock.now()) await clock.sleep(at.next_at - clock.now(), signal)
        const { id } = at
        await turns.take('ring', () => attempt(id))
        at = await surveys.get(survey.id)
      } catch (thrown) {
        if (signal.aborted) return
        log.error(
          { survey: survey.id, reason: reasonOf(thrown), err: thrown },
          'A client could not be asked now',
        )
        await clock.sleep(againAfter, signal).catch(() => undefined)
        if (signal.aborted) return
      }
    }
  }

  /** One look and, when he may be rung, one try; how it ended is on the disk, and what follows. */
  async function attempt(id: string): Promise<void> {
    signal.throwIfAborted()
    const survey = await surveys.get(id)
    if (survey?.state !== 'open') return
    const tries = await surveys.triesOf(id)
    const begun = tries.find(({ result }) => result === null)
    const known = begun && (await calls.outcomeOf(begun.call, signal))
    if (begun && known !== undefined) return await note(survey, begun, toResult(known), tries)

    using turn = await calls.turnToRing(signal)
    const seen = await look(survey)
    if (seen.is === 'wait') return await surveys.set(id, { next_at: clock.now() + lookAgainAfter })
    if (seen.is === 'over') {
      await surveys.close(id, seen.result)
      return tell(survey, undefined, seen.result, { because: seen.because })
    }
    const mine = begun ?? (await surveys.beginTry(id, tries.length + 1))
    await note(survey, mine, await ring(survey, mine, turn), tries)
  }

  /** Immediately before each try: whether anything speaks against it. */
  async function look(survey: Survey): Promise<Look> {
    const { phone, expires_at } = survey
    const now = clock.now()
    if (now >= expires_at) return { is: 'over', result: 'too_late', because: 'the hours to ask him are over' }
    if (!localTime.isOpen(settings.calendar, now)) return { is: 'wait' }
    const objection = parts.reception.objectionTo(phone) ?? (await whatDispatchSays(phone))
    if (objection === 'unknown') return { is: 'wait' }
    if (objection !== undefined) return { is: 'over', result: 'unwanted', because: objection }
    if (calls.live().some(({ from }) => from === phone)) return { is: 'wait' }
    if (!(await surveys.claim(survey)))
      return { is: 'over', result: 'asked_lately', because: 'he was asked lately' }
    return { is: 'free' }
  }

  /** Why he is not to be rung; `unknown` while nobody can say. */
  async function whatDispatchSays(phone: Phone): Promise<string | undefined> {
    if (!dispatch.capabilities.has('identify')) return undefined
    const question = { clock, milliseconds: identifyWithin, request: 'who it is' }
    const asked = withDeadline(signal, question, (until) => dispatch.identify(phone, until))
    const card = await asked.catch((thrown: unknown) => {
      log.warn({ reason: reasonOf(thrown) }, 'Who a client is cannot be read now')
    })
    if (!card) return 'unknown'
    if (card.category === 'black') return 'black-listed by the dispatch program'
    if (card.isLocked) return 'locked by the dispatch program'
    return card.kind === 'driver' ? 'a driver' : undefined
  }

  async function ring({ id, order_id, phone }: Survey, { call }: Try, turn: Disposable): Promise<Result> {
    const line = settings.line ?? (await parts.lineOf(phone))
    const stop = new AbortController()
    ringing.set(phone, stop)
    try {
      const outcome = await calls.ring(
        {
          id: call,
          to: phone,
          ...(line !== undefined && { line }),
          place: parts.place,
          about: { survey: id, ...(order_id !== null && { order: order_id }) },
          because: 'to ask how the trip was',
          ringFor: settings.ringFor,
        },
        AbortSignal.any([signal, stop.signal]),
        turn,
      )
      signal.throwIfAborted()
      return stop.signal.aborted && outcome === 'cancelled' ? 'calls_us' : toResult(outcome)
    } finally {
      ringing.delete(phone)
    }
  }

  async function note(survey: Survey, { attempt: number, call }: Try, result: Result, tries: readonly Try[]) {
    const counted = tries.filter((each) => isCounted(each.result as Result)).length + 1
    const isRepeated = isOurs(result) || (isCounted(result) && counted < settings.attempts)
    const pause = isOurs(result) ? soon : settings.pause * minute
    const nextAt = isRepeated ? clock.now() + pause : undefined
    await surveys.endTry(call, survey.id, result, nextAt)
    tell(survey, { attempt: number, call }, result, nextAt === undefined ? {} : { nextAt })
  }

  function tell(
    { order_id }: Survey,
    mine: Pick<Try, 'attempt' | 'call'> | undefined,
    result: Result,
    more: { because?: string; nextAt?: Moment },
  ) {
    bus.publish('quality.client-called', {
      ...(order_id !== null && { order: order_id }),
      ...(mine && { call: mine.call }),
      attempt: mine?.attempt ?? 0,
      result,
      ...more,
    })
  }

  return {
    async heardDone(order) {
      if (!isChosen(order, settings.share)) return
      const trip = await trips.find(order)
      if (!trip || trip.phone === null || (trip.driver === null && trip.dispatcher === null)) return
      const survey = await surveys.add({
        key: `order:${order}`,
        kind: 'after-trip',
        order,
        phone: trip.phone,
        next_at: clock.now() + settings.after * minute,
        expires_at: clock.now() + settings.within * 60 * minute,
      })
      if (survey) follow(survey)
    },

    heardCaller: (phone) => ringing.get(phone)?.abort(new Error('he calls us')),

    async resume() {
      for (const survey of await surveys.open()) follow(survey)
    },

    async closed() {
      await Promise.allSettled(underWay.values())
    },
  }
}
