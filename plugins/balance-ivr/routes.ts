import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { whoIs } from '#core/http/auth.ts'
import { maskPhones } from '#core/masking.ts'
import { CallId, Moment, oneOf, Type } from '#core/schema.ts'
import type { Telling, Tellings } from './tellings.ts'

const TellingView = Type.Object({
  call: CallId,
  at: Moment,
  phone: Type.Optional(Type.String({ description: 'Masked without the right `phones.read`.' })),
  of: oneOf(['client', 'driver']),
  id: Type.String({ description: 'The dispatch program’s id of him.' }),
  knownBy: oneOf(['number', 'code']),
  balance: Type.Union([Type.Number(), Type.Literal('•••')], {
    description: 'Masked without the right `balances.read`.',
  }),
})

/** Who was told his balance; which it was, only for those with the right to know. */
export function tellingRoutes({ tellings }: { tellings: Tellings }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get('/tellings', {
      config: { right: 'calls.read' },
      schema: {
        summary: 'Who was told his balance, the newest first.',
        querystring: Type.Object({
          before: Type.Optional(Moment),
          limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
        }),
        response: { 200: Type.Object({ tellings: Type.Array(TellingView) }) },
      },
      async handler(request) {
        const { rights } = whoIs(request)
        const toView = ({ phone, balance, ...telling }: Telling) => ({
          ...telling,
          ...(phone !== undefined && { phone: rights.has('phones.read') ? phone : maskPhones(phone) }),
          balance: rights.has('balances.read') ? balance : ('•••' as const),
        })
        return { tellings: (await tellings.list(request.query)).map(toView) }
      },
    })
  }
  return routes as FastifyPluginAsync
}
