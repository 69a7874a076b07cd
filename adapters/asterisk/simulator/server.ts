import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { serveRequests } from './ari-socket.ts'
import type { Exchange } from './exchange.ts'
import { type Ask, faultyAsk } from './wire.ts'

export interface ServerOptions {
  host: string
  port: number
  user: string
  password: string
}

export interface AriServer {
  port: number
  /** Cuts every WebSocket without a goodbye. */
  dropSockets(): void
  /** Reads nothing from the programs for a while. */
  stopReading(): void
  readAgain(): void
  close(): Promise<void>
}

/** Bytes; Asterisk gives up on a program that does not read. */
const longestBacklog = 4 << 20

/** The exchange's HTTP server: REST, and the WebSockets that programs open to it. */
export async function openServer(exchange: Exchange, ask: Ask, options: ServerOptions): Promise<AriServer> {
  const faulty = faultyAsk(ask, exchange)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 })
  const server = createServer((request, response) => {
    answer(request, response).catch((thrown) => {
      exchange.log.debug({ err: thrown }, 'A request could not be answered')
      response.destroy()
    })
  })
  server.on('upgrade', upgrade)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search, searchParams } = addressOf(request)
    if (!mayEnter(request, searchParams)) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="Asterisk REST Interface"' }).end()
      return
    }
    if (!pathname.startsWith('/ari/')) {
      response.writeHead(404).end()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const reply = await faulty({
      method: request.method ?? 'GET',
      uri: pathname.slice('/ari/'.length) + search,
      contentType: request.headers['content-type'],
      body: Buffer.concat(chunks).toString(),
    })
    if (!reply) return
    const isFile = Buffer.isBuffer(reply.body)
    const body = isFile ? reply.body : reply.body === undefined ? undefined : JSON.stringify(reply.body)
    response.writeHead(
      reply.status,
      body === undefined ? {} : { 'Content-Type': isFile ? 'audio/x-wav' : 'application/json' },
    )
    response.end(body)
  }

  function mayEnter(request: IncomingMessage, query: URLSearchParams): boolean {
    const secret = `${options.user}:${options.password}`
    if (query.get('api_key') === secret) return true
    return request.headers.authorization === `Basic ${Buffer.from(secret).toString('base64')}`
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { pathname, searchParams } = addressOf(request)
    const apps = (searchParams.get('app') ?? '').split(',').filter(Boolean)
    const status = !mayEnter(request, searchParams)
      ? 401
      : pathname !== '/ari/events'
        ? 404
        : apps.length === 0
          ? 400
          : 101
    if (status !== 101) {
      stream.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      serveRequests(socket, faulty)
      attach(socket, apps, searchParams.get('subscribeAll') === 'true')
    })
  }

  function attach(socket: WebSocket, apps: readonly string[], subscribeAll: boolean): void {
    const end = {
      send(frame: string) {
        if (socket.bufferedAmount > longestBacklog) socket.terminate()
        else socket.send(frame)
      },
    }
    for (const name of apps) {
      const application = exchange.register(name)
      application.subscribeAll = subscribeAll
      application.socket?.send(
        JSON.stringify({ type: 'ApplicationReplaced', application: name, timestamp: exchange.timestamp() }),
      )
      application.attach(end)
      socket.on('close', () => {
        if (application.socket === end) exchange.leave(application)
      })
    }
    socket.on('error', (error) => exchange.log.debug({ err: error }, 'A program’s socket broke'))
  }

  return {
    port: (server.address() as AddressInfo).port,
    dropSockets() {
      for (const socket of sockets.clients) socket.terminate()
    },
    stopReading() {
      for (const socket of sockets.clients) socket.pause()
    },
    readAgain() {
      for (const socket of sockets.clients) socket.resume()
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** What cannot be parsed is an address that does not exist. */
function addressOf({ url = '/' }: IncomingMessage): URL {
  return URL.parse(url, 'http://exchange') ?? new URL('http://exchange/unreadable')
}
