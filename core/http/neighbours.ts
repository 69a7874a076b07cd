import fastifyPlugin from 'fastify-plugin'
import type { FactData, Stamped } from '../call-bus/events.ts'
import { oneOf, Type } from '../schema.ts'

const Neighbour = Type.Object({
  name: Type.String(),
  state: oneOf(['connecting', 'connected', 'lost']),
  because: Type.Optional(Type.String()),
})

export interface NeighboursOptions {
  bus: { onAny(listener: (fact: Stamped) => void): () => void }
}

/** Who is connected with us just now: the exchange, the dispatch program, the broker. */
export const neighbours = fastifyPlugin<NeighboursOptions>(async (http, { bus }) => {
  const known = new Map<string, FactData<'connection.changed'>>()
  const stopListening = bus.onAny((fact) => {
    if (fact.name === 'connection.changed') known.set(fact.data.neighbour, fact.data)
  })
  http.addHook('onClose', async () => stopListening())

  http.get(
    '/api/v1/neighbours',
    {
      config: { right: 'calls.read' },
      schema: {
        summary: 'Who is connected with us',
        response: { 200: Type.Object({ neighbours: Type.Array(Neighbour) }) },
      },
    },
    async () => ({
      neighbours: [...known.values()].map(({ neighbour, ...rest }) => ({ name: neighbour, ...rest })),
    }),
  )
})
