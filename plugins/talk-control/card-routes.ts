import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import type { CallBus } from '#core/call-bus/call-bus.ts'
import type { Call } from '#core/calls/call.ts'
import type { Calls } from '#core/calls/calls.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import type { Services } from '#core/plugin.ts'
import { type Order, stages } from '#core/ports/dispatch.ts'
import { CallId, Moment, OrderId, oneOf, Type } from '#core/schema.ts'
import { byOf } from './routes.ts'
import type { Seats } from './seats.ts'

const Card = Type.Object({
  call: CallId,
  kind: Type.Optional(Type.String({ description: 'Absent when he was not looked up.' })),
  isVip: Type.Boolean(),
  answersItself: Type.Boolean({ description: 'The phone of the asker can be made to answer.' }),
  orders: Type.Integer({ description: 'How many he has now.' }),
  order: Type.Optional(
    Type.Object({
      id: OrderId,
      stage: oneOf(stages),
      stateName: Type.String({ description: 'What the dispatch program calls it.' }),
      pickup: Type.Optional(Type.String()),
      minutes: Type.Optional(Type.Number({ description: 'Until the car is at the pickup.' })),
      at: Type.Optional(Moment),
      hasDriver: Type.Boolean({ description: 'His phone is known.' }),
    }),
  ),
})
const OfCall = Type.Object({ call: CallId })

/** Who is on the line and why, for whoever serves him, and what is written down about it. */
export function cardRoutes(house: {
  bus: CallBus
  calls: Pick<Calls, 'find'>
  dispatch: Services['dispatch']
  journal: Pick<Services['journal'], 'findCall'>
  mayAnswerItself(phone: string): boolean
  orderOf(call: CallId): OrderId | undefined
  seats: Pick<Seats, 'phoneOf'>
}): FastifyPluginAsync {
  const { bus, calls, dispatch, journal, seats } = house

  /** What he was known by when he called, as a rule without another question. */
  async function orderOf(call: Call): Promise<Order | undefined> {
    const identity = await call.identity
    const known = identity.lookedUp ? identity.card.order : undefined
    const id = house.orderOf(call.id) ?? known?.id
    if (id === undefined || id === known?.id) return known
    return await dispatch.findOrder(id, AbortSignal.timeout(3_000)).catch(() => undefined)
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/calls/:call/card', {
      config: { right: 'talks.control' },
      schema: { summary: 'Who is on the line and why.', params: OfCall, response: { 200: Card } },
      async handler(request) {
        const { params } = request
        const call = calls.find(params.call)
        if (!call) throw new CallbusError('NOT_FOUND', { what: `live call ${params.call}` })
        const phone = seats.phoneOf(whoIs(request).user.name)
        const [identity, order] = await Promise.all([call.identity, orderOf(call)])
        const card = identity.lookedUp ? identity.card : undefined
        return {
          call: call.id,
          isVip: card?.isVip ?? false,
          answersItself: phone !== undefined && house.mayAnswerItself(phone),
          orders: card?.orders ?? 0,
          ...(card && { kind: card.kind }),
          ...(order && { order: toView(order) }),
        }
      },
    })

    http.post('/calls/:call/notes', {
      config: { right: 'talks.control' },
      schema: {
        summary: 'Writes something down in the story of a call, also of one that is over.',
        params: OfCall,
        body: Type.Object(
          { text: Type.String({ minLength: 1, maxLength: 1_000, pattern: '\\S' }) },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ call: CallId, text: Type.String(), by: Type.String() }) },
      },
      async handler(request, reply) {
        const { call } = request.params
        if (!calls.find(call) && !(await journal.findCall(call)))
          throw new CallbusError('NOT_FOUND', { what: `call ${call}` })
        const note = { call, text: request.body.text.trim(), by: byOf(request) }
        bus.publish('call.noted', note)
        return reply.code(201).send(note)
      },
    })
  }
  return routes as FastifyPluginAsync
}

function toView({ id, stage, state, pickup, minutes, at, driverPhone }: Order) {
  return {
    id,
    stage,
    stateName: state.name,
    hasDriver: driverPhone !== undefined,
    ...(pickup !== undefined && { pickup }),
    ...(minutes !== undefined && { minutes }),
    ...(at !== undefined && { at }),
  }
}
