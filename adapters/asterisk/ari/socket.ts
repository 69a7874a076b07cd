/** One WebSocket with Asterisk that notices when the other end is gone. */
import type { Socket as Stream } from 'node:net'
import { WebSocket } from 'ws'
import type { Clock } from '#core/clock.ts'

/** Asterisk answers pings but never sends any before 22.11: a half-open connection is found only by asking. */
const pingEvery = 5000
const pongsMissed = 2

export interface AriSocket {
  send(text: string): void
  /** Says good-bye and resolves when the socket is closed. */
  close(): Promise<void>
  /** Gives up on it at once. */
  drop(): void
}

export interface SocketEars {
  onText(text: string): void
  onClose(because: string): void
}

export interface ServerAddress {
  /** `http://host:port/ari`, or `https`. */
  url: string
  user: string
  password: string
}

/** Connects to Asterisk's event address under an application name; resolves when open. */
export function dialSocket(
  { url, user, password }: ServerAddress,
  app: string,
  clock: Clock,
  ears: SocketEars,
): Promise<AriSocket> {
  const address = new URL(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/events`)
  address.searchParams.set('app', app)
  address.searchParams.set('subscribeAll', 'false')
  const ws = new WebSocket(address, {
    auth: `${user}:${password}`,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handshakeTimeout: 5000,
  })

  return new Promise((resolve, reject) => {
    let stream: Stream | undefined
    ws.once('error', reject)
    ws.once('upgrade', ({ socket }) => {
      stream = socket
    })
    // Frames may arrive in the same packet as the handshake's end: listen before the promise settles.
    ws.once('open', () => {
      ws.off('error', reject)
      resolve(keepSocket(ws, clock, ears, stream))
    })
  })
}

/** Watches an open WebSocket, whoever opened it. What is sent in one go leaves in one packet if its stream is known. */
export function keepSocket(
  ws: WebSocket,
  clock: Clock,
  { onText, onClose }: SocketEars,
  stream?: Stream,
): AriSocket {
  let because = 'Asterisk closed the connection'
  let unanswered = 0
  let stopPinging = clock.after(pingEvery, ping)

  function ping() {
    if (unanswered === pongsMissed) {
      because = 'Asterisk stopped answering pings'
      return ws.terminate()
    }
    unanswered++
    if (ws.readyState === WebSocket.OPEN) ws.ping()
    stopPinging = clock.after(pingEvery, ping)
  }

  ws.on('pong', () => {
    unanswered = 0
  })
  ws.on('message', (data) => onText(data.toString()))
  ws.on('error', (thrown) => {
    because = thrown.message
  })
  ws.on('close', () => {
    stopPinging()
    onClose(because)
  })

  return {
    send(text) {
      if (stream?.writableCorked === 0) {
        stream.cork()
        process.nextTick(() => stream.uncork())
      }
      // Given bytes, ws writes frame and payload in one piece; of a string it makes two.
      ws.send(Buffer.from(text), { binary: false })
    },
    drop: () => ws.terminate(),
    close: () =>
      new Promise((resolve) => {
        if (ws.readyState === WebSocket.CLOSED) return resolve()
        const giveUp = setTimeout(() => ws.terminate(), 1000)
        ws.once('close', () => {
          clearTimeout(giveUp)
          resolve()
        })
        ws.close(1000)
      }),
  }
}
