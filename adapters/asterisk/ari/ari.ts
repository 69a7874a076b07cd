/**
 * Our ARI client: events in, requests out, and a connection that comes back by itself.
 *
 *     const ari = await openAri({ url: 'http://127.0.0.1:8088/ari', user: 'me', password: '…', app: 'hello' })
 *     ari.onEvent((event) => {
 *       if (event.type === 'StasisStart') void ari.request('POST', `channels/${event.channel.id}/answer`)
 *     })
 */
import { type Clock, realClock } from '#core/clock.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import { type ListenAddress, listenForEvents } from './event-socket.ts'
import type { Answer, Method } from './lane.ts'
import { type LaneChoice, type Lanes, openLanes } from './lanes.ts'
import { openServer, toAbilities } from './server.ts'
import { type AriSocket, dialSocket, type ServerAddress, type SocketEars } from './socket.ts'
import type { AriEvent } from './types.ts'

export interface AriOptions extends ServerAddress {
  app: string
  /** Connections for commands. Default 4. */
  lanes?: number
  /** Where Asterisk dials us; without it we dial Asterisk. */
  listen?: ListenAddress
  /** The only events Asterisk shall send. All of them by default, half of which are of little use. */
  events?: readonly AriEvent['type'][]
  /** Milliseconds a request may take. Default 5000. */
  deadline?: number
  clock?: Clock
}

export type AriState =
  | { state: 'connecting' }
  /** `restarted`: Asterisk was started anew since the last connection, and everything on it is gone. */
  | { state: 'connected'; version: string; restarted: boolean }
  | { state: 'lost'; because: string }

export interface RequestOptions {
  /** Requests on one lane keep their order. Default: lane 0. */
  lane?: LaneChoice
  body?: object
  deadline?: number
}

export interface Ari {
  /** The one listener of events. Those that came before it was set are handed over first. */
  onEvent(listener: (event: AriEvent) => void): void
  onState(listener: (state: AriState) => void): void
  /** A refusal is an answer; only silence and a lost connection are thrown. */
  request(method: Method, uri: string, options?: RequestOptions): Promise<Answer>
  fetchFile(uri: string, signal: AbortSignal): Promise<Buffer | undefined>
  /** The lane that a new call should stay on. */
  chooseLane(): number
  /** Where we listen for Asterisk, if we do. */
  readonly listening: number | undefined
  close(): Promise<void>
}

/** Connects, and resolves once events flow and requests can be sent. Rejects when the first try fails. */
export async function openAri(options: AriOptions): Promise<Ari> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ari = await keepAri(options)
  ari.onState((state) => {
    if (state.state === 'connected') resolve()
    if (state.state === 'lost') reject(new CallbusError('EXCHANGE_UNREACHABLE', { reason: state.because }))
  })
  try {
    await promise
  } catch (thrown) {
    await ari.close()
    throw thrown
  }
  ari.onState(() => {})
  return ari
}

/**
 * Milliseconds for Asterisk to fall silent before we close the connection: 22.10.1 dies of an event written to one that
 * is gone (`__ast_websocket_write` with a null session, seen in its `res_http_websocket.so`).
 */
const quietWithin = 500
const backOff = [100, 250, 500, 1000, 2000, 4000, 8000]

/** A way for events, as long as it lasts. */
interface Link {
  socket: AriSocket
  /** Resolves with the reason when it is gone. */
  closed: Promise<string>
  isOpen(): boolean
}

