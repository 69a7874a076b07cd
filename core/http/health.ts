import fastifyPlugin from 'fastify-plugin'
import type { Neighbours } from '../neighbours.ts'
import { oneOf, Type } from '../schema.ts'

const partStates = ['ready', 'starting', 'lost', 'failed'] as const

export interface Part {
  name: string
  state: (typeof partStates)[number]
  /** Without it we cannot do our work; any other part may be away. */
  isVital: boolean
}

/** Public, so they tell names and states only. */
export const health = fastifyPlugin<{ parts: () => readonly Part[] }>(async (http, { parts }) => {
  http.get(
    '/health',
    {
      config: { public: true },
      schema: {
        summary: 'The process is alive',
        response: { 200: Type.Object({ state: Type.Literal('alive') }) },
      },
    },
    async () => ({ state: 'alive' as const }),
  )

  const Readiness = Type.Object({
    isReady: Type.Boolean(),
    parts: Type.Record(Type.String(), oneOf(partStates)),
  })
  http.get(
    '/ready',
    {
      config: { public: true },
      schema: {
        summary: 'Calls can be served; 503 when a vital part is away',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const now = parts()
      const isReady = now.every(({ isVital, state }) => !isVital || state === 'ready')
      reply.code(isReady ? 200 : 503)
      return { isReady, parts: Object.fromEntries(now.map(({ name, state }) => [name, state])) }
    },
  )
})

/** What `/ready` tells: the exchange is vital, everything else may be away. */
export function partsOf(neighbours: Neighbours, plugins: readonly string[]): Part[] {
  const states = { connected: 'ready', connecting: 'starting', lost: 'lost' } as const
  const parts = neighbours.list().map(
    ({ name, state }): Part => ({
      name,
      state: states[state],
      isVital: name === 'exchange',
    }),
  )
  if (!parts.some(({ name }) => name === 'exchange')) {
    parts.push({ name: 'exchange', state: 'starting', isVital: true })
  }
  return [...parts, ...plugins.map((name): Part => ({ name, state: 'ready', isVital: false }))]
}
