import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Clock, realClock } from '#core/clock.ts'
import { type Lane, openWebSocketLane } from './lane.ts'
import { arrangeLanes } from './lanes.ts'
import { toAbilities } from './server.ts'

/** A lane that answers with its own name, or is stuck or lost. */
function fakeLane(name: string, state: 'free' | 'stuck' | 'lost' = 'free', load = 0): Lane {
  return {
    load,
    isFree: state === 'free',
    isOpen: state !== 'lost',
    ask: async () => ({ status: 200, reason: name, body: '' }),
    close: async () => {},
  }
}

async function asked(lanes: ReturnType<typeof arrangeLanes>, choice: number | 'control') {
  return (await lanes.ask(choice, 'GET', 'asterisk/ping', undefined, 1000)).reason
}

test('a call stays on its lane, and what must not wait has its own', async () => {
  const lanes = arrangeLanes(fakeLane('control'), [fakeLane('0'), fakeLane('1')])
  assert.deepEqual(
    [await asked(lanes, 0), await asked(lanes, 1), await asked(lanes, 'control')],
    ['0', '1', 'control'],
  )
})

test('the calls of a stuck or lost lane go by the least loaded free one', async () => {
  const lanes = arrangeLanes(fakeLane('control'), [
    fakeLane('0', 'stuck'),
    fakeLane('1', 'free', 5),
    fakeLane('2', 'free', 1),
  ])
  assert.equal(await asked(lanes, 0), '2')
  const lost = arrangeLanes(fakeLane('control', 'lost'), [fakeLane('0', 'lost'), fakeLane('1', 'stuck')])
  assert.equal(await asked(lost, 0), '1')
})

test('new calls are spread over the lanes', () => {
  const lanes = arrangeLanes(fakeLane('control'), [fakeLane('0'), fakeLane('1'), fakeLane('2')])
  assert.deepEqual(new Set([lanes.choose(), lanes.choose(), lanes.choose()]), new Set([0, 1, 2]))
})

interface Request {
  request_id: string
  uri: string
  message_body?: string
}

/** The exchange's end of one lane. */
async function openFarEnd(t: TestContext) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  t.after(() => {
    for (const ws of server.clients) ws.terminate()
    server.close()
  })
  const sockets: WebSocket[] = []
  const requests: Request[] = []
  const heard = new EventTarget()
  server.on('connection', (ws) => {
    sockets.push(ws)
    heard.dispatchEvent(new Event('connected'))
    ws.on('message', (data) => {
      requests.push(JSON.parse(data.toString()) as Request)
      heard.dispatchEvent(new Event('request'))
    })
  })

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ari`,
    sockets,
    async request(at: number): Promise<Request> {
      for (;;) {
        const request = requests[at]
        if (request) return request
        await once(heard, 'request')
      }
    },
    connected: () => once(heard, 'connected'),
    answer({ request_id }: Request, status: number, body = '') {
      const answer = {
        type: 'RESTResponse',
        request_id,
        status_code: status,
        reason_phrase: 'Said',
        message_body: body,
      }
      sockets.at(-1)?.send(JSON.stringify(answer))
    },
  }
}

async function openLane(t: TestContext, url: string, clock: Clock = realClock) {
  const lane = await openWebSocketLane({
    server: { url, user: 'u', password: 'p' },
    app: 'callbus-cmd-0',
    clock,
  })
  t.after(() => lane.close())
  return lane
}

test('answers find their requests in whatever order they come', async (t) => {
  const far = await openFarEnd(t)
  const lane = await openLane(t, far.url)
  const first = lane.ask('POST', 'channels/a/answer', undefined, 5000)
  const second = lane.ask('POST', 'channels/b/play', { media: 'sound:x' }, 5000)
  far.answer(await far.request(1), 201, '{"id":"p"}')
  far.answer(await far.request(0), 204)

  assert.deepEqual(await second, { status: 201, reason: 'Said', body: '{"id":"p"}' })
  assert.equal((await first).status, 204)
  assert.deepEqual(JSON.parse((await far.request(1)).message_body ?? ''), { media: 'sound:x' })
  assert.equal(lane.load, 0)
})

test('a request that outlives its deadline is told as late, and the lane is not free until its answer', async (t) => {
  const deadlines: (() => void)[] = []
  const clock: Clock = {
    ...realClock,
    after(milliseconds, callback) {
      if (milliseconds === 777) deadlines.push(callback)
      return () => {}
    },
  }
  const far = await openFarEnd(t)
  const lane = await openLane(t, far.url, clock)
  const asking = lane.ask('POST', 'channels/a/answer', undefined, 777)
  const request = await far.request(0)
  deadlines[0]?.()
  await assert.rejects(asking, { code: 'EXCHANGE_LATE', message: /POST channels answer/ })
  assert.equal(lane.isFree, false)

  far.answer(request, 204)
  const next = lane.ask('GET', 'asterisk/ping', undefined, 778)
  far.answer(await far.request(1), 200)
  await next
  assert.equal(lane.isFree, true)
  assert.equal(lane.load, 0)
})

test('a lost lane fails what was asked and comes back by itself', async (t) => {
  const far = await openFarEnd(t)
  const lane = await openLane(t, far.url)
  const asking = lane.ask('POST', 'channels/a/answer', undefined, 5000)
  await far.request(0)
  const again = far.connected()
  far.sockets[0]?.terminate()
  await assert.rejects(asking, { code: 'EXCHANGE_UNREACHABLE' })
  await assert.rejects(lane.ask('GET', 'asterisk/ping', undefined, 5000), { code: 'EXCHANGE_UNREACHABLE' })
  await again
})

test('each version is asked only for what it has', () => {
  const can = (version: string) => Object.values(toAbilities(version))
  assert.deepEqual(can('20.13.0'), [false, false])
  assert.deepEqual(can('20.14.1'), [true, false])
  assert.deepEqual(can('22.10.1+dfsg+~cs6.17'), [true, true])
  assert.deepEqual(can('21.10.0'), [true, true])
  assert.deepEqual(can('23.0.0'), [true, true])
  assert.deepEqual(can('certified/20.7-cert4'), [false, false])
  assert.deepEqual(can(''), [false, false])
})
