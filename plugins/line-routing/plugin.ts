import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { reasonOf } from '#core/errors.ts'
import { definePlugin } from '#core/plugin.ts'
import { openAlarms, place } from './alarms.ts'
import { chooseRoutes } from './choice.ts'
import { toBlame } from './health.ts'
import { openNumberPlan, readPorted, toCarrier } from './number-plan.ts'
import { lineRoutes } from './routes.ts'
import { openSelfTest, testPlace } from './self-test.ts'
import { mistakesIn, Settings } from './settings.ts'
import { type LineRoutingTables, migrations } from './tables.ts'
import { openWatch } from './watch.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: 'line-routing',
  about: 'Lets calls leave by the line of the phone’s carrier, and tells people when a line fails.',
  settings: Settings,
  words,
  migrations,
  mistakes: mistakesIn,

  async start(services) {
    const { bus, calls, cleanup, clock, http, log, phones, places, reception, routes, settings, site } =
      services
    const database = services.database.withTables<LineRoutingTables>()
    const left = await database.selectFrom('line_routing_alarms').selectAll().execute()
    const isOurs = (trunk: string) => settings.trunks.some(({ name }) => name === trunk)
    const alarms = openAlarms({ ...services, database, settings: settings.alarm })
    const watch = openWatch({
      clock,
      log,
      routes,
      settings,
      left: left.filter(({ trunk }) => isOurs(trunk)),
      changed,
    })
    const selfTest = openSelfTest({ calls, clock, log, settings, watch })
    const { ported, mistakes } = await readPortedFile()
    for (const mistake of mistakes)
      log.warn({ file: settings.ported, mistake }, 'A moved number was passed over')
    const plan = openNumberPlan({ ported, prefixes: settings.prefixes })
    for (const { name: trunk, carriers } of settings.trunks)
      for (const carrier of carriers.filter((each) => !plan.carriers.has(toCarrier(each))))
        log.warn({ trunk, carrier }, 'A line names a carrier that no table and no list knows')

    routes.choose((to) => chooseRoutes(to, { trunks: settings.trunks, plan, isUp: watch.isUp }))
    routes.onTried((tries, to) => {
      if (to === settings.selfTest?.to) return
      for (const { trunk, outcome } of toBlame(tries)) watch.see(trunk, { name: 'tried', outcome, to })
    })
    reception.screen((call) =>
      selfTest.isOurs(call.from, phones.toE164(call.to))
        ? { refuse: undefined, because: 'a test of one of our lines' }
        : 'welcome',
    )
    places.offer(place, alarms.flow)
    places.offer(testPlace, (caller) => caller.hangUp())
    http.register(lineRoutes({ plan, settings, watch }))

    const closing = new AbortController()
    const work = Promise.all([watch.keepLooking(closing.signal), selfTest.keepTesting(closing.signal)])
    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await work
    })
    alarms.resume(left.filter(({ trunk }) => isOurs(trunk)))

    function changed(trunk: string, fault: string | undefined) {
      const state = fault === undefined ? 'up' : 'down'
      bus.publish('trunk.changed', { trunk, state, because: fault ?? 'it works again' })
      if (fault === undefined) alarms.lower(trunk)
      else alarms.raise(trunk, fault)
    }

    async function readPortedFile() {
      if (settings.ported === undefined) return readPorted('', phones.toE164)
      try {
        return readPorted(await readFile(resolve(site.folder, settings.ported), 'utf8'), phones.toE164)
      } catch (thrown) {
        // A call by a dearer line is better than none, and than no alarm of a line that fails.
        log.error(
          { file: settings.ported, reason: reasonOf(thrown) },
          'The list of moved numbers is not read',
        )
        return readPorted('', phones.toE164)
      }
    }
  },
})
