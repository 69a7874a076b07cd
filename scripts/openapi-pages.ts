/** OpenAPI of what passes between a dispatch program and the house, from the routes themselves. */
import swagger from '@fastify/swagger'
import Fastify, { type FastifyPluginAsync } from 'fastify'
import { openBook } from '../adapters/generic-dispatch/simulator/book.ts'
import { contractRoutes } from '../adapters/generic-dispatch/simulator/routes.ts'
import { dispatchRoutes, prefix } from '../plugins/dispatch-door/routes.ts'

interface Api {
  title: string
  description: string
  prefix: string
  routes: FastifyPluginAsync
}

/** What a program answers when Callbus asks it. */
export function dispatchProgramPage(): Promise<string> {
  return openapi({
    title: 'A dispatch program, as Callbus asks it',
    description:
      'Implement these and Callbus knows your callers and your orders: `adapters/generic-dispatch`. ' +
      'Phones are E.164, moments are milliseconds since 1970 UTC.',
    prefix: '',
    routes: contractRoutes({
      book: openBook(() => undefined),
      told: { sms: [], cards: [], callBacks: [], recordings: [] },
    }),
  })
}

/** What Callbus answers when a program speaks by itself. */
export function dispatchDoorPage(): Promise<string> {
  return openapi({
    title: 'The dispatch door of Callbus',
    description:
      'What a dispatch program tells and asks: `plugins/dispatch-door`. Each route names the right its token ' +
      'needs. Every error is `{ code, message, requestId }`; the codes are explained in docs/errors.md.',
    prefix,
    // Only the shapes are read.
    routes: dispatchRoutes({} as Parameters<typeof dispatchRoutes>[0]),
  })
}

async function openapi({ title, description, prefix, routes }: Api): Promise<string> {
  const http = Fastify()
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version: '1', description },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  })
  http.addHook('onRoute', ({ config, schema }) => {
    if (schema && config?.right) schema.description = `Right: \`${config.right}\``
  })
  await http.register(routes, { prefix })
  await http.ready()
  const page = `${JSON.stringify(http.swagger(), null, 2)}\n`
  await http.close()
  return page
}
