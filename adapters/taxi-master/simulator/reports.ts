/** What an adapter reports, in the order it does; requests as the house keeps them, without a disk. */
import type { Ports, Repeats } from '#core/adapter.ts'

type Dispatched = Ports['dispatch']

export function openReports() {
  const reported: (Dispatched['event'] | Dispatched['request'])[] = []
  const keys = new Set<string>()

  const kept = async (request: Dispatched['request'], { key }: Repeats): Promise<'new' | 'repeat'> => {
    if (keys.has(key)) return 'repeat'
    keys.add(key)
    reported.push(request)
    return 'new'
  }
  const connection = Promise.withResolvers<void>()
  const hear = (event: Dispatched['event']) => {
    reported.push(event)
    if (event.name === 'connection.changed' && event.state !== 'connecting') connection.resolve()
  }
  return {
    reported,
    report: Object.assign(hear, { kept }),
    /** Once it is known whether Taxi-Master is there. */
    connectionTold: connection.promise,
  }
}
