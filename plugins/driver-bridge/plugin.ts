import { latestMoves } from '#core/database/latest-moves.ts'
import { reasonOf } from '#core/errors.ts'
import { definePlugin } from '#core/plugin.ts'
import type { CallId, OrderId } from '#core/schema.ts'
import { openBridge, place } from './bridge.ts'
import { connect, type Desk, joinWithPartner } from './flow.ts'
import { openJoins } from './joins.ts'
import { openLately } from './lately.ts'
import { openLines } from './lines.ts'
import { meetingsByDispatch, meetingsOf } from './meetings.ts'
import { openOrders } from './orders.ts'
import { openPairs } from './pairs.ts'
import { joinRoutes } from './routes.ts'
import { openScreen } from './screen.ts'
import { Settings } from './settings.ts'
import { type BridgeTables, migrations } from './tables.ts'
import { openWishes } from './wishes.ts'
import { words } from './words.ts'

/** Moves told so many milliseconds before the start may have been cut off by a kill; heard twice they count once. */
const unheardFor = 2 * 60_000

export const plugin = definePlugin({
  name: place,
  about: 'Joins client and driver through the company’s numbers, so that neither sees the other’s.',
  before: ['order-status'],
  settings: Settings,
  words,
  migrations,

  async start(services) {
    const { bus, calls, cleanup, clock, dispatch, http, intents, journal, log, phones, places } = services
    const { reception, settings } = services
    const database = services.database.withTables<BridgeTables>()
    const closing = new AbortController()
    cleanup.defer(() => closing.abort(new Error('the house closes')))

    const orders = openOrders({ clock, dispatch, log })
    const pairs = await openPairs({ clock, database, grace: settings.grace, lines: settings.lines })
    const joins = await openJoins({ clock, database, limits: settings.limits })
    const lately = await openLately({ clock, joins, minutes: settings.dialBack })
    const lines = openLines({ lines: settings.lines, pairs, phones })
    const bridge = openBridge({ calls, cleanup, clock, joins, lately, log, settings })
    const wishes = openWishes({
      bridge,
      clock,
      closing: closing.signal,
      intents,
      lines,
      log,
      orders,
      pairs,
      settings,
    })
    const tellOrder: Desk['tellOrder'] = (call, order) =>
      bus.publish('call.about-order', { call, order, by: place })
    const orderIsOver: Desk['orderIsOver'] = (order) => {
      pairs.end(order).catch((thrown: unknown) => {
        log.error({ order, reason: reasonOf(thrown) }, 'The end of an order could not be written down')
      })
    }
    const desk: Desk = { joins, lately, lines, note: bridge.note, orders, orderIsOver, settings, tellOrder }

    /** Which order a call is about, as other plugins have found out with the caller. */
    const aboutOf = new Map<CallId, OrderId>()
    bus.on('call.about-order', ({ call, order }) => void aboutOf.set(call, order))
    bus.on('call.ended', ({ call }) => void aboutOf.delete(call))

    places.offer(place, async (caller) => {
      const join = joins.find(caller.call.id)
      if (join?.isRung) return await joinWithPartner(caller, join, desk)
      await connect(
        caller,
        await meetingsOf(caller.call, { about: aboutOf.get(caller.call.id), lately, orders, pairs }),
        desk,
      )
    })
    reception.screen(
      openScreen({
        lately,
        lines,
        pairs,
        operatorsPlace: settings.operatorsPlace,
        byDispatch: (call) => meetingsByDispatch(call, orders),
        connect: (caller, meetings) => connect(caller, meetings, desk),
        tellOrder,
      }),
    )

    bus.on('order.stage-changed', (fact) => wishes.moved(fact))
    bus.on('join.requested', (wish) => wishes.joinRequested(wish))
    bus.on('call.talking', ({ call, again }) => (again ? bridge.talkResumed(call) : undefined))
    bus.on('call.ended', ({ call, result }) => bridge.ended(call, result))
    cleanup.defer(calls.onRecovered(bridge.recovered))
    bridge.resume()

    for (const fact of await latestMoves(journal, clock.now() - unheardFor)) void wishes.moved(fact)
    http.register(joinRoutes({ bridge, joins, lines, orders }))
  },
})
