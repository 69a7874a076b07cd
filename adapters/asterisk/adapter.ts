import { defineAdapter } from '#core/adapter.ts'
import { keepAri } from './ari/ari.ts'
import { configCommand } from './config-command.ts'
import { Settings } from './settings.ts'
import { eventsWanted, openTelephony } from './telephony.ts'

export const adapter = defineAdapter({
  name: 'asterisk',
  about: 'Calls on Asterisk 20 to 22 through ARI.',
  provides: 'telephony',
  settings: Settings,
  commands: { config: configCommand },

  async connect({ settings, report, cleanup, clock, log, isLookingOnly = false }) {
    const { url, username: user, password, lanes, deadline } = settings
    // Only one program may own the application and what Asterisk keeps for it.
    const app = isLookingOnly ? `${settings.app}-look` : settings.app
    const listen = isLookingOnly ? undefined : settings.listen
    const ari = await keepAri({
      url,
      user,
      password,
      app,
      lanes,
      deadline,
      clock,
      events: eventsWanted,
      ...(listen && { listen }),
    })
    cleanup.defer(() => ari.close())

    const telephony = openTelephony({ ari, settings, report, clock, log })
    cleanup.defer(() => telephony.close())
    return telephony
  },

  async simulate(services) {
    const { simulateExchange } = await import('./simulator/simulate.ts')
    return simulateExchange(services)
  },
})
