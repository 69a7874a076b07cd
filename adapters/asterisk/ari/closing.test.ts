import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

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
