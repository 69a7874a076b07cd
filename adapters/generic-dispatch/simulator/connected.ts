/** The adapter connected to a simulator of its own, for tests. */
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import type { DispatchEvent } from '#core/ports/dispatch.ts'
import { checkSettings } from '#core/settings.ts'
import { adapter } from '../adapter.ts'
import { Settings } from '../settings.ts'
import { settingsFor } from './simulate.ts'
import { type SimulatorOptions, startDispatchSimulator } from './simulator.ts'

interface Options {
  simulator?: SimulatorOptions
  settings?: Partial<Settings>
}

export async function connectToSimulator({ simulator: options = {}, settings = {} }: Options = {}) {
  await using opening = new AsyncDisposableStack()
  const simulator = await startDispatchSimulator(options)
  opening.defer(() => simulator.stop())

  const reported: DispatchEvent[] = []
  const dispatch = await adapter.connect({
    settings: { ...checkSettings(Settings, settingsFor(simulator), 'generic-dispatch'), ...settings },
    cleanup: opening,
    report: Object.assign((event: DispatchEvent) => void reported.push(event), {
      kept: () => Promise.reject(new Error('it asks for nothing')),
    }),
    clock: options.clock ?? realClock,
    log: pino({ level: 'silent' }),
    site: { name: 'test', country: 'UA', dataFolder: '/nowhere' },
  })
  const cleanup = opening.move()
  return { dispatch, simulator, reported, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}
