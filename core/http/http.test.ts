import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { row } from '../../test/contract/storage.ts'
import { openTestHttp } from '../../test/support/test-http.ts'
import { CallbusError } from '../errors.ts'
import { Type } from '../schema.ts'

test('nothing but health answers without a login', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const open = ['/health', '/ready']
  const closed = [
    '/metrics',
    '/openapi.json',
    '/api/v1/calls',
    '/api/v1/events',
    '/api/v1/users',
    '/api/v1/me',
    '/x',
    '/',
  ]
  for (const url of open) assert.equal((await house.app.inject(url)).statusCode, 200, url)
  for (const url of closed) {
    const answer = await house.app.inject(url)
    assert.equal(answer.statusCode, 401, url)
    assert.equal(answer.json().code, 'NOT_SIGNED_IN', url)
  }
})

test('name and password sign in, sign-out ends it', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  await house.users.add({ name: 'olena', role: 'operator', password: 'taxi taxi taxi' })
  const wrong = await house.app.inject({
    method: 'POST',
    url: '/api/v1/sign-in',
    payload: { name: 'olena', password: 'no' },
  })
  assert.equal(wrong.json().code, 'SIGN_IN_REFUSED')

  const right = await house.app.inject({
    method: 'POST',
    url: '/api/v1/sign-in',
    payload: { name: 'olena', password: 'taxi taxi taxi' },
  })
  assert.equal(right.statusCode, 204)
  const [cookie] = right.cookies
  assert.equal(cookie?.httpOnly, true)
  assert.equal(cookie?.sameSite, 'Strict')

  const headers = { cookie: `${cookie?.name}=${cookie?.value}` }
  const me = (await house.app.inject({ url: '/api/v1/me', headers })).json()
  assert.equal(me.name, 'olena')
  assert.deepEqual(me.site, { name: 'taxi', country: 'UA', language: 'uk' })
  assert.equal(me.serverTime, house.clock.now())

  assert.equal((await house.app.inject({ method: 'POST', url: '/api/v1/sign-out', headers })).statusCode, 204)
  assert.equal((await house.app.inject({ url: '/api/v1/me', headers })).statusCode, 401)
})

test('the printed link leads into the console, once', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const { id } = await house.users.ensureAdministrator()
  const link = `/sign-in/${await house.users.makeSignInLink(id)}`
  const first = await house.app.inject(link)
  assert.equal(first.statusCode, 303)
  assert.equal(first.headers.location, '/')
  assert.ok(first.cookies[0])
  const second = await house.app.inject(link)
  assert.equal(second.json().code, 'SIGN_IN_REFUSED')
  assert.equal(second.cookies.length, 0)

  const browser = { accept: 'text/html,application/xhtml+xml' }
  const outside = await house.app.inject({ url: link, headers: browser })
  assert.deepEqual([outside.statusCode, outside.headers.location], [303, '/?link=used'])
  assert.equal(outside.cookies.length, 0)
  const cookie = `callbus_session=${first.cookies[0].value}`
  const inside = await house.app.inject({ url: link, headers: { ...browser, cookie } })
  assert.deepEqual([inside.statusCode, inside.headers.location], [303, '/'])
})

test('guessing passwords is slowed down', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const link = () => house.app.inject('/sign-in/guess')
  for (let attempt = 0; attempt < 10; attempt += 1)
    assert.equal((await link()).json().code, 'SIGN_IN_REFUSED')
  const answer = await link()
  assert.equal(answer.statusCode, 429)
  assert.equal(answer.json().code, 'TOO_MANY_REQUESTS')
})

test('a role opens what it has a right to, a token only what it was given', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const operator = await house.signedIn('operator')
  const refused = await house.app.inject({ url: '/api/v1/users', headers: operator })
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'RIGHT_MISSING'])

  const integrator = await house.signedIn('integrator')
  const made = await house.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: integrator,
    payload: { name: 'crm', rights: ['calls.read'] },
  })
  assert.equal(made.statusCode, 201)
  const token = { authorization: `Bearer ${made.json().secret}` }
  assert.equal((await house.app.inject({ url: '/api/v1/calls', headers: token })).statusCode, 200)
  assert.equal((await house.app.inject({ url: '/metrics', headers: token })).json().code, 'RIGHT_MISSING')

  const tooMuch = { name: 'more', rights: ['users.edit'] }
  const greedy = await house.app.inject({
    method: 'POST',
    url: '/api/v1/tokens',
    headers: integrator,
    payload: tooMuch,
  })
  assert.equal(greedy.json().code, 'RIGHT_MISSING')
})

test('a page of another house cannot act for somebody signed in here', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const headers = await house.signedIn('administrator')
  const add = (origin: string) =>
    house.app.inject({
      method: 'POST',
      url: '/api/v1/users',
      headers: { ...headers, origin, host: 'taxi.example:8080' },
      payload: { name: `guest of ${origin}`, role: 'operator' },
    })
  assert.equal((await add('https://evil.example')).json().code, 'ORIGIN_REFUSED')
  assert.equal((await add('null')).json().code, 'ORIGIN_REFUSED')
  assert.equal((await add('http://taxi.example:8080')).statusCode, 201)
})

