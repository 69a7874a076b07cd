import { definePlugin } from '#core/plugin.ts'
import { openNumberLists } from './number-lists.ts'
import { numberListRoutes } from './routes.ts'
import { toDispatchVerdict, toVerdict } from './screen.ts'
import { listsOf, Settings } from './settings.ts'
import { type BlacklistTables, migrations } from './tables.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: 'blacklist',
  about:
    'Keeps the number lists: turns away black callers before an operator is bothered, serves VIPs first.',
  settings: Settings,
  words,
  migrations,

  async start({ bus, cleanup, clock, database, http, log, phones, reception, settings, site }) {
    const farewell = settings.announcement === 'standard' ? words.turnedAway : undefined
    const numberLists = await openNumberLists({
      bus,
      cleanup,
      clock,
      database: database.withTables<BlacklistTables>(),
      lists: listsOf(settings),
      onTrouble: (thrown) => log.error({ err: thrown }, 'Expired numbers could not be forgotten'),
    })

    reception.screen((call) => {
      if (call.from === undefined) return 'welcome'
      const findings = numberLists.find(call.from)
      const isDecided = findings.some(({ list }) => list.effect !== 'none')
      if (isDecided || !settings.obeyDispatch) return toVerdict(findings, farewell)
      return call.identity.then((identity) => {
        const verdict = toDispatchVerdict(identity, farewell)
        return verdict === 'welcome' ? toVerdict(findings, farewell) : verdict
      })
    })

    reception.objectToRinging((phone) => {
      const finding = numberLists.find(phone).find(({ list }) => list.effect === 'refuse')
      return finding && `on the list ${finding.list.name}`
    })

    http.register(numberListRoutes({ clock, numberLists, phones, site }))
  },
})
