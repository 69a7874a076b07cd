import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { pino } from 'pino'
import { Value } from 'typebox/value'
import { request } from 'undici'
import type { Repeats } from '#core/adapter.ts'
import type { DispatchRequest } from '#core/ports/dispatch.ts'
import { DoorSettings } from './door/settings.ts'
import { openOktellDoor } from './oktell-door.ts'
import { fromDialledPhone } from './phone-rules.ts'

const rules = { toDispatch: [], fromDispatch: [] }

async function open(given: Partial<DoorSettings> = {}, disk: () => Promise<void> = async () => {}) {
  const settings = Value.Default(DoorSettings, { host: '127.0.0.1', port: 0, ...given })
  Value.Assert(DoorSettings, settings)
  const reported: DispatchRequest[] = []
  const keys: Repeats[] = []
  const hinted: string[] = []
  const door = await openOktellDoor(settings, {
    log: pino({ level: 'silent' }),
    toPhone: (raw) => fromDialledPhone(raw, rules, 'UA'),
    kept: async (request, repeats) => {
      await disk()
      reported.push(request)
      keys.push(repeats)
      return 'new'
    },
    hint: (order) => hinted.push(order),
  })
  async function ask(path: string, options: Parameters<typeof request>[1] = {}) {
    const response = await request(`http://127.0.0.1:${door.port}${path}`, options)
    return { status: response.statusCode, text: await response.body.text() }
  }
  return {
    port: door.port,
    reported,
    keys,
    hinted,
    ask,
    [Symbol.asyncDispose]: () => door.close(),
  }
}

const call =
  '/execsvcscript?name=Car_Arrived&startparam1=80670000001&startparam2=&startparam3=0&startparam4=123'
const form = { 'content-type': 'application/x-www-form-urlencoded' }

