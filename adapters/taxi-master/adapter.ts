import { defineAdapter } from '#core/adapter.ts'
import { openCommonApi } from './common-api.ts'
import { withDeadline } from './deadline.ts'
import { openDispatch } from './dispatch.ts'
import { openAsker, openHealth } from './health.ts'
import { openLine } from './http.ts'
import { Settings } from './settings.ts'
import { simulate } from './simulator/company.ts'
import { openStateDirectory } from './states.ts'
import { openTapi } from './tapi.ts'
import { keepDoing, openWatch } from './watch.ts'

/** Milliseconds between tries while Taxi-Master is away. */
const retryPause = 5000

export const adapter = defineAdapter({
  name: 'taxi-master',
  about: 'Asks Taxi-Master who is calling, and moves its orders.',
  provides: 'dispatch',
  settings: Settings,

  async connect({ settings, report, cleanup, clock, log, site }) {
    const health = openHealth(report)
    const line = openLine(settings)
    cleanup.defer(() => line.close())
    const asker = openAsker(line, health)

    const commonApi = openCommonApi(asker, { key: settings.keys.commonApi, userId: settings.userId })
    const tapi = openTapi(asker, settings.keys.tapi)
    const states = openStateDirectory(commonApi, settings)
    const watch = openWatch({ commonApi, states, clock, report })

    const refresh = (signal: AbortSignal) =>
      withDeadline(
        signal,
        { clock, milliseconds: settings.deadlineMs, request: 'get_order_states_list' },
        states.refresh,
      ).catch((thrown: unknown) => {
        if (!signal.aborted) log.warn({ err: thrown }, 'The order states of Taxi-Master could not be read')
      })

    const closing = new AbortController()
    const untilClosed = { clock, signal: closing.signal }
    await refresh(closing.signal)
    const work = [
      keepDoing(refresh, {
        ...untilClosed,
        pause: () => (health.state === 'connected' ? settings.refreshStatesSeconds * 1000 : retryPause),
      }),
    ]
    if (settings.watchSeconds > 0) {
      work.push(keepDoing(watch.look, { ...untilClosed, pause: () => settings.watchSeconds * 1000 }))
    }
    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await Promise.all(work)
    })

    return openDispatch({ commonApi, tapi, watch, clock }, { settings, country: site.country, states })
  },

  simulate,
})
