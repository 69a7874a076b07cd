import type { FastifyPluginAsync } from 'fastify'
import type { Static } from '#core/schema.ts'
import { Settings } from './settings.ts'

/** `GET /api/plugins/console/settings`: what the page needs to know to colour its timers. */
export function consoleRoutes({ settings }: { settings: Static<typeof Settings> }): FastifyPluginAsync {
  return async (http) => {
    http.get(
      '/settings',
      { schema: { summary: 'Settings of the console', response: { 200: Settings } } },
      async () => settings,
    )
  }
}
