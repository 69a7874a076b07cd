/**
 * Stands where Taxi-Master expects Oktell's web server. What is wanted is on the disk before it is answered;
 * what cannot be written is refused. The same request again within the window is answered and not done again.
 */
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { Report } from '#core/adapter.ts'
import { CallbusError, reasonOf } from '#core/errors.ts'
import type { OrderId, Phone } from '#core/schema.ts'
import { type Guest, isSame, openGuestBook } from './door/guests.ts'
import { type Letter, toLetter } from './door/letter.ts'
import type { Start } from './door/oktell-answers.ts'
import * as answers from './door/oktell-answers.ts'
import { orderOf } from './door/order-event.ts'
import { toRequest, toScript } from './door/scripts.ts'
import type { DoorSettings } from './door/settings.ts'

export interface OktellDoor {
  readonly port: number
  close(): Promise<void>
}

interface Neighbours {
  log: Logger
  toPhone(raw: string): Phone | undefined
  kept: Report<'dispatch'>['kept']
  /** Something happened to this order just now. */
  hint(order: OrderId): void
}

const largestBody = 64 * 1024
const slowest = 5000

export async function openOktellDoor(settings: DoorSettings, neighbours: Neighbours): Promise<OktellDoor> {
  const { log, toPhone, kept, hint } = neighbours
  const guests = openGuestBook(settings)
  const actions = new Map(
    Object.entries(settings.scripts).map(([name, action]) => [name.toLowerCase(), action]),
  )
  const unmapped = new Set<string>()

  async function startScript(letter: Letter): Promise<Start> {
    const script = toScript(letter)
    if (!script) return 'refused'
    const request = toRequest(script, { toPhone, actions })
    if (!request) {
      log.warn({ script: script.name }, 'Taxi-Master wants a call to a number that is none; nobody is rung')
      return 'refused'
    }
    if (request.order) hint(request.order)
    const name = script.name.toLowerCase()
    if (request.name === 'callback.requested' && !request.action) tellUnmapped(script.name)
    try {
      const repeats = { key: keyOf([name, ...script.parameters]), seconds: settings.repeatSeconds }
      const taken = await kept(request, repeats)
      if (taken === 'repeat') log.info({ script: script.name }, 'Taxi-Master asked for the same again')
      return 'started'
    } catch (thrown) {
      log.error({ script: script.name, reason: reasonOf(thrown) }, 'A request of Taxi-Master was refused')
      return 'broken'
    }
  }

  function tellUnmapped(script: string) {
    const name = script.toLowerCase()
    if (unmapped.size >= 100 || unmapped.has(name)) return
    unmapped.add(name)
    log.info({ script }, 'Taxi-Master starts a script that the settings do not map')
  }

  function orderEvent(letter: Letter): answers.OktellAnswer {
    const order = orderOf(letter)
    if (!order) return answers.unreadable
    hint(order)
    return answers.accepted
  }

  async function answerTo(letter: Letter, guest: Guest): Promise<answers.OktellAnswer> {
    if (letter.page === 'order-event') {
      const { eventSecret } = settings
      if (!eventSecret) return answers.notFound
      return isSame(letter.fields.get('secret'), eventSecret) ? orderEvent(letter) : answers.forbidden
    }
    if (!guests.isKnown(guest)) return answers.forbidden
    switch (letter.page) {
      case 'execsvcscript':
      case 'tmabconnect':
        return answers.scriptAnswer(await startScript(letter), letter.fields.get('async') === '0')
      case 'execsvcscriptplain':
        return answers.plainAnswer(await startScript(letter))
      default:
        return answers.notFound
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const address = request.socket.remoteAddress
    if (!guests.comesFromHere({ address, authorization: undefined, password: undefined })) {
      log.warn({ address }, 'Somebody who may not come in knocked at the Oktell door')
      return send(response, answers.forbidden)
    }
    if (request.method !== 'GET' && request.method !== 'POST') return send(response, answers.wrongVerb)
    const body = await bodyOf(request)
    if (body === undefined) return send(response, answers.tooLarge)
    const letter = toLetter(request.url ?? '/', request.headers['content-type'] ?? '', body)
    const password = letter.fields.get('password')
    const guest = { address, authorization: request.headers.authorization, password }
    send(response, await answerTo(letter, guest))
  }

  const server = createServer({ requestTimeout: slowest, headersTimeout: slowest }, (request, response) => {
    handle(request, response).catch((thrown: unknown) => {
      // A guest who leaves in the middle of a sentence is no news.
      if (!request.destroyed) log.error({ err: thrown }, 'The Oktell door could not answer')
      response.destroy()
    })
  })
  server.on('clientError', (_, socket) => socket.destroy())
  server.listen(settings.port, settings.host)
  await once(server, 'listening').catch((thrown: unknown) => {
    const { host, port } = settings
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE'
    if (!isTaken) throw thrown
    const holder = 'another program, perhaps Oktell itself'
    throw new CallbusError('PORT_TAKEN', { host, port, holder }, { cause: thrown })
  })

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Short, and without the phones it is about. */
function keyOf(words: readonly string[]): string {
  return hash('sha256', JSON.stringify(words)).slice(0, 24)
}

function send(response: ServerResponse, { status, type, text }: answers.OktellAnswer) {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    // Whoever may not come in may not keep the connection either.
    ...(status >= 400 && { Connection: 'close' }),
  })
  response.end(text)
}

/** `undefined` when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestBody) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
