import type { Logger } from 'pino'
import type { Calls } from '#core/calls/calls.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { CallId } from '#core/schema.ts'
import type { Begun, Join, Joins, NewJoin } from './joins.ts'
import type { Lately } from './lately.ts'
import type { Settings } from './settings.ts'

/** Where whoever answers is received. */
export const place = 'driver-bridge'

/** Carries out joins of two people none of whom is on the line: each once, whatever is killed in between. */
export interface Bridge {
  /** Resolves once it is written down; the ringing goes on by itself. */
  ask(wish: Omit<NewJoin, 'call' | 'first'> & Partial<Pick<NewJoin, 'first'>>): Promise<Begun>
  /** What a dead process left open. */
  resume(): void
  /** The calls that outlived us are known. */
  recovered(): void
  /** A talk goes on over our restart: nobody else watches how long. */
  talkResumed(call: CallId): void
  /** What will be written of the join when the call has ended. */
  note(call: CallId, outcome: string): void
  ended(call: CallId, result: string): void
}

/** Nobody wants to be joined so many milliseconds after it was asked for. */
const staleAfter = 120_000

export function openBridge(parts: {
  calls: Calls
  cleanup: AsyncDisposableStack
  clock: Clock
  joins: Joins
  lately: Lately
  log: Logger
  settings: Settings
}): Bridge {
  const { calls, cleanup, clock, joins, lately, log, settings } = parts
  const closing = new AbortController()
  cleanup.defer(() => closing.abort(new Error('the house closes')))
  const recovery = Promise.withResolvers<void>()
  const noted = new Map<CallId, string>()
  const limits = new Map<CallId, () => void>()
  cleanup.defer(() => {
    for (const relax of limits.values()) relax()
  })

  async function close(call: CallId, outcome: string) {
    await joins.close(call, outcome).catch((thrown: unknown) => {
      log.error({ call, reason: reasonOf(thrown) }, 'What came of a join could not be written down')
    })
  }

  async function carryOut(join: Join) {
    const { id, order, line } = join
    const phone = join[join.first]
    lately.rang(phone, join)
    try {
      const outcome = await calls.ring(
        {
          id,
          to: phone,
          place,
          about: order === undefined ? {} : { order },
          because: `to be joined with the ${join.first === 'driver' ? 'client' : 'driver'}, by ${join.by}`,
          ringFor: settings.ringFor,
          isUrgent: true,
          ...(line === undefined ? {} : { line }),
        },
        closing.signal,
      )
      if (outcome !== 'answered') return await close(id, outcome)
      await recovery.promise
      await closeIfGone(join)
    } catch (thrown) {
      if (closing.signal.aborted) return
      log.error({ call: id, reason: reasonOf(thrown) }, 'A join could not be carried out')
      await close(id, 'failed')
    }
  }

  async function closeIfGone({ id }: Join) {
    if (!calls.find(id)) await close(id, 'left')
  }

  async function resume(join: Join) {
    if (join.isRung && join.at > clock.now() - staleAfter) return await carryOut(join)
    await recovery.promise
    await closeIfGone(join)
  }

  return {
    async ask(wish) {
      const begun = await joins.begin({ first: settings.first, ...wish })
      if (begun.is === 'new') void carryOut(begun.join)
      if (begun.is === 'too-often')
        log.warn({ order: wish.order, by: wish.by }, 'A join was refused: too many of this order')
      return begun
    },

    resume() {
      for (const join of joins.underWay) void resume(join)
    },

    recovered: () => recovery.resolve(),

    talkResumed(id) {
      const state = calls.find(id)?.state
      if (!joins.find(id) || state?.is !== 'talking') return
      const left = state.since + settings.limits.longestTalk * 60_000 - clock.now()
      const relax = clock.after(Math.max(0, left), () => {
        calls.hangUp(id).catch((thrown: unknown) => {
          log.warn({ call: id, reason: reasonOf(thrown) }, 'A talk that has lasted too long goes on')
        })
      })
      limits.set(id, relax)
    },

    note: (id, outcome) => void noted.set(id, outcome),

    ended(id, result) {
      limits.get(id)?.()
      limits.delete(id)
      const outcome = noted.get(id) ?? (result === 'answered' ? 'talked' : 'left')
      noted.delete(id)
      const join = joins.find(id)
      // Of a phone that did not answer the ringing knows better why.
      if (!join || result === 'not_reached') return
      if (join.isRung) lately.rang(join[join.first], join)
      if (outcome === 'talked') lately.rang(join[join.first === 'driver' ? 'client' : 'driver'], join)
      void close(id, outcome)
    },
  }
}
