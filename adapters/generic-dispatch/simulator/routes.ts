/**
 * The reference implementation of what a dispatch program answers. Its schemas are the documentation
 * (`docs/dispatch-program.openapi.json`).
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { CallBackProgress } from '#core/ports/dispatch.ts'
import { OrderId, oneOf, Phone, type Static, Type } from '#core/schema.ts'
import * as wire from '../wire.ts'
import type { Book, BookedOrder } from './book.ts'

const OfOrder = Type.Object({ id: OrderId })
/** The same in every try of one command; a repeat is answered as the first was and not done again. */
const Key = Type.Object({ 'idempotency-key': Type.String({ minLength: 1, maxLength: 100 }) })
const answers = <Shape>(shape: Shape) => ({ 200: shape, 404: wire.NotFound })

export interface Told {
  sms: Static<typeof wire.Sms>[]
  cards: Static<typeof wire.Card>[]
  callBacks: { order: OrderId; progress: CallBackProgress }[]
  recordings: Static<typeof wire.Recording>[]
}

export function contractRoutes({ book, told }: { book: Book; told: Told }): FastifyPluginAsync {
  const created = new Map<string, OrderId>()

  const noSuch = (reply: FastifyReply) => reply.code(404).send({ code: 'NOT_FOUND' } as const)
  const refused = (because: 'not-from-this-state') => ({ outcome: 'refused', because }) as const

  function moveOrder(order: BookedOrder, stage: Static<typeof wire.Stage>) {
    const outcome = book.move(order, stage)
    return outcome === 'not-from-this-state' ? refused(outcome) : { outcome }
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/callers/:phone', {
      schema: {
        summary: 'Who is this? Asked while the phone rings; answer within a second.',
        params: Type.Object({ phone: Phone }),
        response: answers(wire.CallerCard),
      },
      handler: async ({ params: { phone } }, reply) => {
        const person = book.personOf(phone)
        const orders = book.currentOf(phone)
        if (!person && orders.length === 0) return noSuch(reply)
        const order = orders.at(-1)
        const card = person ?? ({ kind: 'unknown', category: 'normal' } as const)
        return { ...card, orders: orders.length, ...(order && { order }) }
      },
    })

    http.get('/orders', {
      schema: {
        summary: 'The current orders of a number, also those it is only to be called back on.',
        querystring: Type.Object({ phone: Phone }),
        response: { 200: wire.Orders },
      },
      handler: async ({ query }) => ({ orders: book.currentOf(query.phone) }),
    })

    http.get('/orders/:id', {
      schema: { summary: 'An order, ended ones too.', params: OfOrder, response: answers(wire.Order) },
      handler: async ({ params }, reply) => book.orders.get(params.id) ?? noSuch(reply),
    })

    http.get('/states', {
      schema: { summary: 'The program’s states of orders.', response: { 200: wire.States } },
      handler: async () => ({ states: book.states }),
    })

    http.get('/accounts', {
      schema: {
        summary: 'The balance of a client or a driver.',
        querystring: Type.Partial(
          Type.Object({ phone: Phone, clientId: Type.String(), driverId: Type.String() }),
        ),
        response: answers(wire.Account),
      },
      handler: async ({ query: { phone, clientId, driverId } }, reply) => {
        const person = phone === undefined ? undefined : book.personOf(phone)
        const driver = driverId ?? person?.driverId
        const client = clientId ?? person?.clientId
        const employee = person?.employeeId
        if (driver !== undefined) return { of: 'driver', id: driver, balance: -120.5 } as const
        if (client !== undefined)
          return {
            of: 'client',
            id: client,
            balance: 42,
            ...(employee !== undefined && { employeeId: employee }),
          } as const
        return noSuch(reply)
      },
    })

    const OfAccount = Type.Object({ of: oneOf(['clients', 'drivers']), id: Type.String() })
    http.get('/accounts/:of/:id/details', {
      schema: {
        summary: 'What else is known of the owner of an account.',
        params: OfAccount,
        response: answers(wire.AccountDetails),
      },
      handler: async ({ params: { of, id } }, reply) => {
        if (!book.isKnown(id)) return noSuch(reply)
        const lastOperationAt = Date.UTC(2026, 0, 14, 9)
        return of === 'drivers'
          ? { lastOperationAt, shiftStartedAt: Date.UTC(2026, 0, 15, 6), priority: 3 }
          : { lastOperationAt }
      },
    })

    http.post('/claims', {
      schema: {
        summary: 'Whose account it is when the claim is true; 404 when it is not.',
        headers: Key,
        body: wire.Claim,
        response: answers(wire.AccountOwner),
      },
      handler: async ({ body }, reply) => book.provenBy(body) ?? noSuch(reply),
    })

    http.post('/drivers/:id/off-line', {
      schema: {
        summary: 'Ends a driver’s work for now.',
        params: Type.Object({ id: Type.String() }),
        headers: Key,
        response: answers(wire.OffLine),
      },
      handler: async ({ params }, reply) =>
        book.isKnown(params.id) ? { outcome: book.takeOffLine(params.id) } : noSuch(reply),
    })

    http.post('/orders', {
      schema: {
        summary: 'A new order: one per key, however often it is asked.',
        headers: Key,
        body: wire.Draft,
        response: { 200: wire.Creation, 201: wire.Creation },
      },
      handler: async ({ headers, body }, reply) => {
        const key = headers['idempotency-key']
        const before = created.get(key)
        if (before !== undefined) return { outcome: 'already-there', order: before } as const
        if (book.personOf(body.phone)?.isLocked) {
          return { outcome: 'refused', because: 'client-barred' } as const
        }
        const { at, phoneToDial = body.phone, stops } = body
        const { id } = book.place(body.phone, 'new', {
          phoneToDial,
          pickup: stops[0]?.address ?? '',
          ...(at !== undefined && { at }),
        })
        created.set(key, id)
        return reply.code(201).send({ outcome: 'created', order: id })
      },
    })

    http.patch('/orders/:id', {
      schema: {
        summary: 'Changes what is said of an order; everything unsaid stays.',
        params: OfOrder,
        headers: Key,
        body: wire.OrderChange,
        response: answers(wire.Change),
      },
      handler: async ({ params, body: { phone, stops } }, reply) => {
        const order = book.orders.get(params.id)
        if (!order) return noSuch(reply)
        Object.assign(order, { ...(phone && { phone }), ...(stops && { pickup: stops[0]?.address }) })
        return { outcome: 'changed' } as const
      },
    })

    http.put('/orders/:id/stage', {
      schema: {
        summary: 'Moves an order to the program’s state for a stage.',
        params: OfOrder,
        headers: Key,
        body: wire.ToStage,
        response: answers(wire.Move),
      },
      handler: async ({ params, body }, reply) => {
        const order = book.orders.get(params.id)
        return order ? moveOrder(order, body.stage) : noSuch(reply)
      },
    })

    http.put('/orders/:id/state', {
      schema: {
        summary: 'Moves an order to one of the program’s own states.',
        params: OfOrder,
        headers: Key,
        body: wire.ToState,
        response: answers(wire.Move),
      },
      handler: async ({ params, body }, reply) => {
        const order = book.orders.get(params.id)
        const state = book.states.find(({ id }) => id === body.state)
        if (!order) return noSuch(reply)
        return state
          ? moveOrder(order, state.stage)
          : ({ outcome: 'refused', because: 'unknown-detail' } as const)
      },
    })

    http.get('/orders/:id/cancellation', {
      schema: {
        summary: 'What cancelling now would cost the client.',
        params: OfOrder,
        response: answers(wire.Penalty),
      },
      handler: async ({ params }, reply) => {
        const order = book.orders.get(params.id)
        return order ? { penalty: book.penaltyOf(order) } : noSuch(reply)
      },
    })

    http.post('/orders/:id/cancel', {
      schema: {
        summary: 'Cancels for the client; without a penalty the program’s own rules decide.',
        params: OfOrder,
        headers: Key,
        body: wire.Terms,
        response: answers(wire.Cancellation),
      },
      handler: async ({ params }, reply) => {
        const order = book.orders.get(params.id)
        return order ? { outcome: book.cancel(order) } : noSuch(reply)
      },
    })

    http.post('/orders/:id/call-backs', {
      schema: {
        summary: 'How far a call has come that the program asked for.',
        params: OfOrder,
        headers: Key,
        body: wire.Progress,
        response: answers(wire.Accepted),
      },
      handler: async ({ params, body }, reply) => {
        if (!book.orders.has(params.id)) return noSuch(reply)
        told.callBacks.push({ order: params.id, progress: body.progress })
        return { outcome: 'accepted' } as const
      },
    })

    http.post('/orders/:id/join', {
      schema: {
        summary: 'Asks for client and driver to be joined; the program answers at the dispatch door.',
        params: OfOrder,
        headers: Key,
        response: answers(wire.Asked),
      },
      handler: async ({ params }, reply) => {
        const order = book.orders.get(params.id)
        if (!order) return noSuch(reply)
        return { outcome: order.driverPhone === undefined ? 'refused' : 'asked' } as const
      },
    })

    http.post('/sms', {
      schema: { summary: 'Sends an SMS.', headers: Key, body: wire.Sms, response: { 200: wire.Accepted } },
      handler: async ({ body }) => {
        told.sms.push(body)
        return { outcome: 'accepted' } as const
      },
    })

    http.post('/cards', {
      schema: {
        summary: 'Shows something on dispatchers’ screens.',
        headers: Key,
        body: wire.Card,
        response: { 200: wire.Shown },
      },
      handler: async ({ body }) => {
        told.cards.push(body)
        return { outcome: 'shown' } as const
      },
    })

    http.post('/recordings', {
      schema: {
        summary: 'Where the recording of a talk lies; answers with the program’s id of it.',
        headers: Key,
        body: wire.Recording,
        response: { 200: wire.Attached },
      },
      handler: async ({ body }) => ({ id: String(told.recordings.push(body)) }),
    })
  }
  return routes as FastifyPluginAsync
}
