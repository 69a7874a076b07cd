import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Asker } from '#core/asking/asker.ts'
import type { Request } from '#core/asking/line.ts'
import { noting, openSilence, requestsOf, takesAll } from './simulator/golden.ts'
import { openTapi, tapiRequest } from './tapi.ts'

const key = 'test-key'
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** Golden vectors: what must go over the wire, byte for byte. Signatures were computed apart. */
const golden: Record<string, { ask: (asker: Asker) => Promise<unknown>; request: Request }> = {
  get_info_by_phone: {
    ask: (asker) => tapi(asker).infoByPhone('0670000001', signal),
    request: {
      name: 'get_info_by_phone',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_info_by_phone?PHONE=0670000001&FIELDS=PHONE_TYPE-PHONE_SYSTEM_CATEGORY-CLIENT_ID-CLIENT_GROUP_ID-CLIENT_IS_LOCKED-DRIVER_ID-ORDERS_COUNT-ORDER_ID-PHONE_TO_DIAL-ORDER_STATE-IS_PRIOR-DRIVER_TIMECOUNT-DRIVER_PHONE-GOSNUMBER-CAR_COLOR-CAR_MARK-START_USER_SIP_ACCOUNTS&signature=f9613d6f0ba18d0861ac05f0a090cf6f',
      headers: {},
    },
  },
  get_info_by_order_id: {
    ask: (asker) => tapi(asker).infoByOrderId('123', signal),
    request: {
      name: 'get_info_by_order_id',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_info_by_order_id?ORDER_ID=123&FIELDS=ORDER_STATE-IS_PRIOR-DRIVER_TIMECOUNT-DRIVER_PHONE-GOSNUMBER-CAR_COLOR-CAR_MARK-START_USER_SIP_ACCOUNTS&signature=6eedb453319b267ae4b5fa2913bb45ae',
      headers: {},
    },
  },
  'change_order_state of TM TAPI': {
    ask: (asker) => tapi(asker).changeOrderState('123', 5, signal),
    request: {
      name: 'change_order_state',
      verb: 'POST',
      path: '/tm_tapi/1.0/change_order_state',
      headers: form,
      body: 'ORDER_ID=123&NEED_STATE=5&signature=c8ee6019f95c4f4b361dc86dcbf978f8',
    },
  },
  'get_info_by_phone about money': {
    ask: (asker) => tapi(asker).accountByPhone('0670000001', signal),
    request: {
      name: 'get_info_by_phone',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_info_by_phone?PHONE=0670000001&FIELDS=PHONE_TYPE-CLIENT_ID-CLIENT_BALANCE-CLIENT_BONUS_BALANCE-CLIENT_IS_LOCKED-DRIVER_ID-DRIVER_REMAINDER&signature=83a3f58b414dde8fe78dbb5e68c168c0',
      headers: {},
    },
  },
  'get_info_by_phone about a shift': {
    ask: (asker) => tapi(asker).shiftByPhone('0500000001', signal),
    request: {
      name: 'get_info_by_phone',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_info_by_phone?PHONE=0500000001&FIELDS=DRV_SHIFT_START_TIME&signature=eb1d6cb3545ec3e542102f684cf7eb26',
      headers: {},
    },
  },
  get_driver_phones_by_crew_code: {
    ask: (asker) => tapi(asker).driverPhones('7', signal),
    request: {
      name: 'get_driver_phones_by_crew_code',
      verb: 'GET',
      path: '/tm_tapi/1.0/get_driver_phones_by_crew_code?crew_code=7&signature=11d1ec1c4097993971b6414618c2420a',
      headers: {},
    },
  },
  set_request_state: {
    ask: (asker) =>
      tapi(asker).setRequestState({ ORDER_ID: '123', STATE_ID: '10', PHONE_TYPE: '1', STATE: '2' }, signal),
    request: {
      name: 'set_request_state',
      verb: 'POST',
      path: '/tm_tapi/1.0/set_request_state',
      headers: form,
      body: 'ORDER_ID=123&STATE_ID=10&PHONE_TYPE=1&STATE=2&signature=9c23c277253718e23e27b235ebda2f1b',
    },
  },
  connect_client_and_driver: {
    ask: (asker) => tapi(asker).connectClientAndDriver('123', signal),
    request: {
      name: 'connect_client_and_driver',
      verb: 'POST',
      path: '/tm_tapi/1.0/connect_client_and_driver',
      headers: form,
      body: 'order_id=123&signature=dce5b8a1c2fbf5ffd2866abc7332c3a6',
    },
  },
  create_record_link: {
    ask: (asker) =>
      tapi(asker).createRecordLink(
        {
          CALL_TYPE: '1',
          RECORD_DATE: '15012026120000',
          RECORD_LENGTH: '42',
          FILE_PATH: '\\\\pbx\\records\\1.wav',
          CALL_ID: 'c-1',
          PHONE: '0670000001',
          CALL_RESULT: 'answered',
        },
        signal,
      ),
    request: {
      name: 'create_record_link',
      verb: 'POST',
      path: '/tm_tapi/1.0/create_record_link',
      headers: form,
      body: 'CALL_TYPE=1&RECORD_DATE=15012026120000&RECORD_LENGTH=42&FILE_PATH=%5C%5Cpbx%5Crecords%5C1.wav&CALL_ID=c-1&PHONE=0670000001&CALL_RESULT=answered&signature=824046173d43cf3167bc4dca5e8c93b7',
    },
  },
}

const signal = new AbortController().signal
const asked = new Set<string>()
const tapi = (asker: Asker) => noting(openTapi(asker, key), asked)

describe('every request of the telephony API is written byte for byte as Taxi-Master signs it', () => {
  for (const [name, { ask, request }] of Object.entries(golden)) {
    test(name, async () => assert.deepEqual(await requestsOf(ask), [request]))
  }

  test('no method is without its vector', async () => {
    for (const { ask } of Object.values(golden)) await requestsOf(ask)
    assert.deepEqual(new Set(Object.keys(openTapi(openSilence(), key))), asked)
  })

  test('the simulator takes every one', async () => {
    await takesAll(
      Object.values(golden).map(({ request }) => request),
      key,
    )
  })

  test('the telephony API signs its parameters and sends the signature last', () => {
    const parameters = { ORDER_ID: '123', FIELDS: 'DISCOUNTEDSUMM-DRIVER_TIMECOUNT' }
    const { path } = tapiRequest('get_info_by_order_id', 'GET', parameters, key)
    assert.ok(path.endsWith('DRIVER_TIMECOUNT&signature=e532ecf5790238bc2f27a6c1cd550496'))
  })
})
