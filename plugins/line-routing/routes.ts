import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync } from 'fastify'
import { Phone, Type } from '#core/schema.ts'
import { chooseRoutes } from './choice.ts'
import type { NumberPlan } from './number-plan.ts'
import type { Settings } from './settings.ts'
import type { Watch } from './watch.ts'

const Line = Type.Object({
  trunk: Type.String(),
  state: Type.Union([Type.Literal('up'), Type.Literal('down')]),
  because: Type.Optional(Type.String()),
  registration: Type.String(),
})

export function lineRoutes({
  plan,
  settings,
  watch,
}: {
  plan: NumberPlan
  settings: Settings
  watch: Watch
}): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (http) => {
    http.get(
      '/trunks',
      {
        config: { right: 'calls.read' },
        schema: { summary: 'How our outside lines are.', response: { 200: Type.Array(Line) } },
      },
      async () =>
        watch.list().map(({ trunk, fault, registration }) => ({
          trunk,
          state: fault === undefined ? ('up' as const) : ('down' as const),
          registration,
          ...(fault !== undefined && { because: fault }),
        })),
    )

    http.get(
      '/routes/:phone',
      {
        config: { right: 'calls.read' },
        schema: {
          summary: 'By which lines a phone would be rung now, and why.',
          params: Type.Object({ phone: Phone }),
          response: {
            200: Type.Object({
              carrier: Type.Optional(Type.String()),
              routes: Type.Array(
                Type.Object({ trunk: Type.String(), number: Type.Optional(Phone), because: Type.String() }),
              ),
            }),
          },
        },
      },
      async ({ params: { phone } }) => {
        const carrier = plan.carrierOf(phone)
        const chosen = chooseRoutes(phone, { trunks: settings.trunks, plan, isUp: watch.isUp })
        return { ...(carrier !== undefined && { carrier }), routes: chosen }
      },
    )
  }
  return routes as FastifyPluginAsync
}
