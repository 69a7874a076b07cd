import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { FactData } from '#core/call-bus/events.ts'
import type { QualityDatabase } from './tables.ts'

/** Who of the operators sits at an extension; the extension itself where nobody signs in. */
export interface Operators {
  at(extension: string): string
}

const lookBack = 24 * 60 * 60_000
const mostMoves = 5_000

export async function openOperators(parts: {
  bus: Pick<CallBus, 'on'>
  database: QualityDatabase
  now: number
}): Promise<Operators> {
  const { bus, database, now } = parts
  const seats = new Map<string, string>()
  const hear = ({ operator, extension }: FactData<'operator.changed'>) => {
    if (extension !== undefined) seats.set(extension, operator)
  }
  const moves = await database
    .selectFrom('facts')
    .select('data')
    .where('name', '=', 'operator.changed')
    .where('at', '>', now - lookBack)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(mostMoves)
    .execute()
  for (const { data } of moves.reverse()) hear(JSON.parse(data) as FactData<'operator.changed'>)
  bus.on('operator.changed', hear)
  return { at: (extension) => seats.get(extension) ?? extension }
}
