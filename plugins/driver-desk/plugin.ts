import { openPatientAsking } from '#core/asking/ask-patiently.ts'
import { reasonOf } from '#core/errors.ts'
import { definePlugin } from '#core/plugin.ts'
import { bridgePlace, type Desk } from './desk.ts'
import { openDrivers } from './drivers.ts'
import { openEffects } from './effects.ts'
import { sayItIsSilent, serveDriver } from './flow.ts'
import { Settings } from './settings.ts'
import { type DriverDeskTables, migrations } from './tables.ts'
import { words } from './words.ts'

const name = 'driver-desk'

export const plugin = definePlugin({
  name,
  about: 'Gives drivers, told from clients at the first ring, a menu and people of their own.',
  before: ['order-status'],
  settings: Settings,
  words,
  migrations,

  async start({ bus, clock, dispatch, intents, log, places, reception, settings, ...services }) {
    const database = services.database.withTables<DriverDeskTables>()
    const drivers = await openDrivers({ clock, database, days: settings.rememberDays })
    const desk: Desk = {
      ...openPatientAsking({ clock, log }),
      ...openEffects({ clock, dispatch, intents }),
      dispatch,
      settings,
      hasPlace: places.has,
      async bridge({ id }, caller) {
        bus.publish('call.about-order', { call: caller.call.id, order: id, by: name })
        await caller.transferTo(bridgePlace, `a driver asks for the client of order ${id}`)
      },
    }

    reception.screen(async ({ from, identity: asked }) => {
      if (from === undefined) return 'welcome'
      const identity = await asked
      if (!identity.lookedUp) {
        if (!drivers.isKnown(from)) return 'welcome'
        return {
          talk: (caller) => sayItIsSilent(caller, desk),
          because: 'a driver, as he was known before the dispatch program fell silent',
        }
      }
      const { driverId, kind, order } = identity.card
      if (kind !== 'driver') {
        if (kind !== 'unknown') void noted(drivers.forget(from))
        return 'welcome'
      }
      void noted(drivers.saw(from))
      const driver = { ...(driverId !== undefined && { id: driverId }), ...(order && { order }) }
      return { talk: (caller) => serveDriver(caller, driver, desk), because: 'a driver' }
    })

    /** What a caller should not suffer from. */
    async function noted(work: Promise<void>): Promise<void> {
      await work.catch((thrown: unknown) =>
        log.error({ reason: reasonOf(thrown) }, 'The number of a driver could not be kept'),
      )
    }
  },
})
