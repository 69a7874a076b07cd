import { definePlugin } from '#core/plugin.ts'
import { ringManagers } from './flow.ts'
import { openManagers } from './managers.ts'
import { managerRoutes } from './routes.ts'
import { Settings } from './settings.ts'
import { type ManagerTables, migrations } from './tables.ts'
import { words } from './words.ts'

const place = 'personal-manager'

export const plugin = definePlugin({
  name: place,
  about: 'Leads a VIP client to his manager: office, mobile, secretary, and then to the operators.',
  before: ['order-status'],
  settings: Settings,
  words,
  migrations,

  async start({ bus, clock, database, http, phones, places, reception, settings }) {
    const managers = await openManagers({
      clock,
      database: database.withTables<ManagerTables>(),
      phones,
      settings,
    })
    /** What the people at these phones do, as far as somebody tells. */
    const atPhones = new Map<string, string>()
    bus.on('operator.changed', ({ extension, state }) => {
      if (extension !== undefined) atPhones.set(extension, state)
    })
    const isBusy = (phone: string) => ['ringing', 'talking'].includes(atPhones.get(phone) ?? '')

    reception.screen(async (call) => {
      const steps = await managers.stepsFor(call)
      return steps.length > 0 ? { sendTo: place, because: 'he has a manager of his own' } : 'welcome'
    })
    places.offer(place, async (caller, { because }) => {
      caller.waitsAt(place, because)
      await ringManagers(caller, await managers.stepsFor(caller.call), { settings, isBusy })
    })
    http.register(managerRoutes({ managers, phones }))
  },
})
