/** Asks for the weather when cron says so, by the clock of the house, and looks at the tariffs each minute. */
import { createTask } from 'node-cron'
import type { Logger } from 'pino'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import { reasonOf } from '#core/errors.ts'
import type { Alarms } from './alarms.ts'
import type { Book } from './book.ts'
import type { Providers } from './providers/providers.ts'
import type { Settings } from './settings.ts'
import type { Tariffs } from './tariffs.ts'

const minute = 60_000

export function openWatch(parts: {
  alarms: Alarms
  book: Book
  bus: CallBus
  clock: Clock
  log: Logger
  providers: Providers
  settings: Settings
  tariffs: Tariffs
  timeZone: string
  closing: AbortSignal
}) {
  const { alarms, book, bus, clock, closing, log, providers, settings, tariffs, timeZone } = parts
  const cron = createTask(settings.poll, () => undefined, { timezone: timeZone })
  const lost = new Set<string>()

  async function ask({ name, ...spot }: Settings['zones'][number]) {
    try {
      book.learn(name, await providers.ask(spot, closing))
    } catch (thrown) {
      if (closing.aborted) return
      log.warn({ zone: name, reason: reasonOf(thrown) }, 'No provider told the weather')
      missed(name, reasonOf(thrown))
    }
    if (!tariffs.freshOf(name) || !lost.delete(name)) return
    bus.publish('weather.found', { zone: name })
    alarms.found(name)
  }

  function missed(zone: string, because: string) {
    if (tariffs.freshOf(zone) || lost.has(zone)) return
    lost.add(zone)
    const since = book.known(zone)?.weather.at
    bus.publish('weather.lost', {
      zone,
      because: because.slice(0, 500),
      ...(since === undefined ? {} : { since }),
    })
    alarms.lost(zone, because, since)
  }

  async function poll() {
    await Promise.all(settings.zones.map(ask))
    await tariffs.look()
  }

  async function tick() {
    const now = clock.now()
    if (cron.match(new Date(now - (now % minute)))) return await poll()
    for (const zone of tariffs.zones) if (book.known(zone)) missed(zone, 'the last known weather is too old')
    await tariffs.look()
  }

  return {
    poll,
    isLost: (zone: string) => lost.has(zone),
    /** Until the house closes. */
    async run() {
      await noted(poll())
      while (!closing.aborted) {
        await clock.sleep(minute - (clock.now() % minute), closing).catch(() => undefined)
        if (!closing.aborted) await noted(tick())
      }
    },
  }

  async function noted(work: Promise<void>) {
    try {
      await work
    } catch (thrown) {
      if (!closing.aborted)
        log.error({ reason: reasonOf(thrown), err: thrown }, 'A look at the weather failed')
    }
  }
}
