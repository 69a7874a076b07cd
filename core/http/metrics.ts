import fastifyPlugin from 'fastify-plugin'
import type { Registry } from 'prom-client'

export const metrics = fastifyPlugin<{ registry: Registry }>(async (http, { registry }) => {
  http.get(
    '/metrics',
    {
      config: { right: 'metrics.read' },
      schema: { summary: 'Figures for Prometheus', produces: ['text/plain'] },
    },
    async (_request, reply) => {
      reply.type(registry.contentType)
      return await registry.metrics()
    },
  )
})
