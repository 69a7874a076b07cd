/** A dispatch program at wire level: the contract, its token, and misbehaviour on demand. */
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Clock, realClock } from '#core/clock.ts'
import type { OrderId } from '#core/schema.ts'
import { type BookedOrder, openBook } from './book.ts'
import { contractRoutes, type Told } from './routes.ts'

export interface Misbehaviour {
  /** Never answers. */
  silent?: boolean
  /** Sent in place of the answer. */
  nonsense?: string | Buffer
  status?: number
  /** Does the work and drops the connection in place of the answer. */
  lostAnswer?: boolean
  /** Only requests of this method. */
  only?: string
  /** Ends by itself after so many requests. */
  times?: number
}

export interface SimulatorOptions {
  clock?: Clock
  token?: string
}

export type DispatchSimulator = Awaited<ReturnType<typeof startDispatchSimulator>>

const prefix = '/callbus'

export async function startDispatchSimulator({
  clock = realClock,
  token = 'demo-dispatch-token',
}: SimulatorOptions = {}) {
  const told: Told = { sms: [], cards: [], callBacks: [], recordings: [] }
  const cancellations = new Map<OrderId, number>()
  const listeners = new Set<(order: BookedOrder, at: number) => void>()
  const book = openBook((order) => {
    if (order.stage === 'cancelled_client') {
      cancellations.set(order.id, (cancellations.get(order.id) ?? 0) + 1)
    }
    for (const hear of listeners) hear(order, clock.now())
  })
  let misbehaviour: Misbehaviour | undefined

  function meets(method: string): Misbehaviour | undefined {
    if (!misbehaviour || (misbehaviour.only ?? method) !== method) return undefined
    const met = misbehaviour
    if (met.times !== undefined) misbehaviour = met.times > 1 ? { ...met, times: met.times - 1 } : undefined
    return met
  }

  function open(): FastifyInstance {
    const app = Fastify({ forceCloseConnections: true })
    app.addHook('onRequest', async ({ headers }, reply) => {
      if (headers.authorization !== `Bearer ${token}`) return reply.code(401).send({ code: 'NOT_SIGNED_IN' })
    })
    app.addHook('onSend', async (request, reply, payload) => {
      const met = meets(request.method)
      if (met?.silent) await new Promise(() => {})
      if (met?.lostAnswer) request.raw.socket.destroy()
      if (met?.status !== undefined) reply.code(met.status)
      if (met?.nonsense === undefined) return payload
      reply.removeHeader('content-length')
      return met.nonsense
    })
    void app.register(contractRoutes({ book, told }), { prefix })
    return app
  }

  let app: FastifyInstance | undefined = open()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo

  async function goDown() {
    await app?.close()
    app = undefined
  }

  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    token,
    told: told as Readonly<Told>,
    ...book,
    cancellations: (id: OrderId) => cancellations.get(id) ?? 0,

    /** Told of every move with its moment; the returned function takes the listener back. */
    onMove(hear: (order: BookedOrder, at: number) => void): () => void {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },

    misbehave: (how: Misbehaviour) => {
      misbehaviour = how
    },
    behave: () => {
      misbehaviour = undefined
    },

    goDown,
    async comeBack() {
      if (app) return
      app = open()
      await app.listen({ host: '127.0.0.1', port })
    },
    stop: goDown,
  }
}
