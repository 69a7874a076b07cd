/** A Taxi-Master at wire level: HTTPS, signatures over raw bytes, its formats, its oddities and its faults. */
import { EventEmitter, once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Clock, realClock } from '#core/clock.ts'
import { sign } from '../signature.ts'
import { clients, drivers, type OrderState, orderStates } from './cast.ts'
import { cert, fingerprint, key } from './certificate.ts'
import { commonMethods, no, type Reply } from './common-api.ts'
import { type Fault, openFaults } from './faults.ts'
import { factoryTransitions, openOrderBook, type Transitions } from './order-book.ts'
import { openOutgoing } from './outgoing.ts'
import { assigns, openSystemEvents, type SystemEvent, takesOffLine } from './system-events.ts'
import { tapiMethods, toXml } from './tapi.ts'
import { townMethods } from './town.ts'

export interface SimulatorOptions {
  port?: number
  clock?: Clock
  /** By which it is slow; that of its day unless given. */
  faultClock?: Clock
  scheme?: 'https' | 'http'
  /** Only TLS 1.0 with RSA key exchange, as old installations speak it. */
  oldTls?: boolean
  keys?: { commonApi: string; tapi: string }
  /** CommonAPI users and the methods each may call. */
  users?: Readonly<Record<string, readonly string[] | 'all'>>
  transitions?: Transitions
  /** The site's directory of order states; the factory's and three more unless given. */
  states?: readonly OrderState[]
  systemEvents?: readonly SystemEvent[]
}

/** A request as it came over the wire. */
export interface SeenRequest {
  verb: string
  url: string
  method: string
  body: string
  headers: IncomingMessage['headers']
  /** The code it was answered with; `undefined` while a fault kept the answer back. */
  code?: number
}

export type TaxiMasterSimulator = Awaited<ReturnType<typeof startTaxiMasterSimulator>>

const seenKept = 2000
const numbers = [
  'order_id',
  'new_state',
  'cancel_order_state_id',
  'client_id',
  'driver_id',
  'car_id',
] as const

