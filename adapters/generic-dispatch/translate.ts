/** What the program may leave out, filled in; nobody is promised a car before the driver has agreed. */
import type { CallerCard, Order } from '#core/ports/dispatch.ts'
import type { Static } from '#core/schema.ts'
import type * as wire from './wire.ts'

export const unknownCaller: CallerCard = { kind: 'unknown', category: 'normal', orders: 0 }

export function toOrder(order: Static<typeof wire.Order>): Order {
  const { id, stage, state = { id: stage, name: stage } } = order
  const { at, car, minutes, driverPhone, phone, phoneToDial, pickup, takenBy } = order
  const isAgreed = stage !== 'new' && stage !== 'searching'
  return {
    id,
    stage,
    state: { id: state.id, name: state.name },
    ...(isAgreed && car && { car }),
    ...(isAgreed && minutes !== undefined && { minutes }),
    ...(isAgreed && driverPhone !== undefined && { driverPhone }),
    ...(at !== undefined && { at }),
    ...(phone !== undefined && { phone }),
    ...(phoneToDial !== undefined && { phoneToDial }),
    ...(pickup !== undefined && { pickup }),
    ...(takenBy && { takenBy }),
  }
}

export function toCallerCard(card: Static<typeof wire.CallerCard>): CallerCard {
  const { kind, category = 'normal', clientId, driverId, isLocked, isVip, order } = card
  const { orders = order ? 1 : 0 } = card
  return {
    kind,
    category,
    orders,
    ...(clientId !== undefined && { clientId }),
    ...(driverId !== undefined && { driverId }),
    ...(isLocked && { isLocked }),
    ...(isVip && { isVip }),
    ...(order && { order: toOrder(order) }),
  }
}