test('people are added, changed, barred and removed', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const headers = await house.signedIn('administrator')
  const ask = (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload: object = {}) =>
    house.app.inject({ method, url, headers, payload })

  const added = await ask('POST', '/api/v1/users', { name: 'olena', role: 'operator' })
  const { id } = added.json()
  assert.equal(
    (await ask('POST', '/api/v1/users', { name: 'olena', role: 'operator' })).json().code,
    'CONFLICT',
  )
  assert.equal((await ask('PATCH', `/api/v1/users/${id}`, { role: 'supervisor' })).json().role, 'supervisor')
  assert.equal((await ask('PATCH', `/api/v1/users/${id}`, { isBarred: true })).json().isBarred, true)
  assert.match((await ask('POST', `/api/v1/users/${id}/sign-in-link`)).json().path, /^\/sign-in\//)
  assert.equal((await ask('DELETE', `/api/v1/users/${id}`)).statusCode, 204)
  assert.equal((await ask('DELETE', `/api/v1/users/${id}`)).json().code, 'NOT_FOUND')
})

test('calls are listed page by page with what is known of the caller', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  const headers = await house.signedIn('operator')
  for (const at of [1, 2, 3]) house.journal.keepCall(row(`c${at}`, at))
  house.journal.keepCall({ ...row('c1', 1), ended_at: 9, result: 'answered', state: 'ended' })
  house.publish('call.identified', { call: 'c2', kind: 'client', lookedUp: true })
  house.live.push({ id: 'c2' })

  const ask = async (query: string) =>
    (await house.app.inject({ url: `/api/v1/calls?${query}`, headers })).json()
  const first = await ask('limit=2')
  assert.deepEqual(
    first.calls.map((call: { id: string }) => call.id),
    ['c3', 'c2'],
  )
  assert.equal(first.calls[1].kind, 'client')
  const second = await ask(`limit=2&before=${first.next}`)
  assert.deepEqual(
    second.calls.map((call: { id: string }) => call.id),
    ['c1'],
  )
  assert.equal(second.next, undefined)
  assert.deepEqual(
    (await ask('live=true')).calls.map((call: { id: string }) => call.id),
    ['c2'],
  )
  assert.equal((await ask('phone=%2B380671234567')).calls.length, 3)
  assert.equal((await ask('phone=+380671234567')).calls.length, 3)
  assert.equal((await ask('phone=067-123-45-67')).calls.length, 3)
  assert.equal((await ask('phone=%2B380500000000')).calls.length, 0)
})

test('the story of a call is told in order, without numbers to who may not see them', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  house.journal.keepCall(row('c1', 1))
  house.publish('call.offered', {
    call: 'c1',
    leg: 'l1',
    from: '+380671234567',
    to: '0443334455',
    line: 'main',
  })
  house.publish('call.answered', { call: 'c1' })
  await house.journal.flush()

  const headers = await house.signedIn('operator')
  const story = (await house.app.inject({ url: '/api/v1/calls/c1/story', headers })).json()
  assert.equal(story.call.from, '+380671234567')
  assert.deepEqual(
    story.facts.map((fact: { name: string }) => fact.name),
    ['call.offered', 'call.answered'],
  )
  assert.equal(
    (await house.app.inject({ url: '/api/v1/calls/none/story', headers })).json().code,
    'NOT_FOUND',
  )

  const { id } = await house.users.ensureAdministrator()
  const { secret } = await house.users.tokens.make({ name: 'x', userId: id, rights: ['calls.read'] })
  const masked = await house.app.inject({
    url: '/api/v1/calls/c1/story',
    headers: { authorization: `Bearer ${secret}` },
  })
  assert.equal(masked.body.includes('80671234567'), false)
  assert.equal(masked.json().call.from, '+380*****4567')
  const search = await house.app.inject({
    url: '/api/v1/calls?phone=%2B380671234567',
    headers: { authorization: `Bearer ${secret}` },
  })
  assert.equal(search.json().code, 'RIGHT_MISSING')
})

test('neighbours are known from their facts', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  house.publish('connection.changed', { neighbour: 'asterisk', state: 'connecting' })
  house.publish('connection.changed', { neighbour: 'asterisk', state: 'lost', because: 'refused' })
  const headers = await house.signedIn('operator')
  assert.deepEqual((await house.app.inject({ url: '/api/v1/neighbours', headers })).json(), {
    neighbours: [{ name: 'asterisk', state: 'lost', because: 'refused' }],
  })
})

test('readiness names its parts and is false while a vital one is away', async () => {
  await using house = await openTestHttp()
  await house.http.ready()
  house.parts.push({ name: 'taxi-master', state: 'lost', isVital: false })
  assert.equal((await house.app.inject('/ready')).statusCode, 200)
  house.parts.push({ name: 'asterisk', state: 'starting', isVital: true })
  const answer = await house.app.inject('/ready')
  assert.equal(answer.statusCode, 503)
  assert.deepEqual(answer.json(), {
    isReady: false,
    parts: { database: 'ready', 'taxi-master': 'lost', asterisk: 'starting' },
  })
})

