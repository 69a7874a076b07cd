/** What is asked over plain HTTP: who answers there, and files. */
import { Pool } from 'undici'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { ServerAddress } from './socket.ts'
import type { AsteriskInfo } from './types.ts'

export interface Server {
  readInfo(): Promise<ServerInfo>
  /** A stored recording's file; `undefined` when there is none. */
  fetchFile(uri: string, signal: AbortSignal): Promise<Buffer | undefined>
  close(): Promise<void>
}

export interface ServerInfo {
  version: string
  startedAt: string
}

export function openServer({ url, user, password }: ServerAddress): Server {
  const { origin, pathname } = new URL(url)
  const base = pathname.replace(/\/$/, '')
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  // Asterisk closes an idle connection after 15 s.
  const pool = new Pool(origin, {
    connections: 2,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 10_000,
    connectTimeout: 5000,
    headersTimeout: 10_000,
  })

  async function get(uri: string, signal?: AbortSignal) {
    try {
      return await pool.request({ method: 'GET', path: `${base}/${uri}`, headers, ...(signal && { signal }) })
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason
      throw new CallbusError('EXCHANGE_UNREACHABLE', { reason: reasonOf(thrown) }, { cause: thrown })
    }
  }

  return {
    async readInfo() {
      const { statusCode, statusText, body } = await get('asterisk/info')
      if (statusCode !== 200) {
        await body.dump()
        throw new CallbusError('EXCHANGE_REFUSED', {
          request: 'GET asterisk info',
          status: statusCode,
          reason: statusText,
        })
      }
      const info = (await body.json()) as AsteriskInfo
      return { version: info.system?.version ?? '', startedAt: info.status?.startup_time ?? '' }
    },

    async fetchFile(uri, signal) {
      const { statusCode, statusText, body } = await get(uri, signal)
      if (statusCode === 200) return Buffer.from(await body.arrayBuffer())
      await body.dump()
      if (statusCode === 404) return undefined
      throw new CallbusError('EXCHANGE_REFUSED', {
        request: 'GET recordings file',
        status: statusCode,
        reason: statusText,
      })
    },

    close: () => pool.destroy(),
  }
}

/** Which of the newer doors a version has. Unknown versions get the oldest ways, which all of them have. */
export function toAbilities(version: string): { restOverWebSocket: boolean; dialsUs: boolean } {
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  const since = (twenty: number, twentyOne: number, twentyTwo: number) => {
    if (major >= 23) return true
    if (version.startsWith('certified')) return false
    return { 20: minor >= twenty, 21: minor >= twentyOne, 22: minor >= twentyTwo }[major] ?? false
  }
  return { restOverWebSocket: since(14, 9, 4), dialsUs: since(15, 10, 5) }
}
