/** What the house says of a Taxi-Master that is ill: to the console, to Prometheus and to whoever asks whether it is ready. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { stringify } from 'yaml'
import { settingsFor } from '../../adapters/taxi-master/simulator/company.ts'
import { startTaxiMasterSimulator } from '../../adapters/taxi-master/simulator/simulator.ts'
import { startCallbus } from '../support/command.ts'
import { makeSite } from '../support/site.ts'
import { until } from '../support/until.ts'

interface Standing {
  name: string
  state: string
  because?: string
}

async function openHouse(t: TestContext, section: (reaching: object) => object) {
  const cleanup = new AsyncDisposableStack()
  t.after(() => cleanup.disposeAsync())
  const taxiMaster = await startTaxiMasterSimulator()
  cleanup.defer(() => taxiMaster.stop())

  async function open() {
    const settings = {
      http: { port: 0 },
      mqtt: { port: 0 },
      calls: { stopPatience: 0 },
      voice: { engines: ['silent'] },
      adapters: { asterisk: { simulated: true }, 'taxi-master': section(settingsFor(taxiMaster)) },
      plugins: {},
    }
    const site = cleanup.use(await makeSite(stringify(settings)))
    const house = cleanup.use(startCallbus(['start'], { folder: site.folder }))
    const [, link = ''] = await house.prints(/Console: (http:\S+)/)
    const signedIn = await fetch(link, { redirect: 'manual' })
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    const get = async (path: string) => await fetch(new URL(path, link), { headers: { cookie } })
    return {
      metrics: async () => await (await get('/metrics')).text(),
      ready: async () =>
        (await (await get('/ready')).json()) as { isReady: boolean; parts: Record<string, string> },
      async dispatch(): Promise<Standing | undefined> {
        const { neighbours } = (await (await get('/api/v1/neighbours')).json()) as { neighbours: Standing[] }
        return neighbours.find(({ name }) => name === 'dispatch')
      },
    }
  }
  return { taxiMaster, open }
}

test('a circuit that opens is told to the console with its reason, and to the metrics; so is its end', async (t) => {
  const { taxiMaster, open } = await openHouse(t, (reaching) => ({
    ...reaching,
    circuit: { failures: 2, restSeconds: 1 },
    watchSeconds: 0.2,
    watchFastestSeconds: 0.2,
  }))
  const house = await open()
  await until(async () => (await house.dispatch())?.state === 'connected', { what: 'the connection' })
  assert.match(await house.metrics(), /callbus_neighbour_connected\{neighbour="dispatch"\} 1/)

  const behave = taxiMaster.misbehave({ reset: true })
  const isOpen = async () =>
    /in succession; it is asked again in 1 s/.test((await house.dispatch())?.because ?? '')
  await until(isOpen, { what: 'the circuit to open' })
  assert.equal((await house.dispatch())?.state, 'lost')
  assert.match(await house.metrics(), /callbus_neighbour_connected\{neighbour="dispatch"\} 0/)

  behave()
  await until(async () => (await house.dispatch())?.state === 'connected', { what: 'the circuit to close' })
  assert.match(await house.metrics(), /callbus_neighbour_connected\{neighbour="dispatch"\} 1/)
})

test('a house whose Taxi-Master keeps silent is ready at once, and says what is missing', async (t) => {
  // It would be waited for longer than this test may take.
  const { taxiMaster, open } = await openHouse(t, (reaching) => ({ ...reaching, deadlineMs: 30_000 }))
  taxiMaster.misbehave({ delay: Number.POSITIVE_INFINITY })
  const house = await open()
  await until(async () => (await house.ready()).isReady, { what: 'the house to be ready' })
  assert.equal((await house.ready()).parts.dispatch, 'starting')
})

test('a house whose Taxi-Master is down is ready, and says that it is lost', async (t) => {
  const { taxiMaster, open } = await openHouse(t, (reaching) => reaching)
  await taxiMaster.goDown()
  const house = await open()
  const isReadyWithout = async () => {
    const { isReady, parts } = await house.ready()
    return isReady && parts.dispatch === 'lost'
  }
  await until(isReadyWithout, { what: 'the house to be ready without it' })
  assert.match((await house.dispatch())?.because ?? '', /cannot be reached/)
})
