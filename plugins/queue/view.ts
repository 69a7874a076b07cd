/** The queues and operators of a moment, as the watch looks at them. */
import type { LocalTime } from '#core/calendar.ts'
import type { Moment } from '#core/schema.ts'
import type { View } from './alarms.ts'
import type { QueueEngine } from './engine.ts'
import type { Roster } from './roster.ts'
import type { Settings } from './settings.ts'

export function viewOf(house: {
  engine: QueueEngine
  roster: Roster
  settings: Settings
  localTime: LocalTime
  now: Moment
  missed: ReadonlyMap<string, readonly Moment[]>
}): Pick<View, 'queues' | 'operators'> {
  const { engine, roster, settings, localTime, now, missed } = house
  const isHere = (id: string) => (engine.crew.find(id)?.state.is ?? 'signed_out') !== 'signed_out'
  return {
    queues: settings.queues.map(({ name, calendar }) => ({
      name,
      isOpen: localTime.isOpen(calendar, now),
      isAnybodyHere: (engine.queues.get(name)?.rules.members ?? []).some(({ operator }) => isHere(operator)),
      waiting: engine
        .waiting(name)
        .flatMap(({ call, holdsSince: since }) => (since === undefined ? [] : [{ call, since }])),
    })),
    operators: roster.list().map(({ id, state }) => ({
      id,
      state: state.is,
      since: state.since,
      missed: missed.get(id) ?? [],
    })),
  }
}
