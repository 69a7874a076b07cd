/** The dispatch port, asked in plain JSON: which verb is which request. */
import { CallbusError } from '#core/errors.ts'
import type { Dispatch, DispatchVerb } from '#core/ports/dispatch.ts'
import { withoutDispatch } from '#core/ports/without-dispatch.ts'
import type { OrderId } from '#core/schema.ts'
import type { Client } from './client.ts'
import { type Verb, verbs } from './settings.ts'
import { toCallerCard, toOrder, unknownCaller } from './translate.ts'
import * as wire from './wire.ts'

const unknownOrder = { outcome: 'refused', because: 'unknown-order' } as const

export function openDispatch({ ask }: Client, cannot: readonly Verb[]): Dispatch {
  const all: Pick<Dispatch, Verb> = {
    async identify(phone, signal) {
      const card = await ask(
        get('identify', `/callers/${encodeURIComponent(phone)}`),
        wire.CallerCard,
        signal,
      )
      return card ? toCallerCard(card) : unknownCaller
    },

    async findOrder(id, signal) {
      const order = await ask(get('findOrder', orderPath(id)), wire.Order, signal)
      return order && toOrder(order)
    },

    async findOrders(phone, signal) {
      const path = `/orders?${new URLSearchParams({ phone })}`
      const found = await ask(get('findOrders', path), wire.Orders, signal)
      return found?.orders.map(toOrder) ?? []
    },

    async states(signal) {
      return answered('states', await ask(get('states', '/states'), wire.States, signal)).states
    },

    async findAccount(owner, signal) {
      const path = `/accounts?${new URLSearchParams(Object.entries(owner))}`
      return await ask(get('findAccount', path), wire.Account, signal)
    },

    async accountDetails({ of, id }, signal) {
      const path = `/accounts/${of}s/${encodeURIComponent(id)}/details`
      return (await ask(get('accountDetails', path), wire.AccountDetails, signal)) ?? {}
    },

    async checkClaim(claim, signal) {
      return await ask(post('checkClaim', '/claims', claim), wire.AccountOwner, signal)
    },

    async takeOffLine(driverId, signal) {
      const path = `/drivers/${encodeURIComponent(driverId)}/off-line`
      return (await ask(post('takeOffLine', path, {}), wire.OffLine, signal))?.outcome ?? 'refused'
    },

    async cancellationPenalty(id, signal) {
      const path = orderPath(id, '/cancellation')
      return (await ask(get('cancellationPenalty', path), wire.Penalty, signal))?.penalty ?? 0
    },

    async createOrder({ key, firstTriedAt: _ours, ...body }, signal) {
      const asked = { name: 'createOrder', verb: 'POST', path: '/orders', body, key } as const
      return answered('createOrder', await ask(asked, wire.Creation, signal))
    },

    async updateOrder(id, body, signal) {
      const asked = { name: 'updateOrder', verb: 'PATCH', path: orderPath(id), body } as const
      return (await ask(asked, wire.Change, signal)) ?? unknownOrder
    },

    async changeStage(id, stage, signal) {
      const path = orderPath(id, '/stage')
      const asked = { name: 'changeStage', verb: 'PUT', path, body: { stage } } as const
      return (await ask(asked, wire.Move, signal)) ?? unknownOrder
    },

    async changeState(id, state, signal) {
      const path = orderPath(id, '/state')
      const asked = { name: 'changeState', verb: 'PUT', path, body: { state } } as const
      return (await ask(asked, wire.Move, signal)) ?? unknownOrder
    },

    async cancelOrder(id, signal, terms = {}) {
      const asked = post('cancelOrder', orderPath(id, '/cancel'), terms)
      return (await ask(asked, wire.Cancellation, signal))?.outcome ?? 'refused'
    },

    async reportCallBack({ order, called, progress, stateId: state }, signal) {
      const body = { called, progress, ...(state !== undefined && { state }) }
      const asked = post('reportCallBack', orderPath(order, '/call-backs'), body)
      answered('reportCallBack', await ask(asked, wire.Accepted, signal))
    },

    async joinClientAndDriver(id, signal) {
      const asked = post('joinClientAndDriver', orderPath(id, '/join'), {})
      return (await ask(asked, wire.Asked, signal))?.outcome ?? 'refused'
    },

    async sendSms(phone, text, signal) {
      answered('sendSms', await ask(post('sendSms', '/sms', { phone, text }), wire.Accepted, signal))
    },

    async raiseCard(card, signal) {
      return answered('raiseCard', await ask(post('raiseCard', '/cards', card), wire.Shown, signal)).outcome
    },

    async attachRecording(recording, signal) {
      const asked = { ...post('attachRecording', '/recordings', recording), key: recording.id }
      return answered('attachRecording', await ask(asked, wire.Attached, signal)).id
    },
  }

  const can = verbs.filter((verb) => !cannot.includes(verb))
  const those = Object.fromEntries(can.map((verb) => [verb, all[verb]])) as Partial<typeof all>
  return { ...withoutDispatch, ...those, capabilities: new Set<DispatchVerb>(can) }
}

const get = (name: Verb, path: string) => ({ name, verb: 'GET', path }) as const
const post = (name: Verb, path: string, body: object) => ({ name, verb: 'POST', path, body }) as const

function orderPath(id: OrderId, rest = ''): string {
  return `/orders/${encodeURIComponent(id)}${rest}`
}

/** Of what is always there, "there is none" means that the program lacks it. */
function answered<Value>(request: Verb, value: Value | undefined): Value {
  if (value !== undefined) return value
  throw new CallbusError('DISPATCH_REFUSED', { request, status: 404, reason: 'it does not know this' })
}
