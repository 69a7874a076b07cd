import type { Logger } from 'pino'
import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { CallBackProgress, Dispatch, Stage } from '#core/ports/dispatch.ts'
import { stages } from '#core/ports/dispatch.ts'
import type { CallId, OrderId } from '#core/schema.ts'

/** What the dispatch program learns of a call-back, each round of it: every word once, in their order. */
export interface WriteBack {
  /** Resolves when it has been told, or cannot be. */
  report(round: string, about: ToReport, signal: AbortSignal): Promise<void>
  move(round: string, about: ToMove, signal: AbortSignal): Promise<void>
}

export type ToReport = { order: OrderId; progress: CallBackProgress; stateId?: string }
export type ToMove = { order: OrderId; to: string; since: string[]; call?: CallId }

const firstRetry = 5_000
const slowestRetry = 60_000
/** After so many it is given up; nobody looks at it any more. */
const triesAtMost = 60
/** A "no" may be a program that stumbled, so it is asked again; after so many it is meant. */
const refusalsAtMost = 3

export function openWriteBack(parts: {
  clock: Clock
  dispatch: Dispatch
  intents: Intents
  log: Logger
}): WriteBack {
  const { clock, dispatch, intents, log } = parts

  const reporting = intents.declare<ToReport, 'told'>('callback.report', {
    // It cannot be read back; telling the last word twice sets the same.
    find: async () => undefined,
    async perform({ order, progress, stateId }, signal) {
      await dispatch.reportCallBack(
        { order, called: 'client', progress, ...(stateId === undefined ? {} : { stateId }) },
        signal,
      )
      return 'told'
    },
  })

  const moving = intents.declare<ToMove, 'moved' | 'refused' | 'too-late'>('callback.move', {
    async find({ order, to }, signal) {
      const found = await dispatch.findOrder(order, signal)
      return found && (found.state.id === to || found.stage === to) ? 'moved' : undefined
    },
    async perform({ order, to, since }, signal) {
      const found = await dispatch.findOrder(order, signal)
      if (!found || !since.includes(found.stage)) return 'too-late'
      const stage = stages.find((each): each is Stage => each === to)
      const move = stage
        ? await dispatch.changeStage(order, stage, signal)
        : await dispatch.changeState(order, to, signal)
      return move.outcome === 'refused' ? 'refused' : 'moved'
    },
  })

  /** Again and again while the dispatch program is away; its own "no" is believed when it stays. */
  async function insist(what: string, work: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
    let refusals = 0
    for (let attempt = 1; attempt <= triesAtMost; attempt += 1) {
      try {
        await work()
        return
      } catch (thrown) {
        if (signal.aborted) throw signal.reason
        log.warn({ intent: what, reason: reasonOf(thrown) }, 'The dispatch program could not be told')
        if (isA('DISPATCH_REFUSED', thrown)) refusals += 1
        if (isA('DISPATCH_CANNOT', thrown) || refusals === refusalsAtMost) return
      }
      await clock.sleep(Math.min(slowestRetry, firstRetry * attempt), signal)
    }
  }

  return {
    async report(round, data, signal) {
      if (!dispatch.capabilities.has('reportCallBack')) return
      const key = `callback.report:${round}:${data.progress}`
      await insist(key, () => reporting.carryOut({ key, data }, signal), signal)
    },

    async move(round, data, signal) {
      if (!dispatch.capabilities.has('changeState')) return
      const key = `callback.move:${round}`
      const call = data.call === undefined ? {} : { call: data.call }
      await insist(key, () => moving.carryOut({ key, ...call, data }, signal), signal)
    },
  }
}

function isA(code: 'DISPATCH_REFUSED' | 'DISPATCH_CANNOT', thrown: unknown): boolean {
  return thrown instanceof CallbusError && thrown.code === code
}
