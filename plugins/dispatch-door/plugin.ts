import { schedule } from 'node-cron'
import { openCallViews } from '#core/http/call-views.ts'
import { definePlugin } from '#core/plugin.ts'
import type { Stage } from '#core/ports/dispatch.ts'
import { dispatchCommands } from './commands.ts'
import { openRequests } from './requests.ts'
import { dispatchRoutes, prefix } from './routes.ts'
import { Settings } from './settings.ts'
import { type DoorTables, migrations } from './tables.ts'
import { openWishes } from './wishes.ts'

export const plugin = definePlugin({
  name: 'dispatch-door',
  about: 'Lets any dispatch program tell of orders, ask for calls, and see who is calling.',
  settings: Settings,
  migrations,

  start({
    bus,
    calls,
    cleanup,
    clock,
    commands,
    database,
    http,
    journal,
    keepRequest,
    log,
    phones,
    settings,
    site,
  }) {
    const requests = openRequests({
      bus,
      cleanup,
      clock,
      database: database.withTables<DoorTables>(),
      journal,
      keepRequest,
      log,
    })
    const wishes = openWishes(phones)

    bus.on('order.stage-changed', async ({ order, stage, request }) => {
      const isOurs = request !== undefined
      if (!isOurs) await requests.noteStage(order, stage as Stage)
    })

    for (const command of dispatchCommands({ requests, wishes })) commands.offer(command)

    http.registerAtRoot(async (app) => {
      // Every plugin listens by then.
      app.addHook('onReady', () => noted(requests.tellLeftOvers()))
      await app.register(
        dispatchRoutes({ requests, views: openCallViews({ calls, journal, phones }), wishes }),
        {
          prefix,
        },
      )
    })

    const pruning = schedule(settings.pruneAt, () => noted(requests.prune(settings.keepDays)), {
      timezone: site.timeZone,
    })
    cleanup.defer(() => pruning.destroy())

    async function noted(work: Promise<unknown>): Promise<void> {
      await work.catch((thrown: unknown) =>
        log.error({ err: thrown }, 'Old or untold requests could not be looked after'),
      )
    }
  },
})
