import { pino } from 'pino'
import { Value } from 'typebox/value'
import { realClock } from '#core/clock.ts'
import type { DispatchEvent, Stage } from '#core/ports/dispatch.ts'
import { adapter } from '../../adapters/taxi-master/adapter.ts'
import { Settings } from '../../adapters/taxi-master/settings.ts'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../../adapters/taxi-master/simulator/simulator.ts'
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
  const simulator = await startTaxiMasterSimulator({ scheme })
  const cleanup = new AsyncDisposableStack()
  cleanup.defer(() => simulator.stop())
  const reported: DispatchEvent[] = []
  const settings = Value.Default(Settings, {
    ...settingsFor(simulator),
    cancelThrough,
    deadlineMs: 250,
    cancelDeadlineMs: 250,
    watchSeconds: 0,
  })
  Value.Assert(Settings, settings)
  const dispatch = await adapter.connect({
    settings,
    cleanup,
    report: (event) => reported.push(event),
    clock: realClock,
    log: pino({ level: 'silent' }),
    site: { name: 'test', country: 'UA', dataFolder: '/nowhere' },
  })
  const national = (phone: string) => phone.slice(3)
  const { book } = simulator

  return {
    dispatch,
    reported,
    phones: {
      stranger: '+380990000001',
      client: '+380670000001',
      corporate: '+380670000040',
      driver: '+380500000001',
      black: '+380670000035',
      vip: '+380670000031',
      locked: '+380670000038',
      grey: '+380670000039',
    },
    async placeOrder(phone, stage) {
      return String(book.place({ phone: national(phone), stateId: stateOf[stage] ?? 1 }).id)
    },
    async placeUnconfirmed(phone) {
      return String(book.place({ phone: national(phone), stateId: 7, isConfirmed: false }).id)
    },
    async forgetOrders() {
      for (const { id } of book.current()) book.remove(id)
    },
    cancellations: (id) =>
      simulator.requests.filter(
        ({ method, body, code }) =>
          method === 'change_order_state' &&
          code === 0 &&
          new RegExp(`order_id=${id}&(new|need)_state=${cancelState}\\b`, 'i').test(body),
      ).length,
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
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  }
}

dispatchContract('Taxi-Master over HTTPS', () => openTaxiMaster('https', 'commonApi'))
dispatchContract('Taxi-Master over plain HTTP, cancelling by TAPI', () => openTaxiMaster('http', 'tapi'))
