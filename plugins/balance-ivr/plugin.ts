import { schedule } from 'node-cron'
import { openPatientAsking } from '#core/asking/ask-patiently.ts'
import { openAttempts } from '#core/attempts.ts'
import { reasonOf } from '#core/errors.ts'
import { type Caller, definePlugin } from '#core/plugin.ts'
import type { Desk } from './desk.ts'
import { tellBalance } from './flow.ts'
import { tellingRoutes } from './routes.ts'
import { openScreen } from './screen.ts'
import { Settings } from './settings.ts'
import { type BalanceTables, migrations } from './tables.ts'
import { openTellings } from './tellings.ts'
import { words } from './words.ts'

const name = 'balance-ivr'
const forgetAt = '35 4 * * *'
const day = 24 * 60 * 60_000

export const plugin = definePlugin({
  name,
  about: 'Tells drivers and clients their balance, once it is known who they are.',
  settings: Settings,
  words,
  migrations,

  start({ cleanup, clock, dispatch, http, log, phones, places, reception, settings, site, ...services }) {
    const database = services.database.withTables<BalanceTables>()
    const attempts = openAttempts({ clock, database: services.database, limits: settings.attempts })
    const tellings = openTellings(database)
    const forgetting = schedule(forgetAt, () =>
      noted(Promise.all([attempts.forget(), tellings.forget(clock.now() - settings.keepDays * day)])),
    )
    cleanup.defer(() => forgetting.destroy())

    const desk: Desk = {
      ...openPatientAsking({ clock, log }),
      attempts,
      dispatch,
      settings,
      timeZone: site.timeZone,
      now: clock.now,
      async note({ account: { of, id, balance }, by }, { call }) {
        const phone = call.from === undefined ? {} : { phone: call.from }
        await noted(tellings.note({ call: call.id, at: clock.now(), ...phone, of, id, knownBy: by, balance }))
      },
    }
    const talk = (caller: Caller) => tellBalance(caller, desk)

    places.offer(name, talk)
    reception.screen(openScreen({ phones, settings, talk }))
    http.register(tellingRoutes({ tellings }))

    /** What a caller should not suffer from: it is written to the log, and he is served without it. */
    async function noted(work: Promise<unknown>): Promise<void> {
      await work.catch((thrown: unknown) =>
        log.error({ reason: reasonOf(thrown) }, 'What was told of balances could not be kept'),
      )
    }
  },
})
