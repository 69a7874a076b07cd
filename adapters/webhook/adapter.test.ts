import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { connectAdapter } from '#core/adapter-host.ts'
import { realClock } from '#core/clock.ts'
import type { CallbusError } from '#core/errors.ts'
import { openTestLog } from '../../test/support/test-log.ts'
import { adapter } from './adapter.ts'
import { signatureOf } from './signature.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = { id: 'queue-1/Олена/webhook', at: 1, subject: 'Черга', text: 'Чекає', because: 'черги' }

async function open(t: TestContext, status: () => number, settings: object = { allowPlainHttp: true }) {
  const cleanup = new AsyncDisposableStack()
  const heard: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    heard.push({ headers: request.headers, body })
    response.writeHead(status()).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    await cleanup.disposeAsync()
    server.close()
  })
  const { log } = openTestLog()
  const carrier = await connectAdapter(adapter, { secret, ...settings }, () => undefined, {
    cleanup,
    clock: realClock,
    log,
    site: {} as never,
    facts: async () => [],
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return { heard, carry: () => carrier.carry(message, address, AbortSignal.timeout(5_000)) }
}

test('a message is one POST that its receiver can prove ours', async (t) => {
  const { heard, carry } = await open(t, () => 204)
  await carry()
  const [{ headers, body } = assert.fail()] = heard
  const id = String(headers['webhook-id'])
  const second = Number(headers['webhook-timestamp'])
  assert.equal(headers['webhook-signature'], signatureOf(secret, { id, second, body }))
  assert.deepEqual(JSON.parse(body), { ...message, id })
})

test('the signature is the one of Standard Webhooks', () => {
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
  const body = '{"test": 2432232314}'
  assert.equal(
    signatureOf(secret, { id, second: 1_614_265_330, body }),
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('a receiver who is ill is asked again, one who says no is not', async (t) => {
  const statuses = [500, 429, 404]
  const { carry } = await open(t, () => statuses.shift() ?? 204)
  for (const code of ['MESSAGE_UNSENT', 'MESSAGE_UNSENT', 'MESSAGE_REFUSED'])
    await assert.rejects(carry(), (thrown: CallbusError) => thrown.code === code)
})

test('nothing travels readable unless that is allowed', async (t) => {
  const { heard, carry } = await open(t, () => 204, {})
  await assert.rejects(carry(), (thrown: CallbusError) => thrown.code === 'MESSAGE_REFUSED')
  assert.deepEqual(heard, [])
})
