import type { AdapterServices } from '#core/adapter.ts'
import { openServer, toAbilities } from './ari/server.ts'
import type { Settings } from './settings.ts'

/**
 * How the exchange is. Only plain questions: a second program that opens the application would take the calls away from
 * the Callbus that runs.
 */
export async function examine({
  settings: { url, username: user, password, app, listen },
  cleanup,
}: Pick<AdapterServices<'telephony', typeof Settings>, 'settings' | 'cleanup'>): Promise<string> {
  const server = openServer({ url, user, password })
  cleanup.defer(() => server.close())
  const { version } = await server.readInfo()
  if (listen && !toAbilities(version).dialsUs)
    throw new Error(`Asterisk ${version} is too old to dial us; take \`listen\` out of its settings`)
  const isThere = await server.hasApplication(app)
  return `Asterisk ${version}; the application ${app} is ${isThere ? 'there' : 'not open just now'}`
}
