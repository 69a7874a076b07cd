import type { Intents } from '#core/calls/intents.ts'
import type { Clock } from '#core/clock.ts'
import type { Dispatch, Stage } from '#core/ports/dispatch.ts'
import type { Moment, OrderId } from '#core/schema.ts'
import type { AtPlace, Desk, OffLine } from './desk.ts'

const arrived: readonly Stage[] = ['arrived', 'client_in_car', 'done']
/** A driver who asked longer ago than this, in milliseconds, may be back on the line: nobody takes him off again. */
const meantFor = 2 * 60_000

/** What a driver's keys change, each written down before it is done. */
export function openEffects(parts: {
  clock: Pick<Clock, 'now'>
  dispatch: Pick<Dispatch, 'changeStage' | 'findOrder' | 'takeOffLine'>
  intents: Intents
}): Pick<Desk, 'sayAtPlace' | 'takeOffLine'> {
  const { clock, dispatch, intents } = parts

  const atPlace = intents.declare<{ order: OrderId }, AtPlace>('driver-desk.at-place', {
    async find({ order: id }, signal) {
      const order = await dispatch.findOrder(id, signal)
      return order && arrived.includes(order.stage) ? 'moved' : undefined
    },
    async perform({ order }, signal) {
      return (await dispatch.changeStage(order, 'arrived', signal)).outcome
    },
  })

  const offLine = intents.declare<{ driver: string; at: Moment }, OffLine>('driver-desk.off-line', {
    // Asked a second time it answers that he is off already, unless he has come back meanwhile.
    find: async ({ at }) => (clock.now() - at > meantFor ? 'too-late' : undefined),
    perform: ({ driver }, signal) => dispatch.takeOffLine(driver, signal),
  })

  return {
    sayAtPlace: ({ id }, { call, signal }) =>
      atPlace.carryOut(
        { key: `driver-desk.at-place:${id}:${call.id}`, call: call.id, data: { order: id } },
        signal,
      ),
    takeOffLine: (driver, { call, signal }) =>
      offLine.carryOut(
        { key: `driver-desk.off-line:${call.id}`, call: call.id, data: { driver, at: clock.now() } },
        signal,
      ),
  }
}
