import fastifyPlugin from 'fastify-plugin'
import type { Neighbours } from '../neighbours.ts'
import { oneOf, Type } from '../schema.ts'

const Neighbour = Type.Object({
  name: Type.String(),
  state: oneOf(['connecting', 'connected', 'lost']),
  because: Type.Optional(Type.String()),
})

/** Who is connected with us just now: the exchange, the dispatch program, the broker. */
export const neighbourRoutes = fastifyPlugin<{ neighbours: Neighbours }>(async (http, { neighbours }) => {
  http.get(
    '/api/v1/neighbours',
    {
      config: { right: 'calls.read' },
      schema: {
        summary: 'Who is connected with us',
        response: { 200: Type.Object({ neighbours: Type.Array(Neighbour) }) },
      },
    },
    async () => ({ neighbours: neighbours.list() }),
  )
})
