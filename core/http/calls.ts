import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyPlugin from 'fastify-plugin'
import { Type } from '../schema.ts'
import { whoIs } from './auth.ts'
import { CallList, CallsAsked, type CallViews, Story } from './call-views.ts'

export const callRoutes = fastifyPlugin<{ views: CallViews }>(async (plain, { views }) => {
  const http = plain.withTypeProvider<TypeBoxTypeProvider>()

  http.get(
    '/api/v1/calls',
    {
      config: { right: 'calls.read' },
      schema: { summary: 'Calls, newest first', querystring: CallsAsked, response: { 200: CallList } },
    },
    async (request) => await views.list(request.query, whoIs(request)),
  )

  http.get(
    '/api/v1/calls/:id/story',
    {
      config: { right: 'calls.read' },
      schema: {
        summary: 'What happened in a call, why, and by whom',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: { 200: Story },
      },
    },
    async (request) => await views.story(request.params.id, whoIs(request)),
  )
})
