/** Where events come in: we dial Asterisk, or Asterisk dials us and keeps events while we are away. */

import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { type AriSocket, keepSocket, type ServerAddress, type SocketEars } from './socket.ts'

export interface ListenAddress {
  host: string
  port: number
}

export interface EventListener {
  readonly port: number
  close(): Promise<void>
}

/**
 * Waits for Asterisk's persistent outbound WebSocket. A new one replaces the one before: Asterisk keeps only
 * one for an application, so the older is half-open.
 */
export async function listenForEvents(
  { host, port }: ListenAddress,
  { user, password }: Pick<ServerAddress, 'user' | 'password'>,
  clock: Clock,
  onSocket: (accept: (ears: SocketEars) => AriSocket) => void,
): Promise<EventListener> {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const http = createServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handleProtocols: (offered) => (offered.has('ari') ? 'ari' : false),
  })

  http.on('upgrade', (request, stream, head) => {
    if (!isEqual(request.headers.authorization ?? '', expected)) {
      stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, head, (ws) => onSocket((ears) => keepSocket(ws, clock, ears)))
  })

  await new Promise<void>((resolve, reject) => {
    http.once('error', (thrown: NodeJS.ErrnoException) =>
      reject(
        thrown.code === 'EADDRINUSE'
          ? new CallbusError('PORT_TAKEN', { port, host, holder: 'another program' }, { cause: thrown })
          : thrown,
      ),
    )
    http.listen(port, host, resolve)
  })

  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const ws of sockets.clients) ws.terminate()
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
