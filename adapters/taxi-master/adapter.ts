import { defineAdapter } from '#core/adapter.ts'
import { openAsker } from '#core/asking/asker.ts'
import { withDeadline } from '#core/asking/deadline.ts'
import { openHealth } from '#core/asking/health.ts'
import { keepDoing } from '#core/asking/keep-doing.ts'
import { openLine } from '#core/asking/line.ts'
import { isStage } from '#core/ports/dispatch.ts'
import type { OrderId } from '#core/schema.ts'
import { openCommonApi } from './common-api.ts'
import { openDispatch } from './dispatch.ts'
import { openOktellDoor } from './oktell-door.ts'
import { openPace } from './pace.ts'
import { fromDialledPhone } from './phone-rules.ts'
import { scriptsCommand } from './scripts-command.ts'
import { Settings } from './settings.ts'
import { sim } from './sim.ts'
import { simulate } from './simulator/company.ts'
import { openStateDirectory } from './states.ts'
import { openTapi } from './tapi.ts'
import { openWatch } from './watch.ts'

/** Milliseconds between tries while Taxi-Master is away. */
const retryPause = 5000
/** How long, in milliseconds, an order told of before is still looked for after a restart. */
const recalled = 12 * 60 * 60_000

export const adapter = defineAdapter({
  name: 'taxi-master',
  about: 'Asks Taxi-Master who is calling, and moves its orders.',
  provides: 'dispatch',
  settings: Settings,

  async connect({ settings, report, cleanup, clock, log, site, facts, isLookingOnly = false }) {
    const health = openHealth(report, { clock, circuit: settings.circuit })
    const line = openLine(settings)
    cleanup.defer(() => line.close())
    const asker = openAsker(line, health)

    const commonApi = openCommonApi(asker, { key: settings.keys.commonApi, userId: settings.userId })
    const tapi = openTapi(asker, settings.keys.tapi)
    const states = openStateDirectory(commonApi, settings)
    const closing = new AbortController()
    const timeZone = settings.timeZone ?? site.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    const { signal } = closing
    const watch = openWatch({ commonApi, states, clock, log, report, timeZone, signal })

    const lookAt = (pace: ReturnType<typeof openPace>) => async (signal: AbortSignal) => {
      const startedAt = clock.now()
      try {
        const moved = await watch.look(signal)
        pace.looked({ moved, took: clock.now() - startedAt })
      } catch (thrown) {
        pace.failed()
        throw thrown
      }
    }

    let readAt = Number.NEGATIVE_INFINITY
    async function readStates(signal: AbortSignal) {
      if (health.state === 'connected' && clock.now() < readAt + settings.refreshStatesSeconds * 1000) return
      const deadline = { clock, milliseconds: settings.deadlineMs, request: 'get_order_states_list' }
      await withDeadline(signal, deadline, states.refresh)
      readAt = clock.now()
    }

    if (settings.door && !isLookingOnly) {
      const door = await openOktellDoor(settings.door, {
        log,
        kept: report.kept,
        toPhone: (raw) => fromDialledPhone(raw, settings.phones.orders, site.country),
        hint: watch.hint,
      })
      cleanup.defer(() => door.close())
      log.info({ host: settings.door.host, port: door.port }, 'The Oktell door is open')
    }

    const untilClosed = {
      clock,
      signal: closing.signal,
      failed: (thrown: unknown) =>
        log.debug({ err: thrown }, 'Taxi-Master could not be asked; it is asked again'),
    }
    async function keepStates() {
      // The house opens meanwhile: a Taxi-Master that is away holds up nobody.
      await readStates(closing.signal).catch((thrown: unknown) => {
        if (!closing.signal.aborted) log.warn({ err: thrown }, 'Taxi-Master is away; it is asked again')
      })
      await keepDoing(readStates, { ...untilClosed, pause: () => retryPause })
    }
    /** What moved while Callbus was away is told by the first look. */
    async function recall() {
      const last = new Map<OrderId, Parameters<typeof watch.recall>[0]>()
      try {
        for (const { at, data } of await facts('order.stage-changed', clock.now() - recalled)) {
          if (isStage(data.stage)) last.set(data.order, { ...data, at, stage: data.stage })
        }
      } catch (thrown) {
        log.warn({ err: thrown }, 'Moves of orders while Callbus was away are not known')
      }
      for (const told of last.values()) watch.recall(told)
    }

    const work = [keepStates()]
    if (settings.watchSeconds > 0 && !isLookingOnly) {
      const slowest = settings.watchSeconds * 1000
      const pace = openPace({ fastest: Math.min(settings.watchFastestSeconds * 1000, slowest), slowest })
      work.push(recall().then(() => keepDoing(lookAt(pace), { ...untilClosed, pause: pace.pause })))
    }
    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await Promise.all([...work, watch.settled()])
    })

    return openDispatch(
      { commonApi, tapi, watch, clock },
      { settings, country: site.country, timeZone, states },
    )
  },

  commands: { scripts: scriptsCommand },
  sim,
  simulate,
})
