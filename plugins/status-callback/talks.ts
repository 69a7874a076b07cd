import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import { reasonOf } from '#core/errors.ts'
import type { CallId } from '#core/schema.ts'
import type { Notices } from './notices.ts'
import { further, type Level } from './results.ts'
import type { News } from './sentence.ts'

/** A conversation with somebody we rang, from before the ringing to its result. */
export interface Talk {
  readonly news: News
  readonly because: string
  readonly order: string | undefined
  readonly level: Level | null
  /** How far it has come; the furthest counts. Resolves when that is on the disk. */
  reached(level: Level): Promise<void>
  /** Nothing more will come of it. */
  over(): void
}

export interface Talks {
  /** Whoever answers this call hears this. */
  prepare(
    call: CallId,
    about: { news: News; because: string; order: string | undefined; level: Level | null },
  ): {
    result: Promise<Level>
    [Symbol.dispose](): void
  }
  find(call: CallId): Talk | undefined
}

/** With these there is nothing more to wait for. */
export function isFinal(level: Level | null): level is 'reached_confirmed' | 'asked_operator' {
  return level === 'reached_confirmed' || level === 'asked_operator'
}

export function openTalks(parts: { bus: CallBus; log: Logger; notices: Pick<Notices, 'reach'> }): Talks {
  const { bus, log, notices } = parts
  const talks = new Map<CallId, Talk>()
  bus.on('call.ended', ({ call }) => talks.get(call)?.over())

  return {
    find: (call) => talks.get(call),

    prepare(call, { level: known, ...about }) {
      const { promise: result, resolve } = Promise.withResolvers<Level>()
      let level = known
      if (isFinal(known)) resolve(known)
      talks.set(call, {
        ...about,
        get level() {
          return level
        },
        async reached(next) {
          if (further(level, next) === level) return
          level = next
          await notices.reach(call, next).catch((thrown: unknown) => {
            log.error({ call, reason: reasonOf(thrown) }, 'How far a call has come could not be written')
          })
          if (isFinal(next)) resolve(next)
        },
        over: () => resolve(level ?? 'reached_short'),
      })
      return { result, [Symbol.dispose]: () => void talks.delete(call) }
    },
  }
}
