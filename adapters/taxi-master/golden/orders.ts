import { common, form, json, signal, type Vectors } from './vectors.ts'

/** Orders and whatever else is not about people. */
export const orders: Vectors = {
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
  'get_current_orders of a number': {
    ask: (asker) => common(asker).currentOrders(['id'], signal, { phone: '0670000001' }),
    request: {
      name: 'get_current_orders',
      verb: 'GET',
      path: '/common_api/1.0/get_current_orders?phone=0670000001&fields=id',
      headers: { Signature: 'd2e14430b3bd4e2ac8d529b8af7f1e64' },
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
  get_finished_orders: {
    ask: (asker) =>
      common(asker).finishedOrders(
        { start_time: '20260115120000', finish_time: '20260115130000', phone: '0670000001' },
        ['id', 'comment'],
        signal,
      ),
    request: {
      name: 'get_finished_orders',
      verb: 'GET',
      path: '/common_api/1.0/get_finished_orders?start_time=20260115120000&finish_time=20260115130000&phone=0670000001&fields=id%2Ccomment',
      headers: { Signature: 'beb26ce7921d58f7791cc75a5e7f23cb' },
    },
  },
  'change_order_state with a penalty': {
    ask: (asker) => common(asker).changeOrderState('123', 5, signal, 50),
    request: {
      name: 'change_order_state',
      verb: 'POST',
      path: '/common_api/1.0/change_order_state',
      headers: { Signature: '988f38505b5bf9487dc4b8a8141ecfbf', ...form },
      body: 'order_id=123&new_state=5&cancel_order_penalty_sum=50',
    },
  },
  check_cancel_order_penalty: {
    ask: (asker) => common(asker).cancelPenalty('123', 5, signal),
    request: {
      name: 'check_cancel_order_penalty',
      verb: 'GET',
      path: '/common_api/1.0/check_cancel_order_penalty?order_id=123&cancel_order_state_id=5',
      headers: { Signature: '591e11097e50e6077c31cd5151a04a88' },
    },
  },
  create_order2: {
    ask: (asker) =>
      common(asker).createOrder(
        {
          phone: '0670000001',
          addresses: [{ address: 'Садовая, 5', lat: 50.4, lon: 30.5 }],
          source_time: '20260115120000',
          comment: 'к подъезду #a-1',
          tariff_id: undefined,
          check_duplicate: true,
        },
        signal,
      ),
    request: {
      name: 'create_order2',
      verb: 'POST',
      path: '/common_api/1.0/create_order2',
      headers: { Signature: '31e462f20bf53219deae8123580d200e', ...json },
      body: '{"phone":"0670000001","addresses":[{"address":"Садовая, 5","lat":50.4,"lon":30.5}],"source_time":"20260115120000","comment":"к подъезду #a-1","check_duplicate":true}',
    },
  },
  update_order: {
    ask: (asker) =>
      common(asker).updateOrder(
        '123',
        { attribute_values: [{ id: 4, bool_value: true }], auto_recalc_cost: true },
        signal,
      ),
    request: {
      name: 'update_order',
      verb: 'POST',
      path: '/common_api/1.0/update_order',
      headers: { Signature: '313e02da7947bd4cf75d52bd9e27092f', ...json },
      body: '{"order_id":123,"attribute_values":[{"id":4,"bool_value":true}],"auto_recalc_cost":true}',
    },
  },
  analyze_phone: {
    ask: (asker) => common(asker).analyzePhone('0670000001', signal),
    request: {
      name: 'analyze_phone',
      verb: 'GET',
      path: '/common_api/1.0/analyze_phone?phone=0670000001',
      headers: { Signature: '9c316a7ee4bbcbbb7d67e9475a272046' },
    },
  },
  get_addresses_like2: {
    ask: (asker) => common(asker).addressesLike('Садовая', 20, signal),
    request: {
      name: 'get_addresses_like2',
      verb: 'GET',
      path: '/common_api/1.0/get_addresses_like2?get_streets=true&get_points=true&get_houses=true&address=%D0%A1%D0%B0%D0%B4%D0%BE%D0%B2%D0%B0%D1%8F&max_addresses_count=20',
      headers: { Signature: 'c134a12d7c079ff64adf65f33135ffd7' },
    },
  },
  find_nearest_address: {
    ask: (asker) => common(asker).nearestAddress({ lat: 50.4, lon: 30.5 }, signal),
    request: {
      name: 'find_nearest_address',
      verb: 'GET',
      path: '/common_api/1.0/find_nearest_address?lat=50.4&lon=30.5',
      headers: { Signature: '85e0a242d26007c4a03086ac185ac720' },
    },
  },
  analyze_route2: {
    ask: (asker) => common(asker).analyzeRoute([{ address: 'Садовая, 5' }], signal),
    request: {
      name: 'analyze_route2',
      verb: 'POST',
      path: '/common_api/1.0/analyze_route2',
      headers: { Signature: '311451fa825b786af0c7aacdafeb6650', ...json },
      body: '{"addresses":[{"address":"Садовая, 5"}]}',
      isRepeatable: true,
    },
  },
  get_tariffs_list: {
    ask: (asker) => common(asker).tariffs(signal),
    request: {
      name: 'get_tariffs_list',
      verb: 'GET',
      path: '/common_api/1.0/get_tariffs_list',
      headers: { Signature: '53136271c432a1af377c3806c3112ddf' },
    },
  },
  select_tariff_for_order: {
    ask: (asker) => common(asker).selectTariff({ client_id: 1001 }, [{ lat: 50.4, lon: 30.5 }], signal),
    request: {
      name: 'select_tariff_for_order',
      verb: 'POST',
      path: '/common_api/1.0/select_tariff_for_order',
      headers: { Signature: 'e7a1c737d621c8258e0ef8ce22beaa5d', ...json },
      body: '{"client_id":1001,"addresses":[{"lat":50.4,"lon":30.5}]}',
      isRepeatable: true,
    },
  },
  calc_order_cost2: {
    ask: (asker) =>
      common(asker).calculateCost(
        { tariff_id: 1 },
        [
          { lat: 50.4, lon: 30.5 },
          { lat: 50.5, lon: 30.6 },
          { lat: 50.6, lon: 30.7 },
        ],
        signal,
      ),
    request: {
      name: 'calc_order_cost2',
      verb: 'POST',
      path: '/common_api/1.0/calc_order_cost2',
      headers: { Signature: '2aaf94eca93d5fdb73a683844b4477ed', ...json },
      body: '{"tariff_id":1,"source_lat":50.4,"source_lon":30.5,"dest_lat":50.6,"dest_lon":30.7,"stops":[{"lat":50.5,"lon":30.6}],"analyze_route":true}',
      isRepeatable: true,
    },
  },
  check_authorization: {
    ask: (asker) => common(asker).authorize('client1', '2401', signal),
    request: {
      name: 'check_authorization',
      verb: 'GET',
      path: '/common_api/1.0/check_authorization?login=client1&password=2401',
      headers: { Signature: '9a0f3c51de9ba8cff7ad0e54fe212019' },
    },
  },
  run_system_event: {
    ask: (asker) => common(asker).runEvent('take_off_line', { driver_id: 501, crew_id: 601 }, signal),
    request: {
      name: 'run_system_event',
      verb: 'POST',
      path: '/common_api/1.0/run_system_event',
      headers: { Signature: '3f6df0806652482087b1deecf9d6e992', ...json },
      body: '{"system_event_code":"take_off_line","driver_id":501,"crew_id":601,"wait_for_completion":true}',
    },
  },
  get_car_info: {
    ask: (asker) => common(asker).car('701', signal),
    request: {
      name: 'get_car_info',
      verb: 'GET',
      path: '/common_api/1.0/get_car_info?car_id=701&fields=color%2Cmark%2Cgos_number',
      headers: { Signature: 'de21cb53832af2e8de58f9437c86fbcd' },
    },
  },
  get_global_attributes: {
    ask: (asker) => common(asker).globalAttributes(signal),
    request: {
      name: 'get_global_attributes',
      verb: 'GET',
      path: '/common_api/1.0/get_global_attributes',
      headers: { Signature: '53136271c432a1af377c3806c3112ddf' },
    },
  },
  update_global_attribute: {
    ask: (asker) => common(asker).updateGlobalAttribute({ id: 1, num_value: -5 }, signal),
    request: {
      name: 'update_global_attribute',
      verb: 'POST',
      path: '/common_api/1.0/update_global_attribute',
      headers: { Signature: '0dfd7fac9a7fb5b5249a08d220653be6', ...json },
      body: '{"id":1,"num_value":-5}',
      isRepeatable: true,
    },
  },
  send_sms: {
    ask: (asker) => common(asker).sendSms('0670000001', 'Машина подана', signal),
    request: {
      name: 'send_sms',
      verb: 'POST',
      path: '/common_api/1.0/send_sms',
      headers: { Signature: '626de4dc432bb32fb0bd31f97ef9a193', ...form },
      body: 'phone=0670000001&message=%D0%9C%D0%B0%D1%88%D0%B8%D0%BD%D0%B0+%D0%BF%D0%BE%D0%B4%D0%B0%D0%BD%D0%B0',
    },
  },
  show_tm_message: {
    ask: (asker) =>
      common(asker).showMessage({ text: 'Клиент ждёт', type: 'warning', timeout: 0, order_id: 123 }, signal),
    request: {
      name: 'show_tm_message',
      verb: 'POST',
      path: '/common_api/1.0/show_tm_message',
      headers: { Signature: '6b949c3d4e202ec8560206880bc650c3', ...json },
      body: '{"text":"Клиент ждёт","type":"warning","timeout":0,"order_id":123}',
    },
  },
}
