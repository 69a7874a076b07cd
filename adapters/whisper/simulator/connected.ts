/** The adapter connected to a simulator of its own, for tests. */
import { pino } from 'pino'
import { type Clock, realClock } from '#core/clock.ts'
import type { SpeechEvent } from '#core/ports/speech.ts'
import { checkSettings } from '#core/settings.ts'
import { adapter } from '../adapter.ts'
import { Settings } from '../settings.ts'
import { settingsFor } from './simulate.ts'
import { type SpeechSimulatorOptions, startSpeechSimulator } from './simulator.ts'

interface Options {
  simulator?: SpeechSimulatorOptions
  settings?: Partial<Settings>
  clock?: Clock
}

export async function connectToSimulator({
  simulator: options = {},
  settings,
  clock = realClock,
}: Options = {}) {
  await using opening = new AsyncDisposableStack()
  const simulator = await startSpeechSimulator(options)
  opening.defer(() => simulator.stop())

  const reported: SpeechEvent[] = []
  const logged: string[] = []
  const speech = await adapter.connect({
    settings: checkSettings(Settings, { ...settingsFor(simulator), ...settings }, 'adapters.whisper'),
    cleanup: opening,
    report: (event) => void reported.push(event),
    clock,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    facts: async () => [],
    site: { name: 'test', country: 'UA', dataFolder: '/nowhere' },
  })
  const cleanup = opening.move()
  return { speech, simulator, reported, logged, [Symbol.asyncDispose]: () => cleanup.disposeAsync() }
}
