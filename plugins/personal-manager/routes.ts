import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { CallbusError } from '#core/errors.ts'
import { whoIs } from '#core/http/auth.ts'
import { maskedCopy } from '#core/masking.ts'
import type { Services } from '#core/plugin.ts'
import { Type } from '#core/schema.ts'
import type { Managers } from './managers.ts'
import { Steps } from './settings.ts'

const Client = Type.Object({ phone: Type.String(), steps: Steps })
const Whose = Type.Object({ phone: Type.String({ minLength: 1, maxLength: 30 }) })

export function managerRoutes({
  managers,
  phones,
}: {
  managers: Managers
  phones: Services['phones']
}): FastifyPluginAsync {
  function toPhone(raw: string) {
    const phone = phones.toE164(raw)
    if (phone === undefined)
      throw new CallbusError('REQUEST_INVALID', { mistakes: 'that is no phone number' })
    return phone
  }

  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/clients', {
      config: { right: 'lists.read' },
      schema: {
        summary: 'Clients with a manager of their own and the phones that ring for them, in order.',
        response: { 200: Type.Array(Client) },
      },
      handler: async (request) => {
        const list = managers.list()
        return whoIs(request).rights.has('phones.read') ? list : maskedCopy(list)
      },
    })

    http.put('/clients/:phone', {
      config: { right: 'lists.edit' },
      schema: {
        summary: 'From the next call on these phones ring for the client, in this order; none for nobody.',
        params: Whose,
        body: Type.Object({ steps: Steps }, { additionalProperties: false }),
        response: { 200: Client },
      },
      handler: async (request) => {
        const phone = toPhone(request.params.phone)
        const { steps } = request.body
        await managers.set(phone, steps, `user:${whoIs(request).user.name}`.slice(0, 100))
        return { phone, steps }
      },
    })

    http.delete('/clients/:phone', {
      config: { right: 'lists.edit' },
      schema: {
        summary: 'What was set for the client is forgotten; what the settings say counts again.',
        params: Whose,
        response: { 204: Type.Null() },
      },
      handler: async ({ params: { phone } }, reply) => {
        if (!(await managers.forget(toPhone(phone))))
          throw new CallbusError('NOT_FOUND', { what: 'a manager set for this client' })
        return reply.code(204).send(null)
      },
    })
  }
  return routes as FastifyPluginAsync
}
