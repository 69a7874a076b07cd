/** Which strategy each queue follows: that of the settings, or what was changed since, step by step undone. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { QueueJournal } from './queue-journal.ts'
import type { Settings, StrategySettings } from './settings.ts'
import type { StrategiesTable } from './tables.ts'

export interface StrategyBook {
  /** `undefined` while the settings count. */
  changed(queue: string): StrategySettings | undefined
  current(queue: string): StrategySettings
  change(queue: string, strategy: StrategySettings, by: string): void
  /** Back to what was before the last change; `NOT_FOUND` when nothing was changed. */
  undo(queue: string): StrategySettings
}

export function openStrategyBook(parts: {
  settings: Settings
  changes: ReadonlyMap<string, readonly StrategiesTable[]>
  clock: Clock
  journal: Pick<QueueJournal, 'strategy' | 'strategyUndone'>
}): StrategyBook {
  const { settings, clock, journal } = parts
  const books = new Map(settings.queues.map(({ name }) => [name, [...(parts.changes.get(name) ?? [])]]))

  function changed(queue: string): StrategySettings | undefined {
    const latest = books.get(queue)?.at(-1)
    return latest && (JSON.parse(latest.strategy) as StrategySettings)
  }

  function current(queue: string): StrategySettings {
    const strategy = changed(queue) ?? settings.queues.find(({ name }) => name === queue)?.strategy
    if (!strategy) throw new CallbusError('NOT_FOUND', { what: `queue ${queue}` })
    return strategy
  }

  return {
    changed,
    current,

    change(queue, strategy, by) {
      const book = books.get(queue)
      if (!book) throw new CallbusError('NOT_FOUND', { what: `queue ${queue}` })
      const row = {
        id: randomUUID(),
        queue,
        strategy: JSON.stringify(strategy),
        by,
        at: clock.now(),
        undone_at: null,
      }
      book.push(row)
      journal.strategy(row)
    },

    undo(queue) {
      const undone = books.get(queue)?.pop()
      if (!undone) throw new CallbusError('NOT_FOUND', { what: `change of the strategy of queue ${queue}` })
      journal.strategyUndone(undone.id, clock.now())
      return current(queue)
    },
  }
}
