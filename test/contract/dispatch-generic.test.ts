import { verbs } from '../../adapters/generic-dispatch/settings.ts'
import { connectToSimulator } from '../../adapters/generic-dispatch/simulator/connected.ts'
import { clockWithoutDeadlines } from '../support/clock-without-deadlines.ts'
import { type DispatchWorld, dispatchContract } from './dispatch.ts'

async function openGenericDispatch(): Promise<DispatchWorld> {
  const { clock, passDeadlines } = clockWithoutDeadlines()
  const world = await connectToSimulator({ simulator: { clock } })
  const { simulator } = world
  const { told } = simulator

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
      driverId: '1',
      driver: { callSign: '1', pin: '111' },
      client: { login: '1001', password: '1001' },
    },
    placeOrder: async (phone, stage) => simulator.place(phone, stage).id,
    async placeUnconfirmed(phone) {
      const chosen = { car: { plate: 'AA1111AA' }, minutes: 3, driverPhone: '+380500000001' }
      return simulator.place(phone, 'searching', chosen).id
    },
    forgetOrders: async () => simulator.forget(),
    cancellations: simulator.cancellations,
    told: {
      sms: () => told.sms,
      cards: () => told.cards,
      callBacks: (id) => told.callBacks.flatMap(({ order, progress }) => (order === id ? progress : [])),
      feedback: () => [],
      recordings: () => told.recordings.map(({ file }) => file),
    },
    address: 'Садова, 1',
    ordersOf: (phone) => [...simulator.orders.values()].filter((order) => order.phone === phone).length,
    loseAnswerToCreation: () => simulator.misbehave({ lostAnswer: true, only: 'POST', times: 1 }),
    nonsense: Object.fromEntries(
      Object.entries({
        'an empty body': '',
        'a web page': '<!doctype html><html><body>It works!</body></html>',
        'half an answer': '{"outcome":"acce',
        'wrong types':
          '{"outcome":7,"kind":3,"id":[],"orders":"all","states":{},"penalty":"much","priority":"first"}',
        null: 'null',
        'a list': '[]',
        bytes: Buffer.from([0, 255, 254, 13, 10, 128, 200]),
      }).map(([kind, nonsense]) => [kind, () => simulator.misbehave({ nonsense, status: 200 })]),
    ),
    hang: () => simulator.misbehave({ silent: true }),
    goDown: simulator.goDown,
    async recover() {
      simulator.behave()
      await simulator.comeBack()
    },
  }
}

dispatchContract('Any dispatch program', openGenericDispatch, verbs)
