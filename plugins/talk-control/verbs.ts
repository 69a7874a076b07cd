import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Calls } from '#core/calls/calls.ts'
import type { Talk } from '#core/calls/talk.ts'
import { CallbusError } from '#core/errors.ts'
import type { Services } from '#core/plugin.ts'
import type { CallId, OrderId } from '#core/schema.ts'
import { type Errands, type Target, toTarget } from './errands.ts'
import { place } from './flow.ts'
import type { Settings } from './settings.ts'

/** A talk and who acts on it. */
export interface Hands {
  call: CallId
  talk: Talk
  by: string
}

/** A phone, or the driver of the order the call is about. */
export type Whom = { to?: string; driver?: boolean }

/** What a talk is done with, whether by HTTP or by keys. Each rejects with TALK_REFUSED when it cannot be done now. */
export interface Verbs {
  hold(hands: Hands): Promise<void>
  consult(hands: Hands, whom: Whom): Promise<void>
  /** Whose phone is rung for the client now. */
  transfer(hands: Hands, whom: Whom): Promise<string>
  /** The client is on hold while his slot is told, if it is to be. */
  park(hands: Hands, tell?: (slot: number) => Promise<void>): Promise<number>
  unlessBusy(call: CallId, target: Target): Target
}

export function openVerbs(house: {
  bus: CallBus
  calls: Calls
  dispatch: Services['dispatch']
  errands: Errands
  isBusy(phone: string): boolean
  orderOf(call: CallId): OrderId | undefined
  phones: Services['phones']
  settings: Settings
}): Verbs {
  const { bus, calls, dispatch, errands, isBusy, orderOf, phones, settings } = house

  async function targetOf(call: CallId, { to, driver }: Whom): Promise<Target> {
    if (driver) return unlessBusy(call, { phone: await driverOf(call), show: 'company' })
    if (to === undefined)
      throw new CallbusError('REQUEST_INVALID', { mistakes: 'name a phone, a place or the driver' })
    return unlessBusy(call, toTarget(to, phones))
  }

  async function driverOf(call: CallId): Promise<string> {
    const refused = (because: string) => new CallbusError('TALK_REFUSED', { call, because })
    const order = orderOf(call)
    if (order === undefined) throw refused('it is about no order')
    const found = await dispatch.findOrder(order, AbortSignal.timeout(3_000))
    if (found?.driverPhone === undefined) throw refused('the order has no driver, or his phone is not known')
    return found.driverPhone
  }

  function unlessBusy(call: CallId, target: Target): Target {
    if (isBusy(target.phone))
      throw new CallbusError('TALK_REFUSED', { call, because: `${target.phone} is in a talk` })
    return target
  }

  return {
    async hold({ call, talk, by }) {
      errands.forget(call)
      await talk.hold(by, place)
    },

    async consult({ call, talk, by }, whom) {
      const target = await targetOf(call, whom)
      errands.give(call, { is: 'transfer', to: target, from: talk.view.with })
      await talk.consult({ ...target, ringFor: settings.ringFor }, by, place)
    },

    async transfer({ call, talk, by }, whom) {
      const from = talk.view.with
      const to = await targetOf(call, whom)
      errands.give(call, { is: 'transfer', to, from })
      await talk.sendTo(place, `given on by ${by}`)
      bus.publish('call.transferred', { call, from, to: to.phone, how: 'blind', by })
      return to.phone
    },

    async park({ call, talk, by }, tell) {
      const slot = errands.freeSlot(call)
      const from = talk.view.with
      errands.give(call, { is: 'park', slot, from })
      if (tell && talk.view.state === 'together') await talk.hold(by, place)
      await tell?.(slot)
      // Whoever hangs up while he is told the slot has parked him as well.
      if (calls.talkOf(call) === talk) await talk.sendTo(place, `parked by ${by}`)
      if (calls.find(call)) bus.publish('call.parked', { call, slot, from, by })
      return slot
    },

    unlessBusy,
  }
}
