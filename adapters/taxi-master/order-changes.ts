/** Moves, changes and cancels orders. */
import type { Cancellation, Change, Move, OrderChange, Stage } from '#core/ports/dispatch.ts'
import type { OrderId } from '#core/schema.ts'
import { codes, found, refusal } from './answers.ts'
import type { CommonApi } from './common-api.ts'
import { toServerTime } from './moments.ts'
import { toDispatchPhone } from './phone-rules.ts'
import { toRefusal, toTheirId } from './refusals.ts'
import { isCancelled, isTooLateToCancel } from './stages.ts'
import type { Tapi } from './tapi.ts'
import { type Site, toAddressFields, toAttributeValue, toDetails } from './translate.ts'

export function openOrderChanges({ commonApi, tapi }: { commonApi: CommonApi; tapi: Tapi }, site: Site) {
  const { settings, states } = site

  const stateNow = async (id: OrderId, signal: AbortSignal) =>
    found('get_order_state', await commonApi.orderState(id, signal))

  function move(id: OrderId, stateId: number, signal: AbortSignal, penalty?: number) {
    // Only CommonAPI takes a penalty.
    const through = settings.cancelThrough === 'tapi' && penalty === undefined ? tapi : commonApi
    return through.changeOrderState(id, stateId, signal, penalty)
  }

  async function changeState(id: OrderId, stateId: string, signal: AbortSignal): Promise<Move> {
    const state = await stateNow(id, signal)
    if (!state) return { outcome: 'refused', because: 'unknown-order' }
    const target = toTheirId(stateId, 'change_order_state')
    if (state.state_id === target) return { outcome: 'already-there' }
    const answer = await move(id, target, signal)
    if (answer.ok) return { outcome: 'moved' }
    return { outcome: 'refused', because: toRefusal('change_order_state', answer) }
  }

  return {
    changeState,

    async changeStage(id: OrderId, stage: Stage, signal: AbortSignal): Promise<Move> {
      const state = await states.stateFor(stage, signal)
      if (state === undefined) return { outcome: 'refused', because: 'unknown-detail' }
      return await changeState(id, String(state), signal)
    },

    async updateOrder(id: OrderId, change: OrderChange, signal: AbortSignal): Promise<Change> {
      const numbered = (text: string | undefined) =>
        text === undefined ? undefined : toTheirId(text, 'update_order')
      const fields = {
        phone: change.phone && toDispatchPhone(change.phone, settings.phones.orders),
        addresses: change.stops?.map(toAddressFields),
        source_time: change.at === undefined ? undefined : toServerTime(change.at, site.timeZone),
        passenger: change.passenger,
        comment: change.comment,
        tariff_id: numbered(change.tariffId),
        crew_group_id: numbered(change.carGroupId),
        discount_id: numbered(change.discountId),
        attribute_values: change.attributes?.map(toAttributeValue),
        cost_order: change.price,
        auto_recalc_cost: change.recalculate,
      }
      const answer = await commonApi.updateOrder(id, fields, signal)
      if (answer.ok) return { outcome: 'changed' }
      return { outcome: 'refused', because: toRefusal('update_order', answer) }
    },

    async cancellationPenalty(id: OrderId, signal: AbortSignal): Promise<number> {
      const cancelState = await states.cancelState(signal)
      const answer = await commonApi.cancelPenalty(id, cancelState, signal)
      return found('check_cancel_order_penalty', answer)?.cancel_order_penalty_sum ?? 0
    },

    async cancelOrder(
      id: OrderId,
      signal: AbortSignal,
      { penalty }: { penalty?: number } = {},
    ): Promise<Cancellation> {
      const cancelState = await states.cancelState(signal)
      const state = await stateNow(id, signal)
      if (!state) return 'refused'

      const stage = states.stageOf(state.state_id, toDetails(state))
      if (isCancelled(stage)) return 'already-cancelled'
      if (isTooLateToCancel(stage)) return 'refused'

      const answer = await move(id, cancelState, signal, penalty)
      if (answer.ok) return 'cancelled'
      if (answer.code === codes.transitionRefused || answer.code === codes.notFound) return 'refused'
      throw refusal('change_order_state', answer)
    },
  }
}
