import swagger from '@fastify/swagger'
import fastifyPlugin from 'fastify-plugin'

/** Every route's schema becomes its documentation; registered before the routes it shall know. */
export const openapi = fastifyPlugin<{ version: string }>(async (http, { version }) => {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Callbus',
        version,
        description:
          'Every error is `{ code, message, requestId }`; the codes are explained in docs/errors.md.',
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A token made in the console: `cb_…`.' },
          session: { type: 'apiKey', in: 'cookie', name: 'callbus_session' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
  })

  http.get('/openapi.json', { schema: { summary: 'This description', hide: true } }, async () =>
    http.swagger(),
  )
})
