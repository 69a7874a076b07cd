import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import { openAri } from '../../adapters/asterisk/ari/ari.ts'
import { startAriSimulator } from '../../adapters/asterisk/simulator/simulator.ts'
import { callbus } from '../support/command.ts'
import { makeSite } from '../support/site.ts'

test('doctor says of each trunk whether its other end is there, is not, or cannot be judged', async (t) => {
  const exchange = await startAriSimulator({ clock: realClock, log: pino({ level: 'silent' }) })
  t.after(() => exchange.stop())
  exchange.phone('kyivstar')
  exchange.phone('vodafone', { unreachable: true })
  const { url, user, password } = exchange
  await using site = await makeSite(`
voice: { engines: [silent] }
adapters:
  asterisk:
    url: ${url}/ari
    username: ${user}
    password: ${password}
    trunks:
      kyivstar: PJSIP/{digits}@kyivstar
      vodafone: PJSIP/{digits}@vodafone
      gsm: DAHDI/g1/{digits}
`)
  const { code, out } = await callbus(['doctor'], site)
  assert.match(out, /^✓ asterisk: connected$/m)
  assert.match(out, /^✓ trunk kyivstar: its other end is there$/m)
  assert.match(out, /^✗ trunk vodafone: its other end does not answer/m)
  assert.match(out, /^\? trunk gsm: cannot be judged: .*DAHDI/m)
  assert.equal(code, 1)
})

test('doctor takes no calls away from a Callbus that runs', async (t) => {
  const exchange = await startAriSimulator({ clock: realClock, log: pino({ level: 'silent' }) })
  t.after(() => exchange.stop())
  const { url, user, password } = exchange
  const running = await openAri({ url: `${url}/ari`, user, password, app: 'callbus' })
  t.after(() => running.close())
  const states: string[] = []
  running.onState(({ state }) => void states.push(state))
  await using site = await makeSite(`
voice: { engines: [silent] }
adapters:
  asterisk: { url: '${url}/ari', username: ${user}, password: ${password} }
  email: { host: 127.0.0.1, security: none, from: taxi@example.net }
`)
  const { code, out } = await callbus(['doctor'], site)
  assert.match(out, /^✓ asterisk: connected$/m)
  assert.match(out, /^✓ email: its settings are well/m)
  assert.equal(code, 0, out)
  assert.deepEqual(states, ['connected'])
  const heard = new Promise((resolve) =>
    running.onEvent(({ type }) => type === 'StasisStart' && resolve(type)),
  )
  exchange.ring({ from: '+380671234567', to: '+380443334455' })
  assert.equal(await heard, 'StasisStart')
})
