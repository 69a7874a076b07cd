/** The adapter connected to a simulator of its own, for tests and benchmarks. */
import { pino } from 'pino'
import { Value } from 'typebox/value'
import { realClock } from '#core/clock.ts'
import { adapter } from '../adapter.ts'
import { Settings } from '../settings.ts'
import { settingsFor } from './company.ts'
import { openReports } from './reports.ts'
import { type SimulatorOptions, startTaxiMasterSimulator } from './simulator.ts'

interface Options {
  simulator?: SimulatorOptions
  settings?: Partial<Settings>
}

export async function connectToSimulator({ simulator: options = {}, settings = {} }: Options = {}) {
  await using opening = new AsyncDisposableStack()
  const simulator = await startTaxiMasterSimulator(options)
  opening.defer(() => simulator.stop())

  const { reported, report, connectionTold } = openReports()
  const dispatch = await adapter.connect({
    settings: completed({ ...settingsFor(simulator), watchSeconds: 0, ...settings }),
    cleanup: opening,
    report,
    clock: options.clock ?? realClock,
    log: pino({ level: 'silent' }),
    facts: async () => [],
    site: { name: 'test', country: 'UA', dataFolder: '/nowhere' },
  })
  await connectionTold
  const cleanup = opening.move()
  return { dispatch, simulator, reported, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}

/** Settings with their defaults filled in. */
export function completed(given: object): Settings {
  const settings = Value.Default(Settings, given)
  Value.Assert(Settings, settings)
  return settings
}
