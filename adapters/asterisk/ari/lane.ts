/** One serial way of asking Asterisk: a request waits for those before it on the same lane. */
import { Pool } from 'undici'
import type { Clock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { type AriSocket, dialSocket, type ServerAddress } from './socket.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** What Asterisk said. A refusal is an answer too; only silence and a lost connection are thrown. */
export interface Answer {
  status: number
  reason: string
  /** JSON text, or empty. */
  body: string
}

export interface Lane {
  /** Requests sent and not answered yet. */
  readonly load: number
  /** It can be asked, and no request on it has outlived its deadline without an answer. */
  readonly isFree: boolean
  readonly isOpen: boolean
  ask(method: Method, uri: string, body: object | undefined, deadline: number): Promise<Answer>
  close(): Promise<void>
}

interface Pending {
  resolve(answer: Answer): void
  reject(error: Error): void
  stopClock(): void
  late: boolean
}

const backOff = [100, 250, 500, 1000, 2000, 5000]

export interface WebSocketLaneOptions {
  server: ServerAddress
  /** A private application name: no event ever comes to it. */
  app: string
  clock: Clock
}

/** REST over a WebSocket of its own, which opens itself again when it is lost. Resolves when first open. */
export async function openWebSocketLane({ server, app, clock }: WebSocketLaneOptions): Promise<Lane> {
  const pending = new Map<string, Pending>()
  let socket: AriSocket | undefined
  let asked = 0
  let late = 0
  let closing = false
  let stopWaiting = () => {}

  async function open() {
    socket = await dialSocket(server, app, clock, { onText: hear, onClose: lose })
  }

  function hear(text: string) {
    const answer = JSON.parse(text) as {
      type: string
      request_id: string
      status_code: number
      reason_phrase: string
      message_body?: string
    }
    if (answer.type !== 'RESTResponse') return
    const asking = pending.get(answer.request_id)
    if (!asking) return
    pending.delete(answer.request_id)
    if (asking.late) {
      late--
      return
    }
    asking.stopClock()
    asking.resolve({
      status: answer.status_code,
      reason: answer.reason_phrase,
      body: answer.message_body ?? '',
    })
  }

  function lose(because: string) {
    socket = undefined
    for (const asking of pending.values()) {
      asking.stopClock()
      if (!asking.late) asking.reject(new CallbusError('EXCHANGE_UNREACHABLE', { reason: because }))
    }
    pending.clear()
    late = 0
    if (!closing) reopen(0)
  }

  function reopen(attempt: number) {
    stopWaiting = clock.after(backOff[Math.min(attempt, backOff.length - 1)] ?? 5000, () => {
      open().then(
        () => {
          if (closing) void socket?.close()
        },
        () => {
          if (!closing) reopen(attempt + 1)
        },
      )
    })
  }

  await open()
  return {
    get load() {
      return pending.size
    },
    get isFree() {
      return socket !== undefined && late === 0
    },
    get isOpen() {
      return socket !== undefined
    },

    ask(method, uri, body, deadline) {
      return new Promise((resolve, reject) => {
        if (!socket) {
          reject(
            new CallbusError('EXCHANGE_UNREACHABLE', {
              reason: 'the connection for commands is being opened again',
            }),
          )
          return
        }
        const id = String(++asked)
        const asking: Pending = {
          resolve,
          reject,
          late: false,
          stopClock: clock.after(deadline, () => {
            asking.late = true
            late++
            reject(
              new CallbusError('EXCHANGE_LATE', { request: nameOf(method, uri), milliseconds: deadline }),
            )
          }),
        }
        pending.set(id, asking)
        socket.send(toFrame(id, method, uri, body))
      })
    },

    async close() {
      closing = true
      stopWaiting()
      await socket?.close()
    },
  }
}

function toFrame(id: string, method: Method, uri: string, body: object | undefined): string {
  const head = `{"type":"RESTRequest","transaction_id":"","request_id":"${id}","method":"${method}","uri":${JSON.stringify(uri)}`
  if (!body) return `${head}}`
  return `${head},"content_type":"application/json","message_body":${JSON.stringify(JSON.stringify(body))}}`
}

/** The same over one HTTP keep-alive connection, for versions without REST over WebSocket. */
export function openHttpLane({ server, clock }: { server: ServerAddress; clock: Clock }): Lane {
  const { origin, pathname } = new URL(server.url)
  const headers = {
    authorization: `Basic ${Buffer.from(`${server.user}:${server.password}`).toString('base64')}`,
    'content-type': 'application/json',
  }
  // Asterisk closes an idle connection after 15 s; a POST must not meet that.
  const pool = new Pool(origin, {
    connections: 1,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 10_000,
  })
  const base = pathname.replace(/\/$/, '')
  let load = 0
  let late = 0

  async function exchange(method: Method, uri: string, body: object | undefined): Promise<Answer> {
    const response = await pool.request({
      method,
      path: `${base}/${uri}`,
      headers,
      body: body ? JSON.stringify(body) : null,
    })
    return { status: response.statusCode, reason: response.statusText, body: await response.body.text() }
  }

  return {
    get load() {
      return load
    },
    get isFree() {
      return late === 0
    },
    isOpen: true,

    ask(method, uri, body, deadline) {
      return new Promise((resolve, reject) => {
        let isLate = false
        const stopClock = clock.after(deadline, () => {
          isLate = true
          late++
          reject(new CallbusError('EXCHANGE_LATE', { request: nameOf(method, uri), milliseconds: deadline }))
        })
        load++
        exchange(method, uri, body)
          .then(resolve, (thrown) =>
            reject(new CallbusError('EXCHANGE_UNREACHABLE', { reason: reasonOf(thrown) }, { cause: thrown })),
          )
          .finally(() => {
            stopClock()
            load--
            if (isLate) late--
          })
      })
    },

    close: () => pool.destroy(),
  }
}

/** A request without its ids and arguments, fit for a log: callers' numbers stay out of it. */
export function nameOf(method: Method, uri: string): string {
  const [path = ''] = uri.split('?', 1)
  const [resource, , verb] = path.split('/')
  return verb ? `${method} ${resource} ${verb}` : `${method} ${resource}`
}
