import type { Logger } from 'pino'
import type { CallBus } from '../call-bus/call-bus.ts'
import type { Clock } from '../clock.ts'
import { CallbusError, type ErrorCode, reasonOf } from '../errors.ts'
import { inTime } from '../in-time.ts'
import type { Phone } from '../schema.ts'
import { unlessAborted } from '../unless-aborted.ts'
import type { Saying } from '../voice/words.ts'
import type { Call, FirstPhones } from './call.ts'
import type { Caller } from './caller.ts'

/** What is to be done with the call. */
export type Decision =
  | { refuse: Saying | undefined; because: string }
  | { talk: (caller: Caller) => Promise<void>; because: string }
  | { sendTo: string; because: string }

/** What one plugin asks for without deciding: serve it sooner, or let these people have it first. */
export type Wish = { prefer: number; because: string } | { first: FirstPhones; because: string }

/** A conversation before anything is decided; unless it led him elsewhere, those after give their verdicts. */
export interface Greeting {
  greet: (caller: Caller) => Promise<void>
  because: string
}

/** What one plugin says of the call: nothing against it, a wish, a word before, or a decision. */
export type Verdict = 'welcome' | Wish | Greeting | Decision

type Judge = (call: Call) => Verdict | Promise<Verdict>

/** What a caller hears before we hang up. */
type LastWord = (caller: Caller) => Promise<void>
type Objection = (phone: Phone) => string | undefined

export interface Reception {
  /** Give a verdict on each call. Verdicts count in the order of the line's screens; the first decision stands. */
  screen(judge: Judge): void
  /** Asked when everybody is done with somebody who is still on the line: have a last word with him, or none. */
  seeOff(lastWord: (call: Call) => LastWord | undefined): void
  /** Say why this number should not be rung by ourselves, if anything speaks against it. */
  objectToRinging(objection: Objection): void
  /** Why this number should not be rung by ourselves; `undefined` when nobody objects. */
  objectionTo: Objection
}

export interface Hands {
  grant(wish: Wish): void
  /** Whether he is still here after it. */
  greet(by: string, flow: Greeting['greet']): Promise<boolean>
}

export interface FrontDesk {
  ownedBy(owner: string, cleanup: AsyncDisposableStack): Reception
  /**
   * Asks the screens of the call's line in order; ends in exactly one decision, whatever they do, or in none
   * when a greeting led him elsewhere.
   */
  decide(call: Call, hands: Hands): Promise<{ by: string; decision: Decision } | undefined>
  lastWordFor(call: Call): { by: string; talk: LastWord } | undefined
}

/** How long one plugin may think while the caller hears ringing, in milliseconds; longer than a dispatch lookup. */
const screenDeadline = 2_000

export function openReception({ bus, clock, log }: { bus: CallBus; clock: Clock; log: Logger }): FrontDesk {
  const judges = new Map<string, Set<Judge>>()
  const objections = new Set<Objection>()
  const lastWords = new Set<{ by: string; lastWord(call: Call): LastWord | undefined }>()

  async function decide(call: Call, { grant, greet }: Hands) {
    for (const owner of call.line.screens) {
      for (const judge of judges.get(owner) ?? []) {
        const verdict = await judged(owner, judge, call)
        if (verdict === 'welcome') continue

        bus.publish('call.screened', {
          call: call.id,
          by: owner,
          verdict: nameOf(verdict),
          because: verdict.because,
        })
        if ('prefer' in verdict || 'first' in verdict) grant(verdict)
        else if ('greet' in verdict) {
          if (!(await greet(owner, verdict.greet))) return undefined
        } else return { by: owner, decision: verdict }
      }
    }
    return { by: 'core', decision: { sendTo: call.line.fallback, because: 'nothing else was decided' } }
  }

  async function judged(owner: string, judge: Judge, call: Call): Promise<Verdict> {
    try {
      const verdict = judge(call)
      if (!(verdict instanceof Promise)) return verdict
      const late = () => new CallbusError('SCREEN_LATE', { plugin: owner, milliseconds: screenDeadline })
      const given = unlessAborted(verdict, call.signal)
      return await inTime(given, { clock, milliseconds: screenDeadline, late })
    } catch (thrown) {
      const code: ErrorCode = thrown instanceof CallbusError ? thrown.code : 'SCREEN_FAILED'
      const because = thrown instanceof CallbusError ? thrown.message : reasonOf(thrown)
      if (!call.signal.aborted)
        bus.publish('call.failed', { call: call.id, by: owner, code, because: because.slice(0, 500) })
      log.error(
        { call: call.id, plugin: owner, code, err: thrown },
        'A screen failed; the call went on without its verdict',
      )
      return 'welcome'
    }
  }

  return {
    decide,
    lastWordFor(call) {
      for (const { by, lastWord } of lastWords) {
        const talk = lastWord(call)
        if (talk) return { by, talk }
      }
      return undefined
    },
    ownedBy: (owner, cleanup) => ({
      screen(judge) {
        const own = judges.get(owner) ?? new Set()
        judges.set(owner, own.add(judge))
        cleanup.defer(() => void own.delete(judge))
      },
      seeOff(lastWord) {
        const own = { by: owner, lastWord }
        lastWords.add(own)
        cleanup.defer(() => void lastWords.delete(own))
      },
      objectToRinging(objection) {
        objections.add(objection)
        cleanup.defer(() => void objections.delete(objection))
      },
      objectionTo(phone) {
        for (const objection of objections) {
          const because = objection(phone)
          if (because !== undefined) return because
        }
        return undefined
      },
    }),
  }
}

export function nameOf(verdict: Exclude<Verdict, 'welcome'>): string {
  if ('prefer' in verdict) return `prefer ${verdict.prefer}`
  if ('first' in verdict) return `first ${verdict.first.phones.join(', ')}`
  if ('refuse' in verdict) return 'refuse'
  if ('greet' in verdict) return 'greet'
  if ('talk' in verdict) return 'talk'
  return `send to ${verdict.sendTo}`
}
