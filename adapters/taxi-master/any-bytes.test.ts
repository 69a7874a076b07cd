import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { openAsker } from '#core/asking/asker.ts'
import { openHealth } from '#core/asking/health.ts'
import { openLine } from '#core/asking/line.ts'
import { realClock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import { openCommonApi } from './common-api.ts'
import { openDispatch } from './dispatch.ts'
import { completed } from './simulator/connected.ts'
import { openStateDirectory } from './states.ts'
import { openTapi } from './tapi.ts'

/** What the server writes to everyone who asks. */
let answer = Buffer.alloc(0)
const sockets = new Set<Socket>()
const server = createServer((socket) => {
  sockets.add(socket)
  socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  socket.once('data', () => socket.end(answer))
})

async function open() {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings = completed({
    url,
    allowPlainHttp: true,
    keys: { commonApi: 'a', tapi: 'b' },
    deadlineMs: 1000,
  })
  const line = openLine(settings)
  const asker = openAsker(
    line,
    openHealth(() => {}, { clock: realClock }),
  )
  const commonApi = openCommonApi(asker, { key: 'a' })
  const states = openStateDirectory(commonApi, settings)
  const watch = { detailsOf: () => undefined }
  const neighbours = { commonApi, tapi: openTapi(asker, 'b'), watch, clock: realClock }
  return {
    line,
    dispatch: openDispatch(neighbours, { settings, country: 'UA', timeZone: 'Europe/Kyiv', states }),
  }
}

const ok = (body: string | Uint8Array) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`),
    Buffer.from(body),
  ])

const member = fc.constantFrom(
  'response',
  'code',
  'descr',
  'data',
  'ORDER_ID',
  'ORDER_STATE',
  'PHONE_TYPE',
  'a',
)
const xml = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      member,
      fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.constantFrom('0', '7', ''),
        fc.array(tie('element')).map((all) => all.join('')),
      ),
    )
    .map(([name, inside]) => `<${name}>${inside}</${name}>`),
})).element

const anyAnswer = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ok(bytes)),
  fc.json().map(ok),
  fc
    .record({ code: fc.oneof(fc.constant(0), fc.integer()), descr: fc.string(), data: fc.jsonValue() })
    .map((body) => ok(JSON.stringify(body))),
  xml.map(ok),
  xml.map((inside) => ok(`<response><code>0</code><descr>OK</descr><data>${inside}</data></response>`)),
)

describe('whatever bytes Taxi-Master answers', () => {
  let world: Awaited<ReturnType<typeof open>>
  before(async () => {
    world = await open()
  })
  after(async () => {
    await world.line.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  const verbs = {
    identify: (signal: AbortSignal) => world.dispatch.identify('+380670000001', signal),
    findOrder: (signal: AbortSignal) => world.dispatch.findOrder('1', signal),
    cancelOrder: (signal: AbortSignal) => world.dispatch.cancelOrder('1', signal),
    states: (signal: AbortSignal) => world.dispatch.states(signal),
    findOrders: (signal: AbortSignal) => world.dispatch.findOrders('+380670000001', signal),
    createOrder: (signal: AbortSignal) => {
      const order = { key: 'k', phone: '+380670000001', stops: [{ address: 'a' }] } as const
      return world.dispatch.createOrder({ ...order, stops: [...order.stops] }, signal)
    },
    findAccount: (signal: AbortSignal) => world.dispatch.findAccount({ phone: '+380670000001' }, signal),
    accountDetails: (signal: AbortSignal) =>
      world.dispatch.accountDetails({ of: 'driver', id: '501' }, signal),
    checkClaim: (signal: AbortSignal) => world.dispatch.checkClaim({ callSign: '1', pin: '1' }, signal),
    costOf: (signal: AbortSignal) => world.dispatch.costOf({ stops: [{ address: 'a' }] }, signal),
    attributes: (signal: AbortSignal) => world.dispatch.attributes(signal),
    crewPositions: (signal: AbortSignal) => world.dispatch.crewPositions(signal),
  }

  for (const [verb, ask] of Object.entries(verbs)) {
    test(`${verb} ends in an answer or in a coded error`, async () => {
      await fc.assert(
        fc.asyncProperty(anyAnswer, async (bytes) => {
          answer = bytes
          await ask(new AbortController().signal).catch((thrown: unknown) => {
            assert.ok(thrown instanceof CallbusError, String(thrown))
            assert.match(thrown.code, /^DISPATCH_/)
          })
        }),
        { numRuns: 60 },
      )
    })
  }
})
