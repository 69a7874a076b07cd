import { definePlugin } from '#core/plugin.ts'
import { openAlarms } from './alarms.ts'
import { openBook } from './book.ts'
import { dryRunCommand } from './dry-run-command.ts'
import { toPolicy } from './policy.ts'
import { openProviders } from './providers/providers.ts'
import { weatherRoutes } from './routes.ts'
import { mistakesIn, Settings } from './settings.ts'
import { migrations, type WeatherTables } from './tables.ts'
import { openTariffs } from './tariffs.ts'
import { openWatch } from './watch.ts'
import { words } from './words.ts'

export const plugin = definePlugin({
  name: 'weather-tariffs',
  about: 'Puts prices up in bad weather and back again, through the dispatch program’s own tariff rules.',
  settings: Settings,
  mistakes: mistakesIn,
  words,
  migrations,
  commands: { 'weather-dry-run': dryRunCommand },

  async start({
    bus,
    cleanup,
    clock,
    database,
    dispatch,
    http,
    intents,
    log,
    messages,
    priceNotes,
    settings,
    site,
  }) {
    const tables = database.withTables<WeatherTables>()
    const closing = new AbortController()
    const signal = closing.signal
    const policy = toPolicy(settings, site.timeZone)

    const alarms = openAlarms({ clock, log, messages })
    const book = await openBook(tables)
    const tariffs = openTariffs({
      alarms,
      book,
      bus,
      clock,
      closing: signal,
      database: tables,
      dispatch,
      intents,
      log,
      policy,
      settings,
    })
    const providers = openProviders(settings, clock)
    const watch = openWatch({
      alarms,
      book,
      bus,
      clock,
      closing: signal,
      log,
      providers,
      settings,
      tariffs,
      timeZone: site.timeZone,
    })

    bus.on('order.stage-changed', ({ order, stage }) => (stage === 'new' ? tariffs.price(order) : undefined))
    priceNotes.offer(() => {
      const { standing } = tariffs.standingFor(undefined)
      if (standing.rise === 0) return undefined
      const kind = settings.rules.find(({ name }) => name === standing.rules[0])?.is
      return words[kind ?? 'dearer']
    })
    http.register(weatherRoutes({ book, clock, policy, settings, tariffs, watch }))

    await tariffs.resume()
    const watching = watch.run()
    cleanup.defer(async () => {
      if (settings.restoreOnStop) await tariffs.restore()
      closing.abort(new Error('the house closes'))
      await watching
    })
  },
})
