/** Whatever is sent to HTTP is answered with a code or with an ordinary answer, and the house stays open. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { openTestHttp } from '../../test/support/test-http.ts'
import { errorCodes } from '../errors.ts'

const codes: readonly string[] = errorCodes

function isCoded(body: string): boolean {
  const answer = JSON.parse(body) as { code?: string; message?: string; requestId?: string }
  return (
    codes.includes(answer.code ?? '') && answer.code !== 'INTERNAL' && !!answer.message && !!answer.requestId
  )
}

test('any bytes on the socket', async () => {
  await using house = await openTestHttp()
  const { port } = await house.http.listen()
  const line = fc.constantFrom(
    'GET /health HTTP/1.1\r\n',
    'POST /api/v1/sign-in HTTP/1.1\r\ncontent-length: 5\r\n',
    '',
  )
  await fc.assert(
    fc.asyncProperty(line, fc.uint8Array({ maxLength: 300 }), async (start, noise) => {
      const answer = await exchange(port, Buffer.concat([Buffer.from(start), noise, Buffer.from('\r\n\r\n')]))
      const [head = '', rest = ''] = answer.split('\r\n\r\n')
      // What comes after it answers the bytes after the first request.
      const body = rest.slice(0, Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0))
      const status = Number(head.split(' ')[1] ?? 0)
      assert.ok(answer === '' || status < 400 || isCoded(body), answer)
    }),
    { numRuns: 200 },
  )
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200)
})

test('any address, headers and body on any route', async () => {
  await using house = await openTestHttp({ trustProxy: true })
  await house.http.ready()
  const who = await house.signedIn('administrator')
  const routes = [
    '/health',
    '/ready',
    '/api/v1/sign-in',
    '/sign-in/x',
    '/api/v1/calls',
    '/api/v1/calls/x/story',
    '/api/v1/users',
    '/api/v1/users/x',
    '/api/v1/users/x/sign-in-link',
    '/api/v1/tokens',
    '/api/v1/tokens/x',
    '/api/v1/neighbours',
    '/api/v1/me',
  ]
  const url = fc
    .tuple(
      fc.constantFrom(...routes, '/x/'),
      fc.oneof(
        fc.constant(''),
        fc.webQueryParameters().map((text) => `?${text}`),
        fc.string(),
      ),
    )
    .map(([route, rest]) => route + rest.replace(/[^\x21-\x7e]/g, '%'))
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .record({ name: fc.string(), role: fc.string(), rights: fc.array(fc.string()) })
      .map((each) => JSON.stringify(each)),
  )
  const type = fc.constantFrom('application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x', '')
  const authorization = fc.oneof(
    fc.constant(undefined),
    fc.constant('Bearer cb_x'),
    fc.stringMatching(/^[\x20-\x7e]*$/),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'),
      url,
      body,
      type,
      authorization,
      async (method, address, payload, contentType, authorized) => {
        const answer = await house.app.inject({
          method: method as 'GET',
          url: address,
          headers: {
            ...who,
            'content-type': contentType,
            ...(authorized !== undefined && { authorization: authorized }),
          },
          ...(method !== 'GET' && method !== 'HEAD' && { payload }),
        })
        const isFine = answer.statusCode < 400 || method === 'HEAD' || answer.json().isReady === false
        assert.ok(isFine || isCoded(answer.body), `${answer.statusCode} ${answer.body}`)
      },
    ),
    { numRuns: 400 },
  )
})

async function exchange(port: number, bytes: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  // Half-closing says that nothing more comes: the server need not wait for the rest of a body.
  socket.end(bytes)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}
