import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { Moment, OrderId, oneOf, Phone, Type } from '#core/schema.ts'
import type { Bridge } from './bridge.ts'
import type { Join, Joins } from './joins.ts'
import type { Lines } from './lines.ts'
import { twoOf } from './meetings.ts'
import type { Orders } from './orders.ts'
import { roles } from './settings.ts'

const JoinView = Type.Object({
  id: Type.String({ description: 'Also that of the call in which it is done.' }),
  order: Type.Optional(OrderId),
  client: Phone,
  driver: Phone,
  first: oneOf(roles, { description: 'Who is on the line first.' }),
  by: Type.String(),
  at: Moment,
  outcome: Type.Optional(Type.String({ description: 'Absent while it is under way.' })),
})

/** The operator's button, and what came of it. */
export function joinRoutes(parts: {
  bridge: Bridge
  joins: Joins
  lines: Lines
  orders: Orders
}): FastifyPluginAsync {
  const { bridge, joins, lines, orders } = parts

  async function twoNow(id: string, signal: AbortSignal) {
    const order = await orders.find(id, signal)
    if (order === 'unknown') throw refused(id, 'the dispatch program does not say whose it is')
    if (order === 'none') throw new CallbusError('NOT_FOUND', { what: `order ${id}` })
    const two = twoOf(order)
    if (!two) throw refused(id, 'it has no driver, or a phone is not known')
    return two
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.post('/joins', {
      config: { right: 'calls.join' },
      schema: {
        summary: 'Rings client and driver of an order and joins them.',
        body: Type.Object(
          {
            order: OrderId,
            first: Type.Optional(oneOf(roles)),
            key: Type.Optional(
              Type.String({ minLength: 1, maxLength: 100, description: 'The same key joins once.' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 202: JoinView },
      },
      async handler(request, reply) {
        const { order, first, key = randomUUID() } = request.body
        const by = `user:${whoIs(request).user.name}`.slice(0, 100)
        const two = await twoNow(order, AbortSignal.timeout(5_000))
        const line = await lines.of(two)
        const { is, join } = await bridge.ask({
          ...two,
          by,
          request: `${by}:${key}`,
          ...(first === undefined ? {} : { first }),
          ...(line === undefined ? {} : { line }),
        })
        if (is === 'too-often') throw refused(order, 'they were joined too often within a short time')
        return reply.code(202).send(toView(join))
      },
    })

    http.get('/joins', {
      config: { right: 'calls.read' },
      schema: {
        summary: 'The joins of an order, the oldest first.',
        querystring: Type.Object({ order: OrderId }),
        response: { 200: Type.Object({ joins: Type.Array(JoinView) }) },
      },
      handler: async ({ query }) => ({ joins: (await joins.of(query.order)).map(toView) }),
    })
  }
  return routes as FastifyPluginAsync
}

function refused(order: string, because: string): CallbusError {
  return new CallbusError('JOIN_REFUSED', { order, because })
}

function toView({ isRung: _, line: __, ...join }: Join) {
  return join
}
