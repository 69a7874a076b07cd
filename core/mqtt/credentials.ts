/** How we sign in to a broker of the company's. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { IClientOptions } from 'mqtt'
import { CallbusError, reasonOf } from '../errors.ts'
import type { MqttSettings } from './settings.ts'

export async function credentials(settings: MqttSettings, folder: string): Promise<IClientOptions> {
  const read = async (file: string) => {
    try {
      return await readFile(resolve(folder, file))
    } catch (thrown) {
      throw new CallbusError(
        'SETTINGS_INVALID',
        { mistakes: `\`mqtt\`: ${file} ${reasonOf(thrown)}` },
        { cause: thrown },
      )
    }
  }
  const { username, passwordFile, passwordVariable, ca, cert, key } = settings
  const password = passwordFile ? (await read(passwordFile)).toString().trim() : process.env[passwordVariable]
  return {
    ...(username !== undefined && { username }),
    ...(username !== undefined && password !== undefined && { password }),
    ...(ca !== undefined && { ca: await read(ca) }),
    ...(cert !== undefined && { cert: await read(cert) }),
    ...(key !== undefined && { key: await read(key) }),
  }
}
