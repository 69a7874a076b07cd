/** What is remembered of callers: who served them last, and who calls after his order again. */
import type { Kysely } from 'kysely'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Clock } from '#core/clock.ts'
import type { Caller } from '#core/plugin.ts'
import type { Moment } from '#core/schema.ts'
import { basePriority } from './priority.ts'
import type { Settings } from './settings.ts'
import type { QueueTables } from './tables.ts'

export interface Lookout {
  lastOperatorOf(phone: string | undefined): { operator: string; at: Moment } | undefined
  served(phone: string | undefined, operator: string): void
  priorityOf(caller: Caller): Promise<number>
}

const remembered = 20_000
const longest = 7 * 24 * 3_600_000

export async function openLookout(parts: {
  bus: CallBus
  clock: Clock
  database: Pick<Kysely<QueueTables>, 'selectFrom'>
  settings: Settings
}): Promise<Lookout> {
  const { bus, clock, database, settings } = parts
  const lastOperators = new Map<string, { operator: string; at: Moment }>()
  /** How often somebody has called while his order was under way. */
  const chases = new Map<string, number>()

  const rows = await database
    .selectFrom('queue_entries')
    .select(['phone', 'operator', 'left_at'])
    .where('outcome', '=', 'answered')
    .where('left_at', '>', clock.now() - longest)
    .orderBy('left_at', 'desc')
    .limit(remembered)
    .execute()
  for (const { phone, operator, left_at } of rows.toReversed())
    if (phone !== null && operator !== null && left_at !== null)
      lastOperators.set(phone, { operator, at: left_at })

  bus.on('call.identified', ({ order }) => {
    if (order !== undefined) keep(chases, order, (chases.get(order) ?? 0) + 1)
  })

  return {
    lastOperatorOf: (phone) => (phone === undefined ? undefined : lastOperators.get(phone)),

    served(phone, operator) {
      if (phone !== undefined) keep(lastOperators, phone, { operator, at: clock.now() })
    },

    async priorityOf({ call }) {
      const identity = await call.identity
      if (!identity.lookedUp) return call.priority
      const { isVip = false, order } = identity.card
      return basePriority(
        {
          preferred: call.priority,
          isVip,
          isPromiseBroken: order !== undefined && (chases.get(order.id) ?? 0) > 1,
          ...(order && { stage: order.stage }),
        },
        settings.priorities,
      )
    },
  }
}

/** The oldest is forgotten for the newest. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value) {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > remembered && oldest !== undefined) map.delete(oldest)
}
