import { randomUUID } from 'node:crypto'
import { connectAsync } from 'mqtt'
import { CallbusError, reasonOf } from '../errors.ts'
import { credentials } from './credentials.ts'
import type { MqttSettings } from './settings.ts'

/** Signs in to the broker of the company's and leaves; rejects with BROKER_UNREACHABLE. */
export async function tryBroker({
  settings,
  site,
  patience,
}: {
  settings: MqttSettings
  site: { name: string; folder: string }
  /** Milliseconds. */
  patience: number
}): Promise<void> {
  const login = await credentials(settings, site.folder)
  const clientId = `callbus-${site.name}-doctor-${randomUUID().slice(0, 8)}`
  const once = { ...login, clientId, reconnectPeriod: 0, connectTimeout: patience }
  try {
    const client = await connectAsync(settings.url ?? '', once, false)
    await client.endAsync()
  } catch (thrown) {
    throw new CallbusError('BROKER_UNREACHABLE', { reason: reasonOf(thrown) }, { cause: thrown })
  }
}
