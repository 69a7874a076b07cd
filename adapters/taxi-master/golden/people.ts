import { common, json, period, signal, type Vectors } from './vectors.ts'

export const people: Vectors = {
  get_client_info: {
    ask: (asker) => common(asker).clientInfo('1001', signal),
    request: {
      name: 'get_client_info',
      verb: 'GET',
      path: '/common_api/1.0/get_client_info?client_id=1001&fields=balance%2Cbonus_balance%2Cmin_balance%2Cis_locked',
      headers: { Signature: 'a6d282d9defc7783691fc1b307bfd3fa' },
    },
  },
  get_driver_info: {
    ask: (asker) => common(asker).driverInfo('501', signal),
    request: {
      name: 'get_driver_info',
      verb: 'GET',
      path: '/common_api/1.0/get_driver_info?driver_id=501&fields=balance%2Cis_locked',
      headers: { Signature: '8a4c710a5a3df4e23935f3514b67dbaf' },
    },
  },
  get_crews_info: {
    ask: (asker) => common(asker).crews(signal),
    request: {
      name: 'get_crews_info',
      verb: 'GET',
      path: '/common_api/1.0/get_crews_info?fields=crew_id%2Ccode%2Cdriver_id%2Ccar_id%2Conline%2Ccommon_priority',
      headers: { Signature: '0dcf8360c7c219af083d77b698f2d14c' },
    },
  },
  'get_crews_info with those at home': {
    ask: (asker) => common(asker).crews(signal, { all: true }),
    request: {
      name: 'get_crews_info',
      verb: 'GET',
      path: '/common_api/1.0/get_crews_info?not_working_crews=true&fields=crew_id%2Ccode%2Cdriver_id%2Ccar_id%2Conline%2Ccommon_priority',
      headers: { Signature: '6af294604f10e3ea177464dda5988df4' },
    },
  },
  'get_client_info for an address': {
    ask: (asker) => common(asker).clientAddress('1001', signal),
    request: {
      name: 'get_client_info',
      verb: 'GET',
      path: '/common_api/1.0/get_client_info?client_id=1001&fields=address',
      headers: { Signature: 'ab626ca30e9008f2404aa0e77770edc0' },
    },
  },
  'get_client_info for a discount': {
    ask: (asker) => common(asker).clientTerms('1001', signal),
    request: {
      name: 'get_client_info',
      verb: 'GET',
      path: '/common_api/1.0/get_client_info?client_id=1001&fields=login%2Ctariff_id%2Cdiscount_id%2Cis_locked',
      headers: { Signature: '4a0dc7448e1982a75678d103c560c382' },
    },
  },
  save_client_feed_back: {
    ask: (asker) =>
      common(asker).saveFeedback(
        { phone: '0670000001', rating: 5, text: 'Чистая машина', order_id: 123 },
        signal,
      ),
    request: {
      name: 'save_client_feed_back',
      verb: 'POST',
      path: '/common_api/1.0/save_client_feed_back',
      headers: { Signature: '11beb170d0130732be8cf87b7947a0bd', ...json },
      body: '{"phone":"0670000001","rating":5,"text":"Чистая машина","order_id":123}',
    },
  },
  'get_driver_info for a PIN': {
    ask: (asker) => common(asker).driverInfo('501', signal, 'proof'),
    request: {
      name: 'get_driver_info',
      verb: 'GET',
      path: '/common_api/1.0/get_driver_info?driver_id=501&fields=is_dismissed%2Cterm_account%2Cattribute_values',
      headers: { Signature: '47adf53ebf2cdfe4152f70d337cb930c' },
    },
  },
  get_driver_operations: {
    ask: (asker) => common(asker).operationsOf({ driver_id: '501' }, period, signal),
    request: {
      name: 'get_driver_operations',
      verb: 'GET',
      path: '/common_api/1.0/get_driver_operations?driver_id=501&start_time=20260101000000&finish_time=20260201000000',
      headers: { Signature: '8eadead0fe49365540f8dea3fb845336' },
    },
  },
  get_clients_info: {
    ask: (asker) => common(asker).clientsLike('1001', signal),
    request: {
      name: 'get_clients_info',
      verb: 'GET',
      path: '/common_api/1.0/get_clients_info?text=1001&fields=number%2Clogin',
      headers: { Signature: '2114c27747e49cffbf4668d1a1ec832f' },
    },
  },
  get_crews_coords: {
    ask: (asker) => common(asker).crewsCoordinates(signal),
    request: {
      name: 'get_crews_coords',
      verb: 'GET',
      path: '/common_api/1.0/get_crews_coords',
      headers: { Signature: '53136271c432a1af377c3806c3112ddf' },
    },
  },
  find_crews_by_coords: {
    ask: (asker) => common(asker).crewsNear({ lat: 50.4, lon: 30.5 }, 2, signal),
    request: {
      name: 'find_crews_by_coords',
      verb: 'GET',
      path: '/common_api/1.0/find_crews_by_coords?lat=50.4&lon=30.5&radius=2',
      headers: { Signature: '9449b286f8c70ec5315749d1525e9975' },
    },
  },
}
