import { schedule } from 'node-cron'
import { latestMoves } from '#core/database/latest-moves.ts'
import { reasonOf } from '#core/errors.ts'
import { definePlugin } from '#core/plugin.ts'
import { callClient } from './commands.ts'
import { openDelays } from './delays.ts'
import { openDesk } from './desk.ts'
import { goOn, tellNews } from './flow.ts'
import { openLook } from './look.ts'
import { openNotices } from './notices.ts'
import { openOrders } from './orders.ts'
import { pursue } from './pursuit.ts'
import { callBackRoutes } from './routes.ts'
import { openRules } from './rules.ts'
import { Settings } from './settings.ts'
import { type CallbackTables, migrations } from './tables.ts'
import { isFinal, openTalks, type Talk } from './talks.ts'
import { words } from './words.ts'
import { openWriteBack } from './write-back.ts'

const place = 'status-callback'
/** Moves told so many milliseconds before the start may have been cut off by a kill; heard twice they count once. */
const unheardFor = 2 * 60_000
const keptDays = 30
const pruneAt = '20 4 * * *'

export const plugin = definePlugin({
  name: 'status-callback',
  about: 'Calls clients by the stage of their order, says the car, and writes back what came of it.',
  settings: Settings,
  words,
  migrations,

  async start(services) {
    const { bus, calls, cleanup, clock, commands, dispatch, http, intents, log } = services
    const { journal, phones, places, settings, site, voice } = services
    const database = services.database.withTables<CallbackTables>()
    const closing = new AbortController()
    const { signal } = closing

    const rules = openRules(settings)
    const orders = openOrders({ clock, database: services.database, dispatch })
    const notices = openNotices({ clock, database })
    const talks = openTalks({ bus, log, notices })
    const writeBack = openWriteBack({ clock, dispatch, intents, log })
    const delays = openDelays({
      clock,
      database,
      log,
      orders,
      settings,
      signal,
      late: (order) => desk.heardLate(order),
    })
    const look = openLook({
      calls,
      clock,
      delays,
      notices,
      orders,
      phones,
      settings,
      timeZone: site.timeZone,
    })
    const parts = { bus, calls, clock, look, notices, place, talks, voice, writeBack }
    const desk = openDesk({
      clock,
      log,
      notices,
      orders,
      rules,
      settings,
      signal,
      pursue: (notice, rule, stop) => pursue(notice, rule, parts, stop),
    })

    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await desk.closed()
    })

    const callbackDesk = { settings, hasPlace: places.has, raiseOrder }
    places.offer(place, async (caller) => {
      const { id } = caller.call
      const talk = talks.find(id)
      if (!talk || isFinal(talk.level))
        return await goOn(caller, (await notices.findTry(id))?.level, callbackDesk)
      try {
        await tellNews(caller, talk, callbackDesk)
      } finally {
        talk.over()
      }
    })

    bus.on('order.stage-changed', (fact) => desk.heardStage(fact))
    if (rules.delayed) bus.on('order.stage-changed', ({ order, stage }) => delays.hear(order, stage))
    bus.on('callback.requested', (fact) => desk.heardRequest(fact))
    http.register(callBackRoutes({ desk, notices }))
    commands.offer(callClient(desk))

    const pruning = schedule(pruneAt, () => notices.prune(clock.now() - keptDays * 24 * 60 * 60_000), {
      timezone: site.timeZone,
    })
    cleanup.defer(() => pruning.destroy())

    await desk.resume()
    for (const fact of await latestMoves(journal, clock.now() - unheardFor)) void desk.heardStage(fact)
    if (rules.delayed) await delays.resume()

    function raiseOrder({ order, because }: Talk) {
      if (!settings.raiseCard || order === undefined || !dispatch.capabilities.has('raiseCard')) return
      const card = { order, title: `${order}`, text: because, kind: 'warning', seconds: 60 } as const
      dispatch.raiseCard(card, signal).catch((thrown: unknown) => {
        log.warn({ order, reason: reasonOf(thrown) }, 'The order could not be raised')
      })
    }
  },
})
