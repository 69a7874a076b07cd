/** One call-back from the place in the line to its end: a line of time that a restart takes up where it was. */
import type { Clock } from '#core/clock.ts'
import type { Services } from '#core/plugin.ts'
import type { DialOutcome } from '#core/ports/telephony.ts'
import type { CallId } from '#core/schema.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import type { CallBack, CallBackBook, Try } from './book.ts'
import type { CallBackSettings } from './settings.ts'
import { type CallBackState, type EndState, endStates } from './tables.ts'

export interface End {
  state: EndState
  because: string
  operator?: string
}

/** It ends by itself. */
export class Over extends Error {
  override readonly name = 'Over'
  readonly end: End

  constructor(end: End) {
    super(end.because)
    this.end = end
  }
}

/** He rings us this moment: whoever rang him now would find him engaged. */
export class OnTheLine extends Error {
  override readonly name = 'OnTheLine'
}

/** A call-back while it lives. */
export interface Pursued {
  readonly row: CallBack
  stop: AbortController
  /** Somebody has ended it. */
  over: End | undefined
  /** Of this try: resolves when he is to be rung. */
  turn: PromiseWithResolvers<void>
  reservedFor: string | undefined
  /** The call by which he is rung, or was. */
  call: CallId | undefined
  /** What came of it once he was on the line. */
  met: PromiseWithResolvers<End>
}

export interface PursuitParts {
  book: CallBackBook
  calls: Services['calls']
  clock: Clock
  journal: Services['journal']
  place: string
  settings: Pick<CallBackSettings, 'ringFor' | 'pauses'>
  isOpen(queue: string): boolean
  /** He is talking or listening to us now. */
  isOnTheLine(row: CallBack): boolean
  /** Resolves when some call ends. */
  callEnded(): Promise<void>
  /** His place in the line, until disposed. */
  stand(mine: Pursued, isCalled: boolean): Disposable
}

/** Closed hours are looked at again so often, in milliseconds. */
const lookEvery = 60_000
/** After what was our own failure, in milliseconds; it counts against nobody. */
const oursAgainAfter = 30_000
const ours: readonly string[] = ['failed', 'cancelled'] satisfies DialOutcome[]

/** Rejects only when the house closes or the disk fails. */
export async function pursue(mine: Pursued, parts: PursuitParts, closing: AbortSignal): Promise<End> {
  const { book, calls, clock, journal, settings } = parts
  const { row } = mine

  async function untilPossible(stop: AbortSignal) {
    for (;;) {
      stop.throwIfAborted()
      const now = clock.now()
      if (now >= row.expires_at) throw expired()
      if (parts.isOnTheLine(row)) await unlessAborted(parts.callEnded(), stop)
      else if (row.next_at > now) await clock.sleep(Math.min(row.next_at, row.expires_at) - now, stop)
      else if (!parts.isOpen(row.queue)) await clock.sleep(lookEvery, stop)
      else return
    }
  }

  async function untilHisTurn(stop: AbortSignal) {
    const late = new AbortController()
    const relax = clock.after(Math.max(0, row.expires_at - clock.now()), () => late.abort(expired()))
    try {
      await unlessAborted(mine.turn.promise, AbortSignal.any([stop, late.signal]))
    } finally {
      relax()
    }
  }

  /** A try from the beginning; `undefined` when another one is to follow. */
  async function attempt(begun: Try | undefined, stop: AbortSignal): Promise<End | undefined> {
    await untilPossible(stop)
    Object.assign(mine, {
      turn: Promise.withResolvers(),
      met: Promise.withResolvers(),
      reservedFor: undefined,
    })
    using _place = parts.stand(mine, false)
    await untilHisTurn(stop)
    if (!parts.isOpen(row.queue)) return undefined
    const { reservedFor } = mine
    if (reservedFor !== undefined) await book.set(row, { state: 'reserved', operator: reservedFor })
    const last = (await book.triesOf(row.id)).at(-1)
    const next = begun ?? (await book.beginTry(row, (last?.attempt ?? 0) + 1))
    mine.call = next.call
    const errand = {
      id: next.call,
      to: row.phone,
      line: row.line,
      place: parts.place,
      about: { callBack: row.id, attempt: String(next.attempt) },
      because: 'asked to be called back',
      ringFor: settings.ringFor,
    }
    const outcome = await calls.ring(errand, stop)
    return await settled(next, outcome, stop, stop.aborted ? 0 : oursAgainAfter)
  }

  /** A try that an earlier life of ours has begun; `never` when nobody was rung. */
  async function takeUp(begun: Try, stop: AbortSignal): Promise<End | undefined | 'never'> {
    mine.call = begun.call
    using _place = parts.stand(mine, true)
    const outcome = await unlessAborted(calls.outcomeOf(begun.call, stop), closing)
    if (outcome === undefined) return 'never'
    const call = outcome === 'answered' ? await journal.findCall(begun.call) : undefined
    if (call && call.ended_at !== null) mine.met.resolve(call.talking_at === null ? hungUp : joined)
    return await settled(begun, outcome, stop, 0)
  }

  /** How the try ended is on the disk, and with it what follows. */
  async function settled(
    last: Try,
    outcome: DialOutcome,
    stop: AbortSignal,
    oursAgain: number,
  ): Promise<End | undefined> {
    // What the closing house cancels is taken up by the next one.
    if (closing.aborted) throw closing.reason
    const follows =
      outcome === 'answered'
        ? await unlessAborted(mine.met.promise, closing)
        : await after(last, outcome, oursAgain)
    mine.call = undefined
    if ('state' in follows) {
      const { state, because, operator = null } = follows
      await book.endTry(row, last, outcome, { state, because, operator })
      return follows
    }
    await book.endTry(row, last, outcome, { state: 'requested', operator: null, ...follows })
    stop.throwIfAborted()
    return undefined
  }

  async function after(
    last: Try,
    outcome: DialOutcome,
    oursAgain: number,
  ): Promise<End | { next_at: number }> {
    const now = clock.now()
    if (ours.includes(outcome)) return { next_at: now + oursAgain }
    if (outcome === 'invalid') return { state: 'failed', because: 'there is no such phone' }
    const before = (await book.triesOf(row.id)).filter(
      (each) => each.call !== last.call && !ours.includes(each.outcome ?? ''),
    )
    const pause = settings.pauses[before.length]
    if (pause === undefined) return { state: 'failed', because: `not reached: ${outcome}` }
    return { next_at: now + pause * 1_000 }
  }

  if (isEnd(row.state)) return { state: row.state, because: row.because ?? '' }
  let begun = (await book.triesOf(row.id)).find(({ outcome }) => outcome === null)
  for (;;) {
    const stop = AbortSignal.any([closing, mine.stop.signal])
    try {
      const known = begun ? await takeUp(begun, stop) : 'never'
      const end = known === 'never' ? await attempt(begun, stop) : known
      begun = undefined
      if (end) return end
    } catch (thrown) {
      if (closing.aborted) throw closing.reason
      const { reason } = mine.stop.signal
      if (mine.over) return mine.over
      if (thrown instanceof Over) return thrown.end
      if (!(reason instanceof OnTheLine)) throw thrown
      mine.stop = new AbortController()
      begun = (await book.triesOf(row.id)).find(({ outcome }) => outcome === null)
    }
  }
}

export const joined: End = { state: 'joined', because: 'he talked to an operator' }
export const hungUp: End = { state: 'failed', because: 'he hung up before an operator answered' }
const isEnd = (state: CallBackState): state is EndState => endStates.some((each) => each === state)
const expired = () => new Over({ state: 'expired', because: 'his turn did not come in time' })
