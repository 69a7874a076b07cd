import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { maskedCopy } from '#core/masking.ts'
import type { Services } from '#core/plugin.ts'
import { CallId, Moment, oneOf, Type } from '#core/schema.ts'
import type { CallBack, CallBackBook } from './book.ts'
import type { CallBacks } from './call-backs.ts'
import { callBackFigures } from './figures.ts'
import { type CallBackTables, endStates, openStates } from './tables.ts'

const View = Type.Object({
  id: Type.String({ description: 'The call in which he asked for it, or an id of its own.' }),
  queue: Type.String(),
  phone: Type.String(),
  state: oneOf([...openStates, ...endStates]),
  arrivedAt: Moment,
  askedAt: Moment,
  promisedAt: Moment,
  nextAt: Moment,
  closedAt: Type.Optional(Moment),
  because: Type.Optional(Type.String()),
  operator: Type.Optional(Type.String()),
  by: Type.String(),
  tries: Type.Array(
    Type.Object({ call: CallId, attempt: Type.Integer(), at: Moment, outcome: Type.Optional(Type.String()) }),
  ),
})
const Share = Type.Optional(Type.Number())
const dayLong = 24 * 3_600_000

/** An operator sees who is to be called back, asks for it in a client's name, and stops it. */
export function callBackRoutes(house: {
  book: CallBackBook
  callBacks: CallBacks
  calls: Services['calls']
  clock: Clock
  database: Pick<Kysely<CallBackTables>, 'selectFrom'>
  phones: Services['phones']
  queues: readonly { name: string }[]
}): FastifyPluginAsync {
  const { book, callBacks, calls, clock, database, phones, queues } = house

  async function toView(row: CallBack, request: FastifyRequest) {
    const view = {
      id: row.id,
      queue: row.queue,
      phone: row.phone,
      state: row.state,
      arrivedAt: row.arrived_at,
      askedAt: row.asked_at,
      promisedAt: row.promised_at,
      nextAt: row.next_at,
      by: row.by,
      ...(row.closed_at !== null && { closedAt: row.closed_at }),
      ...(row.because !== null && { because: row.because }),
      ...(row.operator !== null && { operator: row.operator }),
      tries: (await book.triesOf(row.id)).map(({ call, attempt, at, outcome }) => ({
        call,
        attempt,
        at,
        ...(outcome !== null && { outcome }),
      })),
    }
    return whoIs(request).rights.has('phones.read') ? view : maskedCopy(view)
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/call-backs', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'Who asked to be called back since then, the latest first; without a moment: within a day.',
        querystring: Type.Object({ since: Type.Optional(Moment) }),
        response: { 200: Type.Array(View) },
      },
      handler: async (request) => {
        const rows = await book.since(request.query.since ?? clock.now() - dayLong)
        return await Promise.all(rows.map((row) => toView(row, request)))
      },
    })

    http.post('/call-backs', {
      config: { right: 'clients.call' },
      schema: {
        summary: 'A client gets a place in a queue and is called when it is his turn.',
        body: Type.Object(
          {
            phone: Type.String({ minLength: 1, maxLength: 30 }),
            queue: Type.Optional(Type.String({ maxLength: 40 })),
            line: Type.Optional(Type.String({ maxLength: 60, description: 'In the name of this line.' })),
          },
          { additionalProperties: false },
        ),
        response: { 202: View },
      },
      handler: async (request, reply) => {
        const { phone, queue = queues[0]?.name ?? '', line } = request.body
        if (!queues.some(({ name }) => name === queue))
          throw new CallbusError('NOT_FOUND', { what: `queue ${queue}` })
        const number = phones.toE164(phone)
        if (number === undefined)
          throw new CallbusError('REQUEST_INVALID', { mistakes: 'phone is no number that can be called' })
        const row = await callBacks.ask({
          phone: number,
          queue,
          line: calls.lineOf(line).number,
          priority: 0,
          arrivedAt: clock.now(),
          by: asker(request),
        })
        reply.code(202)
        return await toView(row, request)
      },
    })

    http.delete('/call-backs/:id', {
      config: { right: 'clients.call' },
      schema: {
        summary: 'He is not called back any more; a phone that rings stops ringing.',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null() },
      },
      handler: async (request, reply) => {
        const { id } = request.params
        if (!callBacks.cancel(id, asker(request)))
          throw new CallbusError('NOT_FOUND', { what: `open call-back ${id}` })
        return reply.code(204).send(null)
      },
    })

    http.get('/figures/call-backs', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'Call-backs asked for in a period that are over.',
        querystring: Type.Object({
          from: Moment,
          until: Moment,
          queue: Type.Optional(Type.String({ maxLength: 40 })),
        }),
        response: {
          200: Type.Object({
            requested: Type.Integer(),
            results: Type.Record(Type.String(), Type.Integer()),
            kept: Share,
            reached: Share,
            attempts: Type.Optional(Type.Number({ description: 'Per call-back.' })),
          }),
        },
      },
      handler: async ({ query }) => {
        const { kept, reached, attempts, ...counts } = await callBackFigures(database, query)
        return {
          ...counts,
          ...(kept !== undefined && { kept }),
          ...(reached !== undefined && { reached }),
          ...(attempts !== undefined && { attempts }),
        }
      },
    })
  }
  return routes as FastifyPluginAsync
}

function asker(request: FastifyRequest): string {
  return `user:${whoIs(request).user.name}`.slice(0, 100)
}
