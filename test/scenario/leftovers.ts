/** What may stay behind when a call is over, counted at the exchange and inside of us. */
import assert from 'node:assert/strict'
import { type Playbacks, watchPlaybacks } from '../asterisk/watch-playbacks.ts'
import { collectGarbage } from '../support/garbage.ts'
import { until } from '../support/until.ts'
import type { Company } from './company.ts'

export interface Leftovers extends Disposable {
  /** Keeps an eye on the call of this moment. */
  watch(): Promise<void>
  /** Resolves when nothing is left of any call; rejects with what is. */
  none(): Promise<void>
}

export async function openLeftovers(company: Company): Promise<Leftovers> {
  const { asterisk } = company.exchange
  const playbacks: Playbacks = await watchPlaybacks(asterisk)
  let watched: WeakRef<object> | undefined

  async function count() {
    const names = async (path: string) =>
      ((await asterisk.ari('GET', path)) as { id?: string; name?: string }[]).map(
        ({ id, name }) => id ?? name,
      )
    collectGarbage()
    return {
      channels: await names('channels'),
      bridges: await names('bridges'),
      recordings: await names('recordings/stored'),
      playbacks: [...playbacks.running],
      calls: company.calls.live().length,
      // Timers of the start itself may have ended since.
      timers: Math.max(0, company.clock.pending() - company.timersAtRest),
      // Whoever still held a timer, a listener or a map entry for the call would keep it in memory.
      isRemembered: watched?.deref() !== undefined,
    }
  }

  const nothing: Awaited<ReturnType<typeof count>> = {
    channels: [],
    bridges: [],
    recordings: [],
    playbacks: [],
    calls: 0,
    timers: 0,
    isRemembered: false,
  }

  return {
    async watch() {
      watched = await until(() => company.calls.live().map((call) => new WeakRef<object>(call))[0], {
        what: 'a live call',
      })
    },

    async none() {
      let left = await count()
      const isNothing = async () => {
        left = await count()
        return JSON.stringify(left) === JSON.stringify(nothing)
      }
      await until(isNothing, { what: 'nothing to be left', within: 10_000, every: 50 }).catch(() => undefined)
      assert.deepEqual(left, nothing)
    },

    [Symbol.dispose]: () => playbacks[Symbol.dispose](),
  }
}
