import { definePlugin } from '#core/plugin.ts'
import { page } from './page.ts'
import { consoleRoutes } from './routes.ts'
import { Settings } from './settings.ts'

export const plugin = definePlugin({
  name: 'console',
  about: 'Shows the calls of this moment and the story of each in the browser.',
  settings: Settings,

  start({ http, settings }) {
    http.register(consoleRoutes({ settings }))
    http.registerAtRoot(page())
  },
})
