/** Each line calls a number of ours now and then; nobody picks up, so it costs nothing. */
import { randomUUID } from 'node:crypto'
import { reasonOf } from '#core/errors.ts'
import type { Services } from '#core/plugin.ts'
import { isFailure } from './health.ts'
import type { Settings, Trunk } from './settings.ts'
import type { Watch } from './watch.ts'

export const testPlace = 'line-self-test'

export interface SelfTest {
  /** Whether a call that comes in is one of ours. */
  isOurs(from: string | undefined, to: string | undefined): boolean
  keepTesting(signal: AbortSignal): Promise<void>
}

export function openSelfTest({
  calls,
  clock,
  log,
  settings,
  watch,
}: Pick<Services, 'calls' | 'clock' | 'log'> & { settings: Settings; watch: Watch }): SelfTest {
  const { selfTest, trunks } = settings
  let tested: Trunk | undefined

  async function test(trunk: Trunk, { to, ringFor }: NonNullable<Settings['selfTest']>, signal: AbortSignal) {
    tested = trunk
    try {
      const order = {
        id: randomUUID(),
        to,
        place: testPlace,
        about: { trunk: trunk.name },
        because: `a test of the line ${trunk.name}`,
        ringFor,
        trunk: trunk.name,
      }
      const outcome = await calls.ring(order, signal)
      if (!signal.aborted) watch.see(trunk.name, { name: 'tested', worked: !isFailure(outcome) })
    } catch (thrown) {
      if (!signal.aborted)
        log.warn(
          { trunk: trunk.name, reason: reasonOf(thrown) },
          'A line could not be tested; the next test tries again',
        )
    } finally {
      tested = undefined
    }
  }

  return {
    isOurs: (from, to) =>
      tested !== undefined && to === selfTest?.to && (from === undefined || from === tested.number),
    async keepTesting(signal) {
      while (selfTest && !signal.aborted) {
        await clock.sleep(selfTest.every * 60_000, signal).catch(() => undefined)
        for (const trunk of trunks) if (!signal.aborted) await test(trunk, selfTest, signal)
      }
    },
  }
}
