import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { pino } from 'pino'
import { examineAdapter } from '#core/adapter-host.ts'
import { realClock } from '#core/clock.ts'
import { adapter } from './adapter.ts'
import { type AriState, openAri } from './ari/ari.ts'
import { startAriSimulator } from './simulator/simulator.ts'

const log = pino({ level: 'silent' })
const site = { name: 'taxi', country: 'UA', dataFolder: '/nowhere' }

async function open(t: TestContext, options: { version?: string } = {}) {
  const cleanup = new AsyncDisposableStack()
  t.after(() => cleanup.disposeAsync())
  const exchange = cleanup.use(await startAriSimulator({ clock: realClock, log, ...options }))
  const { user, password } = exchange
  const reach = { url: `${exchange.url}/ari`, user, password }
  const examine = (settings: object = {}) =>
    examineAdapter(
      adapter,
      { url: reach.url, username: user, password, ...settings },
      {
        cleanup,
        clock: realClock,
        log,
        site: site as never,
        facts: async () => [],
        signal: new AbortController().signal,
      },
    )
  return { reach, examine, cleanup }
}

test('looking at the exchange leaves the application to the Callbus that has it', async (t) => {
  const { reach, examine, cleanup } = await open(t)
  assert.match(await examine(), /^Asterisk \S+; the application callbus is not open just now$/)

  const house = await openAri({ ...reach, app: 'callbus' })
  cleanup.defer(() => house.close())
  const states: AriState['state'][] = []
  house.onState(({ state }) => void states.push(state))

  assert.match(await examine(), /^Asterisk \S+; the application callbus is there$/)
  const { body } = await house.request('GET', 'applications/callbus')
  assert.equal(JSON.parse(body ?? '{}').name, 'callbus')
  assert.deepEqual(states, ['connected'])
})

test('an Asterisk that is too old to dial us is found out', async (t) => {
  const { examine } = await open(t, { version: '20.9.3' })
  await assert.rejects(examine({ listen: {} }), /Asterisk 20\.9\.3 is too old to dial us/)
})

test('a wrong password is told as such', async (t) => {
  const { examine } = await open(t)
  await assert.rejects(examine({ password: 'wrong' }), { code: 'EXCHANGE_REFUSED' })
})
