/** The whole house with its default plugins, and one more that says what the other subjects say. */
import { join } from 'node:path'
import { startApp } from '#core/app.ts'
import { findPlugin } from '#core/registry.ts'
import { checkSettings, Settings } from '#core/settings.ts'
import { answerTheBench, given } from './answering.ts'
import { connected, decisionTimes, plugin } from './bench-plugin.ts'

const { app, ariUrl: url, dispatch, folder, password, user: username } = given
const settings = checkSettings(
  Settings,
  {
    site: { language: 'en' },
    http: { port: 0 },
    mqtt: { port: 0 },
    voice: { engines: ['silent'] },
    adapters: { asterisk: { url, username, password, app }, 'taxi-master': dispatch },
  },
  '',
)
const usual = await Promise.all(Object.keys(settings.plugins).map((name) => findPlugin(name, folder)))
await startApp({ settings, folder, dataFolder: join(folder, 'data'), plugins: [...usual, plugin] })
await connected

answerTheBench({}, { samples: () => decisionTimes.splice(0) })
