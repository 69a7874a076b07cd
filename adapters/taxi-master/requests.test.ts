import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commonRequest, openCommonApi } from './common-api.ts'
import type { Asker } from './health.ts'
import type { Request } from './http.ts'
import { openTapi, tapiRequest } from './tapi.ts'

const key = 'test-key'
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** Golden vectors: what must go over the wire, byte for byte. Signatures were computed apart. */
const golden: Record<string, { ask: (asker: Asker) => Promise<unknown>; request: Request }> = {
  ping: {
    ask: (asker) => common(asker).ping(signal),
    request: {
      name: 'ping',
      verb: 'GET',
      path: '/common_api/1.0/ping',
      headers: { Signature: '53136271c432a1af377c3806c3112ddf' },
    },
  },
  get_order_states_list: {
    ask: (asker) => common(asker).orderStates(signal),
    request: {
      name: 'get_order_states_list',
      verb: 'GET',
      path: '/common_api/1.0/get_order_states_list',
      headers: { Signature: '53136271c432a1af377c3806c3112ddf' },
    },
  },
  get_order_state: {
    ask: (asker) => common(asker).orderState('123', signal),
    request: {
      name: 'get_order_state',
      verb: 'GET',
      path: '/common_api/1.0/get_order_state?order_id=123',
      headers: { Signature: 'dce5b8a1c2fbf5ffd2866abc7332c3a6' },
    },
  },
  get_current_orders: {
    ask: (asker) => common(asker).currentOrders(['id', 'state_id'], signal),
    request: {
      name: 'get_current_orders',
      verb: 'GET',
      path: '/common_api/1.0/get_current_orders?fields=id%2Cstate_id',
      headers: { Signature: '1c2a5901e4f157231892f89859db83d7' },
    },
  },
  'change_order_state of CommonAPI': {
    ask: (asker) => common(asker).changeOrderState('123', 5, signal),
    request: {
      name: 'change_order_state',
      verb: 'POST',
      path: '/common_api/1.0/change_order_state',
      headers: { Signature: 'b2baf03afdf4608ae66624fa64e65cf6', ...form },
      body: 'order_id=123&new_state=5',
    },
  },
  get_info_by_phone: {
    ask: (asker) => openTapi(asker, key).infoByPhone('0670000001', signal),
    request: {
      name: 'get_info_by_phone',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_info_by_phone?PHONE=0670000001&FIELDS=PHONE_TYPE-PHONE_SYSTEM_CATEGORY-CLIENT_ID-CLIENT_GROUP_ID-CLIENT_IS_LOCKED-DRIVER_ID-ORDERS_COUNT-ORDER_ID-PHONE_TO_DIAL-ORDER_STATE-DRIVER_TIMECOUNT-DRIVER_PHONE-GOSNUMBER-CAR_COLOR-CAR_MARK-START_USER_SIP_ACCOUNTS&signature=beef31ca8cc69c785b042c5da0485750',
      headers: {},
    },
  },
  get_info_by_order_id: {
    ask: (asker) => openTapi(asker, key).infoByOrderId('123', signal),
    request: {
      name: 'get_info_by_order_id',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_info_by_order_id?ORDER_ID=123&FIELDS=ORDER_STATE-DRIVER_TIMECOUNT-DRIVER_PHONE-GOSNUMBER-CAR_COLOR-CAR_MARK-START_USER_SIP_ACCOUNTS&signature=f988666a03a1897ec7fe5ec7dd2a4a87',
      headers: {},
    },
  },
  'change_order_state of TM TAPI': {
    ask: (asker) => openTapi(asker, key).changeOrderState('123', 5, signal),
    request: {
      name: 'change_order_state',
      verb: 'POST',
      path: '/tm_tapi/1.0/change_order_state',
      headers: form,
      body: 'ORDER_ID=123&NEED_STATE=5&signature=c8ee6019f95c4f4b361dc86dcbf978f8',
    },
  },
}

const signal = new AbortController().signal
const common = (asker: Asker) => openCommonApi(asker, { key })

describe('every request is written byte for byte as Taxi-Master signs it', () => {
  for (const [name, { ask, request }] of Object.entries(golden)) {
    test(name, async () => {
      const sent: Request[] = []
      const asker: Asker = {
        async ask(each) {
          sent.push(each)
          throw new Error('only the request matters here')
        },
      }
      await assert.rejects(ask(asker))
      assert.deepEqual(sent, [request])
    })
  }

  test('a CommonAPI user is named by a header', () => {
    const { headers } = commonRequest('ping', { query: {} }, { key, userId: 7 })
    assert.equal(headers['X-User-Id'], '7')
  })

  test('text is percent-encoded before it is signed', () => {
    const parameters = { phone: '89001234567', message: 'Ваш код 42' }
    const { body, headers } = commonRequest('send_sms', { form: parameters }, { key })
    assert.equal(body, 'phone=89001234567&message=%D0%92%D0%B0%D1%88+%D0%BA%D0%BE%D0%B4+42')
    assert.equal(headers.Signature, '7b759ea7ce422337aa96b6ec95eb065f')
  })

  test('the telephony API signs its parameters and sends the signature last', () => {
    const parameters = { ORDER_ID: '123', FIELDS: 'DISCOUNTEDSUMM-DRIVER_TIMECOUNT' }
    const { path } = tapiRequest('get_info_by_order_id', 'GET', parameters, key)
    assert.ok(path.endsWith('DRIVER_TIMECOUNT&signature=e532ecf5790238bc2f27a6c1cd550496'))
  })
})
