import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Agent, request } from 'undici'
import { sign } from '../signature.ts'
import { liveInCity } from './city.ts'
import { openOrderBook } from './order-book.ts'
import { startTaxiMasterSimulator } from './simulator.ts'

async function open() {
  const simulator = await startTaxiMasterSimulator()
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  const { commonApi, tapi } = simulator.keys

  async function send(method: 'GET' | 'POST', path: string, body: string | null = null, headers = {}) {
    const response = await request(simulator.url + path, { method, body, headers, dispatcher })
    return await response.body.text()
  }
  return {
    simulator,
    send,
    signed: (payload: string) => ({ Signature: sign(payload, commonApi) }),
    trailing: (base: string) => `${base}&signature=${sign(base, tapi)}`,
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
      await simulator.stop()
    },
  }
}

describe('the simulated Taxi-Master', () => {
  test('answers compact JSON in the order code, descr, data', async () => {
    await using world = await open()
    assert.equal(await world.send('GET', '/common_api/1.0/ping'), '{"code":0,"descr":"OK","data":{}}')
  })

  test('checks signatures over the bytes as sent', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: '0670000001', stateId: 1 })
    const query = `order_id=${id}&fields=state_id%2Cphone`
    const path = `/common_api/1.0/get_order_state?${query}`
    assert.match(await world.send('GET', path), /^\{"code":4,.*"data":\{\}\}$/)
    const otherBytes = world.signed(query.replace('%2C', ','))
    assert.match(await world.send('GET', path, null, otherBytes), /^\{"code":4,/)
    assert.equal(
      await world.send('GET', path, null, world.signed(query)),
      `{"code":0,"descr":"OK","data":{"order_id":${id},"state_id":1,"phone":"0670000001"}}`,
    )
  })

  test('takes form parameters in the query of a POST, under any content type', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: '0670000001', stateId: 1 })
    const parameters = `order_id=${id}&new_state=7`
    const path = `/common_api/1.0/change_order_state`
    const inQuery = await world.send('POST', `${path}?${parameters}`, null, world.signed(parameters))
    assert.equal(inQuery, `{"code":0,"descr":"OK","data":{"order_id":${id},"new_state":7}}`)
    const back = `order_id=${id}&new_state=1`
    const odd = { ...world.signed(back), 'Content-Type': 'application/x-www-form-urlencode' }
    assert.match(await world.send('POST', path, back, odd), /"code":0/)
  })

  test('understands both letter cases in the telephony API and answers XML', async () => {
    await using world = await open()
    for (const base of [
      'PHONE=0670000001&FIELDS=PHONE_TYPE-ORDER_ID-GOSNUMBER',
      'phone=0670000001&fields=phone_type-order_id-gosnumber',
    ]) {
      assert.equal(
        await world.send('GET', `/tm_tapi/1.0/get_info_by_phone?${world.trailing(base)}`),
        '<?xml version="1.0" encoding="UTF-8"?><response><code>0</code><descr>OK</descr><data><PHONE_TYPE>2</PHONE_TYPE><ORDER_ID>0</ORDER_ID><GOSNUMBER/></data></response>',
      )
    }
  })

  test('has a code for every misunderstanding', async () => {
    await using world = await open()
    const code = async (...[method, path]: ['GET' | 'POST', string]) =>
      /"code":(\d+)|<code>(\d+)/
        .exec(await world.send(method, path, null, world.signed('')))
        ?.slice(1)
        .find(Boolean)
    assert.equal(await code('GET', '/other_api/1.0/ping'), '2')
    assert.equal(await code('GET', '/common_api/2.0/ping'), '5')
    assert.equal(await code('GET', '/common_api/1.0/make_coffee'), '6')
    assert.equal(await code('GET', '/common_api/1.0/constructor'), '6')
    assert.equal(await code('POST', '/common_api/1.0/get_order_state'), '7')
    assert.equal(await code('GET', '/common_api/1.0/get_order_state'), '8')
    assert.equal(await code('GET', '/tm_tapi/1.0/get_info_by_phone?PHONE=1&signature=00'), '4')
  })

  test('knows its people and the price of a late cancellation', async () => {
    await using world = await open()
    const { id } = world.simulator.placeOrder({ phone: '0670000001', stateId: 10 })
    const ask = async (method: string, query: string) =>
      JSON.parse(await world.send('GET', `/common_api/1.0/${method}?${query}`, null, world.signed(query)))
    const client = { phone_type: 'client', id: 1001, client_employee_id: 0 }
    assert.deepEqual((await ask('analyze_phone', 'phone=0670000001')).data, client)
    assert.equal((await ask('analyze_phone', 'phone=0990000001')).code, 100)
    assert.equal((await ask('get_client_info', 'client_id=1001&fields=balance')).data.balance, 10)
    assert.equal((await ask('get_driver_info', 'driver_id=501')).data.phones[0].phone, '0500000001')
    const penalty = await ask('check_cancel_order_penalty', `order_id=${id}&cancel_order_state_id=5`)
    assert.deepEqual(penalty.data, { cancel_order_penalty_sum: 50 })
    const unfit = await ask('check_cancel_order_penalty', `order_id=${id}&cancel_order_state_id=4`)
    assert.equal(unfit.code, 102)
  })

  test('spells one flag in two ways', async () => {
    await using world = await open()
    const path = `/tm_tapi/1.0/get_info_by_phone?${world.trailing('PHONE=0670000038&FIELDS=CLIENT_IS_LOCKED')}`
    const spellings = new Set([await world.send('GET', path), await world.send('GET', path)])
    assert.equal(spellings.size, 2)
  })

  test('misbehaves as told and for as long as told', async () => {
    await using world = await open()
    const ping = () => world.send('GET', '/common_api/1.0/ping')
    const end = world.simulator.misbehave({ nonsense: 'what?', status: 502 })
    assert.equal(await ping(), 'what?')
    end()
    assert.match(await ping(), /"code":0/)
    for (const code of [3, 10, 113]) {
      world.simulator.misbehave({ code, times: 1 })
      assert.match(await ping(), new RegExp(`"code":${code},`))
      assert.match(await ping(), /"code":0/)
    }
    const answer = Promise.withResolvers<void>()
    world.simulator.misbehave({ answerLater: answer.promise, times: 1 })
    const late = ping()
    await world.simulator.asked('ping', 1)
    answer.resolve()
    assert.match(await late, /"code":0/)
    world.simulator.misbehave({ lostAnswer: true, times: 1 })
    await assert.rejects(ping())
    world.simulator.misbehave({ reset: true, only: 'ping' })
    await assert.rejects(ping())
  })
})

