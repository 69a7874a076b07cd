import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { CallId, Moment, oneOf, Type } from '#core/schema.ts'
import { alarmKinds } from './alarms.ts'
import type { Watch } from './watch.ts'

const Alarm = Type.Object({
  key: Type.String(),
  kind: oneOf(alarmKinds),
  since: Moment,
  limit: Type.Number(),
  queue: Type.Optional(Type.String()),
  operator: Type.Optional(Type.String()),
  line: Type.Optional(Type.String()),
  call: Type.Optional(CallId),
})

export function alarmRoutes(watch: Watch): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/alarms', {
      config: { right: 'queues.read' },
      schema: {
        summary: 'What is not as it should be now, the oldest first.',
        response: { 200: Type.Array(Alarm) },
      },
      handler: async () => watch.alarms(),
    })
  }
  return routes as FastifyPluginAsync
}
