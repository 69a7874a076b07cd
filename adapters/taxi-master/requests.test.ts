import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commonRequest, openCommonApi } from './common-api.ts'
import { orders } from './golden/orders.ts'
import { people } from './golden/people.ts'
import { asked, key } from './golden/vectors.ts'
import { openSilence, requestsOf, takesAll } from './simulator/golden.ts'

const golden = { ...orders, ...people }

describe('every request is written byte for byte as Taxi-Master signs it', () => {
  for (const [name, { ask, request }] of Object.entries(golden)) {
    test(name, async () => assert.deepEqual(await requestsOf(ask), [request]))
  }

  test('no method is without its vector', async () => {
    for (const { ask } of Object.values(golden)) await requestsOf(ask)
    assert.deepEqual(new Set(Object.keys(openCommonApi(openSilence(), { key }))), asked)
  })

  test('the simulator takes every one', async () => {
    await takesAll(
      Object.values(golden).map(({ request }) => request),
      key,
    )
  })

  test('a CommonAPI user is named by a header', () => {
    assert.equal(commonRequest('ping', { query: {} }, { key, userId: 7 }).headers['X-User-Id'], '7')
  })

  test('text is percent-encoded before it is signed', () => {
    const parameters = { phone: '89001234567', message: 'Ваш код 42' }
    const { body, headers } = commonRequest('send_sms', { form: parameters }, { key })
    assert.equal(body, 'phone=89001234567&message=%D0%92%D0%B0%D1%88+%D0%BA%D0%BE%D0%B4+42')
    assert.equal(headers.Signature, '7b759ea7ce422337aa96b6ec95eb065f')
  })
})
