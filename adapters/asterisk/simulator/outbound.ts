import { WebSocket } from 'ws'
import { serveRequests } from './ari-socket.ts'
import type { Exchange } from './exchange.ts'
import { type Ask, faultyAsk } from './wire.ts'

export interface OutboundOptions {
  /** Where the program listens: `ws://127.0.0.1:8087/ari`. */
  url: string
  app: string
  user?: string
  password?: string
  /** Milliseconds between attempts. */
  reconnectInterval?: number
}

/** A persistent connection that the exchange opens to a program; calls and events wait while it is away. */
export function keepCalling(
  exchange: Exchange,
  ask: Ask,
  options: OutboundOptions,
): { close(): void; drop(): void } {
  const application = exchange.register(options.app, { persistent: true })
  const faulty = faultyAsk(ask, exchange)
  const over = new AbortController()
  let socket: WebSocket | undefined
  void (async () => {
    while (!over.signal.aborted) {
      await once()
      await exchange.clock.sleep(options.reconnectInterval ?? 500, over.signal).catch(() => undefined)
    }
  })()

  function once(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const secret = Buffer.from(`${options.user ?? ''}:${options.password ?? ''}`).toString('base64')
    const mine = new WebSocket(
      options.url,
      ['ari'],
      options.user ? { headers: { Authorization: `Basic ${secret}` } } : {},
    )
    const end = { send: (frame: string) => mine.send(frame) }
    socket = mine
    mine.on('open', () => {
      serveRequests(mine, faulty)
      application.attach(end)
      end.send(
        JSON.stringify({
          type: 'ApplicationRegistered',
          application: application.name,
          timestamp: exchange.timestamp(),
        }),
      )
    })
    mine.on('error', () => undefined)
    mine.on('close', () => {
      if (application.socket === end) application.detach()
      resolve()
    })
    return promise
  }

  return {
    close() {
      over.abort()
      socket?.terminate()
    },
    drop: () => socket?.terminate(),
  }
}