export async function startTaxiMasterSimulator({
  port = 0,
  clock = realClock,
  faultClock = clock,
  scheme = 'https',
  oldTls = false,
  keys = { commonApi: 'demo-common-key', tapi: 'demo-tapi-key' },
  users = { 1: 'all' },
  transitions = factoryTransitions,
  states = orderStates,
  systemEvents = [takesOffLine, assigns],
}: SimulatorOptions = {}) {
  const outgoing = openOutgoing()
  const events = openSystemEvents({
    clock,
    events: systemEvents,
    fire: ({ code }, { id }) => outgoing.tellEvent({ event: code, order_id: String(id) }),
    ran(code, { driver_id, order_id, crew_id }) {
      if (code === takesOffLine.code) town.offLine.add(Number(driver_id))
      // Crews are numbered a hundred above their drivers.
      if (code === assigns.code) book.assignTo(Number(order_id), Number(crew_id) - 100)
    },
  })
  const book = openOrderBook({
    clock,
    transitions,
    states,
    entered(order) {
      outgoing.entered(order)
      events.entered(order)
    },
  })
  const town = townMethods({ now: clock.now })
  const common = new Map(
    Object.entries({ ...commonMethods({ book, now: clock.now }), ...town.methods, ...events.methods }),
  )
  const telephony = tapiMethods({ book, outgoing, now: clock.now })
  const tapi = new Map(Object.entries(telephony.methods))
  const faults = openFaults(faultClock)
  const requests: SeenRequest[] = []
  const happenings = new EventEmitter()

  function commonReply({ verb, method, headers, body }: SeenRequest, query: string): Reply {
    const known = common.get(method)
    if (!known) return no(6, 'Unknown request name')
    if (known.verb !== 'ANY' && known.verb !== verb) return no(7, 'Wrong request type')
    if (method === 'ping') return known.answer({})
    const payload = body || query
    if (headers.signature !== sign(payload, keys.commonApi)) return no(4, 'Secret key does not match')
    const user = headers['x-user-id']
    if (user !== undefined) {
      const allowed = users[String(user)]
      if (!allowed) return no(13, 'CommonAPI user not found')
      if (allowed !== 'all' && !allowed.includes(method))
        return no(14, 'This CommonAPI user may not call the method')
    }
    if (known.json) return known.answer(membersOf(payload))
    const parameters = Object.fromEntries(new URLSearchParams(payload))
    const isWrong = numbers.some((name) => parameters[name] !== undefined && !/^\d+$/.test(parameters[name]))
    return isWrong ? no(9, 'Incorrect value') : known.answer(parameters)
  }

  function tapiReply({ verb, method, body }: SeenRequest, query: string): Reply {
    const known = tapi.get(method)
    if (!known) return no(6, 'Unknown request name')
    if (known.verb !== verb) return no(7, 'Wrong request type')
    const [, base = '', signature = ''] = /^(.*?)&?signature=([0-9a-f]*)$/.exec(body || query) ?? []
    if (signature !== sign(base, keys.tapi)) return no(4, 'Secret key does not match')
    const parameters = [...new URLSearchParams(base)].map(([name, value]) => [name.toLowerCase(), value])
    return known.answer(Object.fromEntries(parameters))
  }

  function reply(seen: SeenRequest): Reply {
    const [path, query] = split(seen.url, '?')
    const [, api, version] = path.split('/')
    if (api !== 'common_api' && api !== 'tm_tapi') return no(2, 'Unknown API type')
    if (version !== '1.0') return no(5, 'Unsupported API version')
    return api === 'tm_tapi' ? tapiReply(seen, query) : commonReply(seen, query)
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const url = request.url ?? '/'
    const method = split(url, '?')[0].split('/')[3] ?? ''
    const seen: SeenRequest = {
      verb: request.method ?? '',
      url,
      method,
      body: await bodyOf(request),
      headers: request.headers,
    }
    if (requests.push(seen) > seenKept) requests.splice(0, seenKept / 2)

    const fault = faults.next(method)
    if (fault?.reset) {
      request.socket.destroy()
      return
    }
    if (!(await faults.delayed(fault))) return

    const isXml = url.startsWith('/tm_tapi/')
    const honest = fault?.code === undefined ? reply(seen) : no(fault.code, 'Simulated failure')
    if (fault?.mute) return
    seen.code = honest.code
    happenings.emit('request')
    await fault?.answerLater
    if (fault?.lostAnswer) {
      request.socket.destroy()
      return
    }
    const text = fault?.nonsense ?? (isXml ? toXml(honest) : JSON.stringify(honest))
    const type = isXml ? 'text/xml; charset=utf-8' : 'application/json; charset=utf-8'
    response.writeHead(fault?.status ?? 200, {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(text),
    })
    response.end(text)
  }

  const oldTlsOptions = {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1',
    ciphers: 'AES128-SHA:@SECLEVEL=0',
  } as const
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy())
  }
  const server =
    scheme === 'http'
      ? createHttpServer(listener)
      : createHttpsServer({ key, cert, ...(oldTls && oldTlsOptions) }, listener)

  async function listen(onPort: number): Promise<number> {
    server.listen(onPort, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  async function goDown() {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  async function comeBack() {
    if (!server.listening) await listen(boundPort)
  }

  const boundPort = await listen(port)
  return {
    url: `${scheme}://127.0.0.1:${boundPort}`,
    fingerprint,
    keys,
    clients,
    drivers,
    ...book,
    /** What was sent, shown, set and started through CommonAPI. */
    eventRuns: events.runs as readonly Record<string, unknown>[],
    sms: town.sms as readonly { phone: string; message: string }[],
    feedback: town.feedback as readonly Record<string, unknown>[],
    messages: town.messages as readonly Record<string, unknown>[],
    attributes: town.attributes as ReadonlyMap<number, Record<string, unknown>>,
    /** What the telephony was told of. */
    requestStates: telephony.requestStates as readonly Record<string, string>[],
    records: telephony.records as readonly Record<string, string>[],
    /** Once so many requests of a method were done, answered or not. */
    async asked(method: string, times: number) {
      while (requests.filter((each) => each.method === method && each.code !== undefined).length < times) {
        await once(happenings, 'request')
      }
    },
    /** The latest requests, oldest first. */
    requests: requests as readonly SeenRequest[],

    /** What it sends by itself, once it was told where: `outgoing.callThrough`. */
    outgoing,

    /** Returns what ends this fault. */
    misbehave: (fault: Fault) => faults.add(fault),
    behave: () => faults.clear(),

    /** Ids of drivers who are not on the line. */
    offLine: town.offLine,

    goDown,
    comeBack,
    /** Timers of system events are lost; catching up, what fired lately fires a second time. */
    async restart(how: { catchUp?: boolean } = {}) {
      await goDown()
      await comeBack()
      events.restart(how)
    },
    async stop() {
      events.stop()
      await goDown()
    },
  }
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.method === 'GET') return ''
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
