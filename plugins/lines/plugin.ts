import { openLocalTime } from '#core/calendar.ts'
import { definePlugin } from '#core/plugin.ts'
import { receive, ringGroup, ringPeople, sayClosed, speaksTo } from './flow.ts'
import { clientsOf, mistakesIn } from './scenarios.ts'
import { Settings } from './settings.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: 'lines',
  about: 'Gives each public number a scenario: hours, greeting, questions, given people, a group.',
  settings: Settings,
  words,
  mistakes: mistakesIn,

  start({ clock, phones, reception, settings, site }) {
    const times = { clock, localTime: openLocalTime(site.timeZone) }
    const scenarioOf = (line: string) => settings.scenarios[line]

    reception.screen(async (call) => {
      const scenario = scenarioOf(call.line.name)
      const clients = scenario && (await clientsOf(call, scenario, phones))
      if (!clients) return 'welcome'
      return {
        greet: (caller) => ringPeople(caller, clients),
        because: `a special client of ${clients.phones.join(', ')}`,
      }
    })

    reception.screen((call) => {
      const scenario = scenarioOf(call.line.name)
      if (!scenario || times.localTime.isOpen(scenario.calendar, clock.now())) return 'welcome'
      return { talk: (caller) => sayClosed(caller, scenario.closed), because: 'the line is closed now' }
    })

    reception.screen((call) => {
      const scenario = scenarioOf(call.line.name)
      if (!scenario || !speaksTo(call, scenario, times)) return 'welcome'
      return {
        greet: (caller) => receive(caller, scenario, times),
        because: `the scenario of ${call.line.name}`,
      }
    })

    reception.screen((call) => {
      const group = scenarioOf(call.line.name)?.group
      if (!group) return 'welcome'
      return { talk: (caller) => ringGroup(caller, group), because: 'the group number of the line' }
    })
  },
})