test('the list of what it is held to names tests that are there', () => {
  const rows = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').matchAll(/\| `(\S+)`: (.+) \|$/gm)
  const named = [...rows].map(([, file = '', name = '']) => ({ file, name }))
  assert.ok(named.length > 20)
  for (const { file, name } of named) {
    assert.ok(
      readFileSync(join(import.meta.dirname, file), 'utf8').includes(`test('${name}'`),
      `${file}: ${name}`,
    )
  }
})

describe('the simulated city', () => {
  test('lives the same bounded day from the same seed', async () => {
    const days = await Promise.all([1, 1, 2].map(dayOf))
    assert.deepEqual(days[0], days[1])
    assert.notDeepEqual(days[0], days[2])
  })
})

/** Two thousand happenings of a day, in no time. */
async function dayOf(seed: number) {
  let now = 0
  const closing = new AbortController()
  let left = 2000
  const clock = {
    now: () => now,
    after: () => () => {},
    async sleep(milliseconds: number) {
      now += milliseconds
      left -= 1
      if (left === 0) closing.abort()
    },
  }
  const book = openOrderBook({ clock, transitions: {} })
  await liveInCity(book, { clock, seed }, closing.signal)
  assert.ok(book.currentOrders().length <= 12)
  assert.ok(book.orders.size <= 312)
  return [...book.orders.values()].map(({ id, stateId, phone }) => [id, stateId, phone])
}
