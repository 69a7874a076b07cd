/** From this site's order states to stages. */
import type { Stage } from '#core/ports/dispatch.ts'

export interface StageRules {
  /** The site's own word, by state id; it overrules every guess. */
  overrides: Readonly<Record<string, Stage>>
  /** The state in which orders cancelled by the client end. */
  cancelState?: number | undefined
}

/** What is known of an order's state; the telephony API tells the id alone. */
export interface StateSeen {
  id: number
  /** Of the state's definition: accepted, in_work, finished, aborted. */
  type?: string | undefined
  /** Of the order itself: new_order, driver_assigned, car_at_place, client_inside, finished, aborted. */
  kind?: string | undefined
  confirmed?: string | undefined
}

/** More than the telephony API tells of an order's state. */
export type StateDetails = Pick<StateSeen, 'kind' | 'confirmed'>

/** Ids that came with Taxi-Master; one counts only where its type has not been changed. */
const factory: Readonly<Record<number, { type: string; stage: Stage }>> = {
  1: { type: 'accepted', stage: 'new' },
  3: { type: 'accepted', stage: 'searching' },
  4: { type: 'finished', stage: 'done' },
  5: { type: 'aborted', stage: 'cancelled_company' },
  6: { type: 'aborted', stage: 'cancelled_company' },
  7: { type: 'in_work', stage: 'assigned' },
  9: { type: 'in_work', stage: 'searching' },
  10: { type: 'in_work', stage: 'arrived' },
  11: { type: 'in_work', stage: 'client_in_car' },
  12: { type: 'in_work', stage: 'no_show' },
  13: { type: 'in_work', stage: 'searching' },
  14: { type: 'in_work', stage: 'searching' },
}

const byKind: ReadonlyMap<string, Stage> = new Map([
  ['new_order', 'searching'],
  ['driver_assigned', 'assigned'],
  ['car_at_place', 'arrived'],
  ['client_inside', 'client_in_car'],
  ['finished', 'done'],
  ['aborted', 'cancelled_company'],
])

const byType: ReadonlyMap<string, Stage> = new Map([
  ['accepted', 'searching'],
  ['in_work', 'assigned'],
  ['finished', 'done'],
  ['aborted', 'cancelled_company'],
])

export function toStage(state: StateSeen, rules: StageRules): Stage {
  const stage = guess(state, rules)
  // A driver who was offered the order and has not agreed is no driver yet.
  return stage === 'assigned' && state.confirmed === 'not_confirmed' ? 'searching' : stage
}

function guess({ id, type, kind }: StateSeen, { overrides, cancelState }: StageRules): Stage {
  const own = overrides[String(id)]
  if (own) return own
  if (id === cancelState) return 'cancelled_client'
  const known = factory[id]
  if (known && (type === undefined || type === known.type)) return known.stage
  return byKind.get(kind ?? '') ?? byType.get(type ?? '') ?? 'searching'
}

const carTold: readonly Stage[] = ['assigned', 'driver_on_way', 'arrived', 'client_in_car', 'no_show']

/** Whether a passenger may hear which car it is. */
export function tellsCar(stage: Stage): boolean {
  return carTold.includes(stage)
}

export function isCancelled(stage: Stage): boolean {
  return stage === 'cancelled_client' || stage === 'cancelled_company'
}

/** The order is history. */
export function isOver(stage: Stage): boolean {
  return stage === 'done' || isCancelled(stage)
}

/** Past these a client cannot cancel any more. */
export function isTooLateToCancel(stage: Stage): boolean {
  return stage === 'client_in_car' || stage === 'done'
}
