import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import pino from 'pino'
import { openTestClock } from '../../../test/support/test-clock.ts'
import { startAriSimulator } from '../simulator/simulator.ts'
import { openAri } from './ari.ts'

const run = promisify(execFile)

/** Closes the connection at each moment of its making; what stays open keeps the process alive. */
const program = `
  import pino from 'pino'
  import { realClock as clock } from '#core/clock.ts'
  import { keepAri } from './adapters/asterisk/ari/ari.ts'
  import { startAriSimulator } from './adapters/asterisk/simulator/simulator.ts'

  for (let turns = 0; turns < 150; turns += 1) {
    const exchange = await startAriSimulator({ clock, log: pino({ level: 'silent' }) })
    const { url, user, password } = exchange
    const ari = await keepAri({ url: url + '/ari', user, password, app: 'callbus', events: ['StasisStart'] })
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
    await ari.close()
    await exchange.stop()
  }
`

test('closed while it is still connecting, nothing of it keeps the process alive', async () => {
  await assert.doesNotReject(
    run(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: join(import.meta.dirname, '../../..'),
      timeout: 60_000,
    }),
  )
})

test('nothing more is told to a program that is about to close, and it does not wait for ever', async () => {
  const clock = openTestClock()
  await using exchange = await startAriSimulator({ clock, log: pino({ level: 'silent' }) })
  const { faults, password, url, user } = exchange
  const events = ['StasisStart'] as const
  const ari = await openAri({ url: `${url}/ari`, user, password, app: 'callbus', events, clock })
  const heard: string[] = []
  ari.onEvent(({ type }) => void heard.push(type))
  faults.swallowAnswer({ method: 'PUT', path: /eventFilter/ })

  const closing = ari.close()
  await ari.request('GET', 'channels', { lane: 'control' })
  exchange.ring({ to: '100' })
  // By then a connection that closes at once is gone, and these are refused.
  for (let times = 0; times < 10; times += 1) await ari.request('GET', 'channels', { lane: 'control' })
  assert.deepEqual(heard, [])
  await clock.advance(500)
  await closing
})
