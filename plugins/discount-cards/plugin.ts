import { schedule } from 'node-cron'
import { openPatientAsking } from '#core/asking/ask-patiently.ts'
import { openAttempts } from '#core/attempts.ts'
import { reasonOf } from '#core/errors.ts'
import { asKept } from '#core/phones.ts'
import { definePlugin } from '#core/plugin.ts'
import { askForCard, type Desk } from './flow.ts'
import { openPresets } from './presets.ts'
import { Settings } from './settings.ts'
import { type CardTables, migrations } from './tables.ts'
import { words } from './words.ts'

const name = 'discount-cards'
const forgetAt = '37 4 * * *'

export const plugin = definePlugin({
  name,
  about: 'Asks callers for their discount card, checks it, and puts its tariff and discount into the order.',
  settings: Settings,
  words,
  migrations,

  start({ bus, cleanup, clock, database, dispatch, intents, log, phones, places, reception, settings }) {
    if (!dispatch.capabilities.has('findDiscountCard')) {
      log.info('The dispatch program knows no discount cards; nobody is asked for one')
      return
    }
    const closing = new AbortController()
    cleanup.defer(() => closing.abort(new Error('the house closes')))
    const attempts = openAttempts({ clock, database, limits: settings.attempts })
    const presets = openPresets({
      clock,
      database: database.withTables<CardTables>(),
      dispatch,
      intents,
      log,
      within: settings.presetWithin,
    })
    const desk: Desk = {
      ...openPatientAsking({ clock, log }),
      attempts,
      dispatch,
      settings,
      async keep({ call }, card) {
        if (call.from === undefined || settings.presetWithin === 0) return
        await noted(presets.keep(call.id, call.from, card))
      },
    }

    const lines = new Set(settings.lines.map((line) => asKept(line, phones)))
    reception.screen((call) => {
      if (call.errand) return 'welcome'
      const isChosen = settings.service !== undefined && call.chosen.service === settings.service
      if (!isChosen && !lines.has(asKept(call.to, phones))) return 'welcome'
      return {
        greet: async (caller) => void (await askForCard(caller, desk)),
        because: isChosen ? 'has chosen a card' : 'a line for cards',
      }
    })
    places.offer(name, async (caller) => {
      if ((await askForCard(caller, desk)) === 'goes on') await caller.transferTo(caller.call.line.fallback)
    })

    if (settings.presetWithin > 0 && dispatch.capabilities.has('updateOrder'))
      bus.on('order.stage-changed', ({ order, from, endedAt }) =>
        from === undefined && endedAt === undefined ? presets.appeared(order, closing.signal) : undefined,
      )
    const forgetting = schedule(forgetAt, () => noted(Promise.all([attempts.forget(), presets.forget()])))
    cleanup.defer(() => forgetting.destroy())

    /** What a caller should not suffer from: it is written to the log, and he is served without it. */
    async function noted(work: Promise<unknown>): Promise<void> {
      await work.catch((thrown: unknown) =>
        log.error({ reason: reasonOf(thrown) }, 'What a card gives could not be kept'),
      )
    }
  },
})
