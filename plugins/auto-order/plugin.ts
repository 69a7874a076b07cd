import { schedule } from 'node-cron'
import { definePlugin } from '#core/plugin.ts'
import { openDesk } from './desk.ts'
import { openDrafts } from './drafts.ts'
import { openDrivers } from './drivers.ts'
import { orderByKey } from './flow.ts'
import { openOffers } from './offers.ts'
import { Settings } from './settings.ts'
import { type AutoOrderTables, migrations } from './tables.ts'
import { words } from './words.ts'

/** A draft is history after so long, in milliseconds; it is removed at night. */
const draftsKept = 7 * 24 * 3_600_000
const forgetAt = '40 4 * * *'

export const plugin = definePlugin({
  name: 'auto-order',
  about: 'Takes orders from known numbers and places by one key, and joins the caller with a driver.',
  settings: Settings,
  words,
  migrations,

  start({ bus, cleanup, clock, database, dispatch, intents, log, phones, priceNotes, reception, settings }) {
    const drafts = openDrafts({
      clock,
      database: database.withTables<AutoOrderTables>(),
      sameWithin: settings.sameWithin,
    })
    const drivers = openDrivers({ dispatch, log })
    const offers = openOffers({ clock, dispatch, drafts, log, phones, settings })
    const desk = openDesk({ bus, clock, dispatch, drafts, drivers, intents, log, priceNotes, settings })

    const forgetting = schedule(forgetAt, () => drafts.forget(clock.now() - draftsKept))
    cleanup.defer(() => forgetting.destroy())

    reception.screen(async (call) => {
      if (call.from === undefined || call.errand || !dispatch.capabilities.has('createOrder'))
        return 'welcome'
      const found = await offers.of(call, call.from)
      if (!found || found.offers.length === 0) return 'welcome'
      return { talk: (caller) => orderByKey(caller, found.offers, desk), because: found.because }
    })
  },
})