/** The same, resolving at once and trying for as long as it takes. */
export async function keepAri(options: AriOptions): Promise<Ari> {
  const { app, clock = realClock, deadline = 5000 } = options
  const server = openServer(options)
  const stop = new AbortController()
  let lanes: Lanes | undefined
  let lanesOverWebSocket: boolean | undefined
  let link: Link | undefined
  let startedAt: string | undefined
  let isReady = false
  /** Another program took the application: fighting over it would lose calls. */
  let isReplaced = false
  let state: AriState = { state: 'connecting' }
  let stateListener: (state: AriState) => void = () => {}
  let eventListener: ((event: AriEvent) => void) | undefined
  /** Events that came before the house was ready for them, in order. */
  let held: AriEvent[] = []

  function hear(text: string) {
    const event = JSON.parse(text) as AriEvent
    if (event.type === 'ApplicationReplaced' && event.application === app) {
      // The socket would stay open and silent.
      isReplaced = true
      link?.socket.drop()
      return
    }
    if (isReady && eventListener) eventListener(event)
    else held.push(event)
  }

  function handOver() {
    if (!isReady || !eventListener) return
    const early = held
    held = []
    for (const event of early) eventListener(event)
  }

  function tell(next: AriState) {
    if (next.state === 'lost' && state.state === 'lost' && next.because === state.because) return
    state = next
    stateListener(next)
  }

  async function toLink(make: (ears: SocketEars) => AriSocket | Promise<AriSocket>): Promise<Link> {
    const { promise: closed, resolve } = Promise.withResolvers<string>()
    let isOpen = true
    const socket = await make({
      onText: hear,
      onClose(because) {
        isOpen = false
        resolve(because)
      },
    })
    return { socket, closed, isOpen: () => isOpen }
  }

  let dialled = Promise.withResolvers<Link>()
  const listener =
    options.listen &&
    (await listenForEvents(options.listen, options, clock, (accept) => {
      const accepted = toLink(accept)
      link?.socket.drop()
      dialled.resolve(accepted)
    }))

  async function prepare(): Promise<AriState & { state: 'connected' }> {
    const { version, startedAt: nowStartedAt } = await server.readInfo()
    const { restOverWebSocket } = toAbilities(version)
    if (lanes && lanesOverWebSocket !== restOverWebSocket) {
      await lanes.close()
      lanes = undefined
    }
    lanesOverWebSocket = restOverWebSocket
    stop.signal.throwIfAborted()
    lanes ??= await unlessStopped(
      openLanes({
        server: options,
        app,
        count: options.lanes ?? 4,
        overWebSocket: restOverWebSocket,
        clock,
      }),
    )
    if (!listener) link = await toLink((ears) => dialSocket(options, app, clock, ears))
    stop.signal.throwIfAborted()
    if (options.events) await setFilter(options.events)
    const restarted = startedAt !== undefined && startedAt !== nowStartedAt
    startedAt = nowStartedAt
    return { state: 'connected', version, restarted }
  }

  /** What opens while we close would stay open for ever. */
  async function unlessStopped(opening: Promise<Lanes>): Promise<Lanes> {
    const opened = await opening
    if (stop.signal.aborted) await opened.close()
    stop.signal.throwIfAborted()
    return opened
  }

  async function setFilter(events: readonly AriEvent['type'][], own = deadline) {
    const uri = `applications/${encodeURIComponent(app)}/eventFilter`
    // Both keys: a list left out keeps what was set before.
    const allowed = [...events, 'ApplicationReplaced'].map((type) => ({ type }))
    const body = { allowed, disallowed: [] }
    const answer = await ari.request('PUT', uri, { lane: 'control', body, deadline: own })
    if (answer.status >= 300) {
      throw new CallbusError('EXCHANGE_REFUSED', {
        request: 'PUT applications eventFilter',
        status: answer.status,
        reason: answer.body || answer.reason,
      })
    }
  }

  /** One connection from its beginning to its end; resolves or rejects with why it ended. */
  async function connectOnce(): Promise<string> {
    if (listener) {
      link = await dialled.promise
      dialled = Promise.withResolvers<Link>()
    }
    try {
      const connected = await prepare()
      isReady = true
      attempts = 0
      tell(connected)
      handOver()
      return (await link?.closed) ?? 'the connection was closed'
    } finally {
      isReady = false
      link?.socket.drop()
    }
  }

  let attempts = 0
  async function stayConnected() {
    while (!stop.signal.aborted) {
      const because = await connectOnce().catch(reasonOf)
      if (stop.signal.aborted) return
      if (isReplaced) return tell({ state: 'lost', because: 'another program took the application over' })
      tell({ state: 'lost', because })
      const pause = backOff[Math.min(attempts++, backOff.length - 1)] ?? 8000
      await clock.sleep(pause, stop.signal).catch(() => {})
    }
  }

  const ari: Ari = {
    onEvent(listener) {
      eventListener = listener
      handOver()
    },
    onState(listener) {
      stateListener = listener
      listener(state)
    },
    request(method, uri, { lane = 0, body, deadline: own = deadline } = {}) {
      if (lanes) return lanes.ask(lane, method, uri, body, own)
      return Promise.reject(new CallbusError('EXCHANGE_UNREACHABLE', { reason: 'not connected yet' }))
    },
    fetchFile: (uri, signal) => server.fetchFile(uri, signal),
    chooseLane: () => lanes?.choose() ?? 0,
    listening: listener?.port,
    async close() {
      stop.abort()
      // An Asterisk that dials us keeps for later what it may tell, so it has to be told everything.
      if (!listener && isReady && link?.isOpen()) await setFilter([], quietWithin).catch(() => undefined)
      await link?.socket.close()
      await lanes?.close()
      await listener?.close()
      await server.close()
    },
  }

  void stayConnected()
  return ari
}