test('a plugin has its own place, guarded by default, gone when it stops', async () => {
  await using house = await openTestHttp()
  const scope = house.http.pluginScope('weather')
  scope.register(async (http) => {
    http.get(
      '/today',
      { schema: { response: { 200: Type.Object({ degrees: Type.Number() }) } } },
      async () => ({ degrees: 7 }),
    )
    http.get('/secret', { config: { right: 'settings.read' } }, async () => 'x')
  })
  scope.registerAtRoot(async (http) => {
    http.get('/', async () => 'a page')
  })
  await house.http.ready()

  const headers = await house.signedIn('operator')
  assert.equal((await house.app.inject('/api/plugins/weather/today')).json().code, 'NOT_SIGNED_IN')
  assert.deepEqual((await house.app.inject({ url: '/api/plugins/weather/today', headers })).json(), {
    degrees: 7,
  })
  assert.equal(
    (await house.app.inject({ url: '/api/plugins/weather/secret', headers })).json().code,
    'RIGHT_MISSING',
  )
  assert.equal((await house.app.inject('/')).body, 'a page')
  const there = async () => (await house.app.inject({ url: '/api/v1/me', headers })).json().plugins
  assert.deepEqual(await there(), ['weather'])

  const admin = await house.signedIn('administrator')
  const paths = Object.keys((await house.app.inject({ url: '/openapi.json', headers: admin })).json().paths)
  assert.ok(paths.includes('/api/plugins/weather/today') && paths.includes('/api/v1/calls'))

  scope.close()
  assert.deepEqual(await there(), [])
  assert.equal(
    (await house.app.inject({ url: '/api/plugins/weather/today', headers })).json().code,
    'NOT_FOUND',
  )
})

test('a plugin whose routes break leaves the rest of the house open', async () => {
  await using house = await openTestHttp()
  house.http.pluginScope('broken').register(async (http) => {
    http.get('/a', async () => 'a')
    http.get('/a', async () => 'a')
  })
  house.http.pluginScope('whole').register(async (http) => {
    http.get('/b', async () => 'b')
  })
  await house.http.ready()
  const headers = await house.signedIn('operator')
  assert.equal((await house.app.inject({ url: '/api/plugins/whole/b', headers })).body, 'b')
  assert.equal(house.lines.find((line) => line.code)?.code, 'PLUGIN_START_FAILED')
})

test('every kind of mistake has a coded answer', async () => {
  await using house = await openTestHttp()
  house.http.pluginScope('odd').register(async (http) => {
    http.get('/throws', async () => {
      throw new Error('a secret of ours')
    })
    http.get('/coded', async () => {
      throw new CallbusError('DISPATCH_LATE', { request: 'identify', milliseconds: 1_500 })
    })
    http.get('/text', async () => {
      throw 'just text'
    })
  })
  await house.http.ready()
  const headers = await house.signedIn('administrator')
  const post = { ...headers, 'content-type': 'application/json' }
  const cases = [
    [{ url: '/api/plugins/odd/throws', headers }, 500, 'INTERNAL'],
    [{ url: '/api/plugins/odd/text', headers }, 500, 'INTERNAL'],
    [{ url: '/api/plugins/odd/coded', headers }, 504, 'DISPATCH_LATE'],
    [{ url: '/nowhere', headers }, 404, 'NOT_FOUND'],
    [{ url: '/api/v1/calls?limit=many', headers }, 400, 'REQUEST_INVALID'],
    [{ url: '/api/v1/%E0%A4%A', headers }, 400, 'REQUEST_INVALID'],
    [{ method: 'POST', url: '/api/v1/users', headers: post, payload: '{"name":' }, 400, 'REQUEST_INVALID'],
    [{ method: 'POST', url: '/api/v1/users', headers: post, payload: '' }, 400, 'REQUEST_INVALID'],
    [
      { method: 'POST', url: '/api/v1/users', headers: post, payload: '{"__proto__":{"a":1}}' },
      400,
      'REQUEST_INVALID',
    ],
    [
      { method: 'POST', url: '/api/v1/users', headers: post, payload: `"${'x'.repeat(1_100_000)}"` },
      413,
      'REQUEST_TOO_LARGE',
    ],
    [
      {
        method: 'POST',
        url: '/api/v1/users',
        headers: { ...headers, 'content-type': 'text/x' },
        payload: 'x',
      },
      415,
      'REQUEST_INVALID',
    ],
  ] as const
  for (const [request, status, code] of cases) {
    const answer = await house.app.inject(request)
    assert.deepEqual(
      [answer.statusCode, answer.json().code],
      [status, code],
      JSON.stringify(request).slice(0, 100),
    )
    assert.match(answer.json().requestId, /^[0-9a-f-]{36}$/)
    assert.equal(answer.body.includes('a secret of ours'), false)
  }
})

test('a taken port is named with who holds it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await using house = await openTestHttp({ port })
  await assert.rejects(house.http.listen(), {
    code: 'PORT_TAKEN',
    message: new RegExp(`${port} on 127.0.0.1 is held by process ${process.pid}`),
  })
  other.close()
})
