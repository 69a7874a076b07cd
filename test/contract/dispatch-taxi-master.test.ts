import { callBackProgress } from '#core/ports/dispatch/call-back.ts'
import type { Stage } from '#core/ports/dispatch.ts'
import { connectToSimulator } from '../../adapters/taxi-master/simulator/connected.ts'
import { clockWithoutDeadlines } from '../support/clock-without-deadlines.ts'
import { type DispatchWorld, dispatchContract } from './dispatch.ts'

const stateOf: Partial<Record<Stage, number>> = {
  new: 1,
  searching: 3,
  assigned: 7,
  arrived: 10,
  client_in_car: 11,
}
const cancelState = 5

async function openTaxiMaster(
  scheme: 'https' | 'http',
  cancelThrough: 'commonApi' | 'tapi',
): Promise<DispatchWorld> {
  const { clock, passDeadlines } = clockWithoutDeadlines()
  const world = await connectToSimulator({ simulator: { scheme, clock }, settings: { cancelThrough } })
  const { simulator } = world

  return {
    ...world,
    passDeadlines,
    phones: {
      stranger: '+380990000001',
      client: '+380670000001',
      corporate: '+380670000040',
      employee: '+380670000041',
      driver: '+380500000001',
      black: '+380670000035',
      vip: '+380670000031',
      locked: '+380670000038',
      grey: '+380670000039',
    },
    claims: {
      driverId: '519',
      driver: { callSign: '19', pin: '73119' },
      client: { login: '1001', password: '2401' },
    },
    async placeOrder(phone, stage) {
      return String(simulator.placeOrder({ phone, stateId: stateOf[stage] ?? 1 }).id)
    },
    async placeUnconfirmed(phone) {
      return String(simulator.placeOrder({ phone, stateId: 7, isConfirmed: false }).id)
    },
    async forgetOrders() {
      for (const { id } of simulator.currentOrders()) simulator.deleteOrder(id)
    },
    cancellations: (id) =>
      simulator.requests.filter(
        ({ method, body, code }) =>
          method === 'change_order_state' &&
          code === 0 &&
          new RegExp(`order_id=${id}&(new|need)_state=${cancelState}\\b`, 'i').test(body),
      ).length,
    told: {
      sms: () => simulator.sms.map(({ phone, message }) => ({ phone: `+38${phone}`, text: message })),
      cards: () => simulator.messages.map(({ text }) => ({ text: String(text) })),
      callBacks: (id) =>
        simulator.requestStates.flatMap(({ order_id, state }) =>
          order_id === id ? (callBackProgress[Number(state)] ?? []) : [],
        ),
      feedback: () =>
        simulator.feedback.map(({ phone, rating, text, order_id }) => ({
          phone: `+38${phone}`,
          mark: Number(rating),
          text: String(text),
          order: String(order_id),
        })),
      recordings: () => simulator.records.map(({ file_path }) => file_path ?? ''),
    },
    address: 'Садовая, 1',
    ordersOf: (phone) =>
      [...simulator.orders.values()].filter((order) => `+38${order.phone}` === phone).length,
    loseAnswerToCreation: () =>
      void simulator.misbehave({ lostAnswer: true, only: 'create_order2', times: 1 }),
    nonsense: Object.fromEntries(
      Object.entries({
        'an empty body': '',
        'a web page': '<!doctype html><html><body>It works!</body></html>',
        'half an answer': '{"code":0,"descr":"OK","data":{"ord',
        'half an XML answer': '<response><code>0</code><data><PHONE_TYPE>2</PHONE_TY',
        'wrong types': '{"code":0,"descr":"OK","data":{"order_id":"seven","state_id":{}}}',
        'a code that is no number': '<response><code>zero</code><descr/><data/></response>',
        null: 'null',
        bytes: Buffer.from([0, 255, 254, 13, 10, 128, 200]),
      }).map(([kind, nonsense]) => [kind, () => void simulator.misbehave({ nonsense })]),
    ),
    hang: () => void simulator.misbehave({ delay: Number.POSITIVE_INFINITY }),
    goDown: () => simulator.goDown(),
    async recover() {
      simulator.behave()
      await simulator.comeBack()
    },
  }
}

dispatchContract('Taxi-Master over HTTPS', () => openTaxiMaster('https', 'commonApi'))
dispatchContract('Taxi-Master over plain HTTP, cancelling by TAPI', () => openTaxiMaster('http', 'tapi'))
