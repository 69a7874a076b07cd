import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { CallId, Moment, OrderId, oneOf, Type } from '#core/schema.ts'
import type { Desk } from './desk.ts'
import type { Notices } from './notices.ts'
import { results } from './results.ts'
import type { Notice } from './tables.ts'

const CallBack = Type.Object({
  id: Type.String(),
  order: Type.Optional(OrderId),
  rule: Type.String(),
  by: Type.String(),
  state: oneOf(['open', 'closed']),
  result: Type.Optional(oneOf(results)),
  nextAt: Type.Optional(Moment),
  tries: Type.Array(
    Type.Object({ call: CallId, attempt: Type.Integer(), at: Moment, result: Type.Optional(oneOf(results)) }),
  ),
})

/** An operator has a client called, sees how far that is, and stops it. */
export function callBackRoutes({ desk, notices }: { desk: Desk; notices: Notices }): FastifyPluginAsync {
  async function toView({ id, by, next_at, order_id, result, rule, state }: Notice) {
    const tries = await notices.triesOf(id)
    return {
      id,
      rule,
      by,
      state,
      ...(order_id === null ? {} : { order: order_id }),
      ...(result === null ? {} : { result }),
      ...(state === 'open' && result === null ? { nextAt: next_at } : {}),
      tries: tries.map(({ call, attempt, at, result: each }) => ({
        call,
        attempt,
        at,
        ...(each === null ? {} : { result: each }),
      })),
    }
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.post('/call-backs', {
      config: { right: 'clients.call' },
      schema: {
        summary:
          'Calls the client of an order now, also in quiet hours; the same `request` is the same call.',
        body: Type.Object(
          {
            order: OrderId,
            rule: Type.Optional(
              Type.String({ maxLength: 40, description: 'What is told. Without it: how the order stands.' }),
            ),
            request: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          },
          { additionalProperties: false },
        ),
        response: { 202: CallBack },
      },
      handler: async (request, reply) => {
        const { order, rule, request: key = randomUUID() } = request.body
        reply.code(202)
        return await toView(await desk.ask({ order, rule, request: key, by: asker(request) }))
      },
    })

    http.get('/call-backs', {
      config: { right: 'calls.read' },
      schema: {
        summary: 'What the client of an order was called about, is, or will be; oldest first.',
        querystring: Type.Object({ order: OrderId }),
        response: { 200: Type.Array(CallBack) },
      },
      handler: async ({ query }) => await Promise.all((await notices.of(query.order)).map(toView)),
    })

    http.delete('/call-backs/:id', {
      config: { right: 'clients.call' },
      schema: {
        summary: 'Calls him about this no more; a phone that rings stops ringing, a conversation goes on.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null() },
      },
      handler: async (request, reply) => {
        const { id } = request.params
        if (!desk.cancel(id, asker(request)))
          throw new CallbusError('NOT_FOUND', { what: `open call-back ${id}` })
        return reply.code(204).send(null)
      },
    })
  }
  return routes as FastifyPluginAsync
}

function asker(request: FastifyRequest): string {
  return `user:${whoIs(request).user.name}`.slice(0, 100)
}
