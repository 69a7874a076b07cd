import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { CallbusError } from '#core/errors.ts'
import type {} from '#core/http/auth.ts'
import { CallId, Moment, oneOf, Type } from '#core/schema.ts'
import { recordingStates } from './recording-state.ts'
import type { Recordings } from './recordings.ts'

const Recording = Type.Object({
  id: Type.String(),
  call: CallId,
  operator: Type.String(),
  startedAt: Moment,
  seconds: Type.Optional(Type.Number()),
  state: oneOf(recordingStates),
})
const Sound = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })

export function recordingRoutes(options: { folder: string; recordings: Recordings }): FastifyPluginAsync {
  const { folder, recordings } = options

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    if (!http.hasReplyDecorator('sendFile'))
      await http.register(fastifyStatic, { root: folder, serve: false })

    http.get('/calls/:call', {
      config: { right: 'recordings.listen' },
      schema: {
        summary: 'The recordings of a call, in the order of its talks.',
        params: Type.Object({ call: CallId }),
        response: { 200: Type.Array(Recording) },
      },
      handler: async ({ params }) => await recordings.of(params.call),
    })

    http.get('/recordings/:recording/sound', {
      config: { right: 'recordings.listen', byLink: true },
      schema: {
        summary: 'The sound of a recording: WAV, operator left, caller right; whole or the range asked for.',
        produces: ['audio/wav'],
        params: Type.Object({ recording: Type.String({ maxLength: 64 }) }),
        response: { 200: Sound, 206: Sound },
      },
      handler: async ({ params }, reply) => {
        const file = await recordings.fileOf(params.recording)
        if (file === undefined) throw new CallbusError('NOT_FOUND', { what: `sound of ${params.recording}` })
        return reply.type('audio/wav').sendFile(file, folder, { cacheControl: false })
      },
    })
  }
  return routes as FastifyPluginAsync
}
