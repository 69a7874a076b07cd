import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type {} from '@fastify/swagger'
import fastifyPlugin from 'fastify-plugin'
import { CallbusError } from '../errors.ts'
import { type Static, Type } from '../schema.ts'
import type { Signatures } from '../signatures.ts'

const Address = Type.Object({ name: Type.String({ pattern: '^[0-9a-f]{32}\\.wav$' }) })
const Right = Type.Object({ sig: Type.String({ maxLength: 100 }) })

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No login is asked for: the route guards itself or has nothing to guard. */
    public?: boolean
  }
}

/** Hands prompts to an exchange on another host; the signature in the address is the right to have it. */
export const promptRoutes = ({ folder, signatures }: { folder: string; signatures: Signatures }) =>
  fastifyPlugin(
    async (http) => {
      http.get<{ Params: Static<typeof Address>; Querystring: Static<typeof Right> }>(
        '/prompts/:name',
        {
          config: { public: true },
          schema: {
            summary: 'A prompt for an exchange on another host',
            params: Address,
            querystring: Right,
          },
          // One answer for everything that is not there or not allowed, so that nobody learns which it was.
          attachValidation: true,
        },
        async (request, reply) => {
          const { name } = request.params
          const allowed = !request.validationError && signatures.isRight(name, request.query.sig)
          const found = allowed ? await stat(join(folder, name)).catch(() => undefined) : undefined
          if (!found) throw new CallbusError('NOT_FOUND', { what: 'such prompt' })
          return reply
            .header('content-type', 'audio/wav')
            .header('content-length', found.size)
            .header('cache-control', 'private, max-age=31536000, immutable')
            .send(createReadStream(join(folder, name)))
        },
      )
    },
    { name: 'prompts' },
  )
