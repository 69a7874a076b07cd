import { defineAdapter } from '#core/adapter.ts'
import { openAsker } from '#core/asking/asker.ts'
import { openHealth } from '#core/asking/health.ts'
import { keepDoing } from '#core/asking/keep-doing.ts'
import { openLine } from '#core/asking/line.ts'
import { openClient } from './client.ts'
import { openDispatch } from './dispatch.ts'
import { Settings } from './settings.ts'
import { simulate } from './simulator/simulate.ts'

export const adapter = defineAdapter({
  name: 'generic-dispatch',
  about: 'Asks any dispatch program that answers a small contract in JSON.',
  provides: 'dispatch',
  settings: Settings,

  async connect({ settings, report, cleanup, clock, log }) {
    const { fingerprint } = settings
    const tls = { verify: true, oldTls: false, ...(fingerprint !== undefined && { fingerprint }) }
    const line = openLine({ ...settings, tls })
    cleanup.defer(() => line.close())
    const asker = openAsker(line, openHealth(report, { clock }))
    const dispatch = openDispatch(openClient({ asker, clock }, settings), settings.cannot)

    const closing = new AbortController()
    const looking = keepLooking()
    cleanup.defer(async () => {
      closing.abort(new Error('the house closes'))
      await looking
    })
    return dispatch

    /** The house opens meanwhile: a program that is away holds up nobody. */
    async function keepLooking(): Promise<void> {
      await look(closing.signal).catch((thrown: unknown) => {
        if (!closing.signal.aborted)
          log.warn({ err: thrown }, 'The dispatch program is away; it is asked again')
      })
      await keepDoing(look, {
        clock,
        signal: closing.signal,
        pause: () => settings.lookSeconds * 1_000,
        failed: (thrown) => log.debug({ err: thrown }, 'The dispatch program could not be asked'),
      })
    }

    async function look(signal: AbortSignal): Promise<void> {
      await dispatch.states(signal)
    }
  },

  simulate,
})