describe('the Oktell door', () => {
  test('answers as Oktell does and reports the call that is wanted', async () => {
    await using world = await open({ scripts: { car_arrived: 'arrived' } })
    const { status, text } = await world.ask(call)
    assert.equal(status, 200)
    const parser = new XMLParser({ ignoreAttributes: false })
    const { oktellxmlmapper: answer } = parser.parse(text, true)
    assert.equal(answer['@_version'], '80710')
    assert.equal(answer.data['@_name'], 'result')
    assert.equal(answer.data.property_set['@_name'], 'execsvcscript')
    assert.deepEqual(answer.data.property_set.property_simple, [
      { '@_key': 'started', '@_value': '1', '@_name': 'success' },
      { '@_key': 'startresult', '@_value': '0', '@_name': 'success' },
    ])
    assert.deepEqual(world.reported, [
      {
        name: 'callback.requested',
        phone: '+380670000001',
        order: '123',
        script: 'Car_Arrived',
        action: 'arrived',
        parameters: ['80670000001', '', '0', '123'],
      },
    ])
    assert.deepEqual(world.hinted, ['123'])
  })

  test('takes a form as well as a query, and names in any case of letters', async () => {
    await using world = await open()
    const body = 'NAME=late&StartParam1=0670000001&startParam4=7'
    assert.equal((await world.ask('/ExecSvcScript', { method: 'POST', body, headers: form })).status, 200)
    const [event] = world.reported as { script: string; order: string; action?: string }[]
    assert.deepEqual([event?.script, event?.order, event?.action], ['late', '7', undefined])
  })

  test('joins two phones', async () => {
    await using world = await open()
    await world.ask(
      '/execsvcscript?name=TMABConnect&startparam1=0670000001&startparam2=0500000001&startparam4=9',
    )
    assert.deepEqual(world.reported, [
      {
        name: 'join.requested',
        phones: ['+380670000001', '+380500000001'],
        order: '9',
        parameters: ['0670000001', '0500000001', '', '9'],
      },
    ])
  })

  test('answers plainly, and with the value where one waits for it', async () => {
    await using world = await open()
    assert.deepEqual(await world.ask('/execsvcscriptplain?name=a&startparam1=0670000001'), {
      status: 200,
      text: '1',
    })
    const waited = await world.ask('/execsvcscript?name=b&startparam1=0670000001&async=0&timeout=3')
    assert.match(waited.text, /key="returnvalue"/)
  })

  test('names what is the same request, whatever the case of its letters, and for how long', async () => {
    await using world = await open({ repeatSeconds: 20 })
    for (const path of [call, call.replace('Car_Arrived', 'car_arrived'), call.replace('123', '124')]) {
      assert.equal((await world.ask(path)).status, 200)
    }
    const [first, again, other] = world.keys
    assert.deepEqual(first, again)
    assert.equal(first?.seconds, 20)
    assert.notEqual(first?.key, other?.key)
    assert.doesNotMatch(first?.key ?? '', /0670000001/)
  })

  test('answers only when the request is on the disk', async () => {
    const disk = Promise.withResolvers<void>()
    await using world = await open({}, () => disk.promise)
    let isAnswered = false
    const asking = world.ask(call).then((answer) => {
      isAnswered = true
      return answer
    })
    await world.ask('/getsomethingelse')
    assert.equal(isAnswered, false)
    disk.resolve()
    assert.equal((await asking).status, 200)
  })

  test('says in Oktell’s words and by its status that nothing will be done when the disk cannot be written', async () => {
    await using world = await open({}, () => Promise.reject(new Error('the disk is full')))
    const { status, text } = await world.ask(call)
    assert.equal(status, 503)
    assert.match(text, /key="started" value="0" name="fail"/)
    const plain = await world.ask('/execsvcscriptplain?name=a&startparam1=0670000001')
    assert.deepEqual(plain, { status: 503, text: '0' })
    assert.deepEqual(world.hinted, ['123'], 'the order is read all the same')
  })

  test('starts nothing without a name or a number', async () => {
    await using world = await open()
    for (const path of ['/execsvcscript', '/execsvcscript?name=a', '/execsvcscript?name=a&startparam1=abc']) {
      const { status, text } = await world.ask(path)
      assert.equal(status, 200)
      assert.match(text, /key="started" value="0"/)
    }
    assert.equal((await world.ask('/getsomethingelse')).status, 404)
    assert.equal((await world.ask(call, { method: 'DELETE' })).status, 405)
    assert.deepEqual(world.reported, [])
  })

  test('lets in listed addresses only', async () => {
    for (const [allow, status] of [
      [['10.0.0.0/8'], 403],
      [[], 403],
      [['10.0.0.0/8', '127.0.0.0/8'], 200],
      [['::1', '127.0.0.1'], 200],
    ] as const) {
      await using world = await open({ allow: [...allow] })
      assert.equal((await world.ask(call)).status, status, allow.join())
    }
  })

  test('does not open for an address that is none', async () => {
    for (const allow of ['10.0.0.999', '10.0.0.0/33', '::1/129']) {
      await assert.rejects(open({ allow: [allow] }), { code: 'SETTINGS_INVALID' })
    }
  })

  test('wants the password or the sign-in where the site set one', async () => {
    await using world = await open({ password: 'open', basic: { user: 'tm', password: 'sesame' } })
    const basic = (text: string) => ({
      headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
    })
    assert.equal((await world.ask(call)).status, 403)
    assert.equal((await world.ask(`${call}&password=wrong`)).status, 403)
    assert.equal((await world.ask(call, basic('tm:wrong'))).status, 403)
    assert.deepEqual(world.reported, [])
    assert.equal((await world.ask(`${call}&password=open`)).status, 200)
    assert.equal((await world.ask(call, basic('tm:sesame'))).status, 200)
  })

  test('takes order events in any dress, with the secret', async () => {
    await using world = await open({ eventSecret: 'long enough' })
    const secret = 'secret=long%20enough'
    const told = [
      await world.ask(`/order-event?${secret}&order_id=1&state=10`),
      await world.ask(`/order-event?${secret}`, { method: 'POST', body: 'Order=2', headers: form }),
      await world.ask(`/order-event?${secret}`, {
        method: 'POST',
        body: '{"orderId": 3, "more": {"a": []}}',
      }),
    ]
    assert.deepEqual(
      told.map(({ status }) => status),
      [200, 200, 200],
    )
    assert.deepEqual(world.hinted, ['1', '2', '3'])
    assert.equal((await world.ask(`/order-event?${secret}`)).status, 400)
    assert.equal((await world.ask('/order-event?order_id=1&secret=guess')).status, 403)
    await using shut = await open()
    assert.equal((await shut.ask(`/order-event?${secret}&order_id=1`)).status, 404)
  })

  test('says so when its port is taken', async () => {
    await using world = await open()
    await assert.rejects(open({ port: world.port }), { code: 'PORT_TAKEN' })
  })

  test('refuses a flood', async () => {
    await using world = await open()
    const flood = world.ask('/execsvcscript', { method: 'POST', body: 'a'.repeat(200_000) })
    const status = await flood.then(
      (answer) => answer.status,
      () => 413,
    )
    assert.equal(status, 413)
    assert.equal((await world.ask(call)).status, 200)
  })
})

describe('whatever bytes come through the Oktell door', () => {
  let world: Awaited<ReturnType<typeof open>>
  before(async () => {
    world = await open({ eventSecret: 'long enough' })
  })
  after(() => world[Symbol.asyncDispose]())

  async function pour(bytes: Uint8Array | string) {
    const socket = connect(world.port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.resume()
    socket.end(bytes)
    await once(socket, 'close')
  }

  const word = fc.constantFrom(
    'name',
    'startparam1',
    'startparam4',
    'secret',
    '%',
    '%FF',
    '=',
    '&',
    '?',
    '/',
    '\u0000',
    '0670000001',
  )
  const tail = fc
    .array(fc.oneof(word, fc.string({ maxLength: 20 })), { maxLength: 12 })
    .map((all) => all.join(''))
  const page = fc.constantFrom('execsvcscript', 'execsvcscriptplain', 'TMABConnect', 'order-event', '', '..')
  const wellFormed = fc
    .tuple(fc.constantFrom('GET', 'POST', 'PUT'), page, tail, fc.oneof(tail, fc.json()))
    .map(([verb, path, query, body]) => {
      const line = `${verb} /${path}?${encodeURI(query.toWellFormed())} HTTP/1.1\r\nHost: x\r\n`
      return `${line}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
    })

  test('it stays open and answers the next one', async () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), wellFormed)
    await fc.assert(
      fc.asyncProperty(bytes, async (each) => {
        await pour(each)
      }),
      { numRuns: 300 },
    )
    assert.equal((await world.ask(call)).status, 200)
  })
})
