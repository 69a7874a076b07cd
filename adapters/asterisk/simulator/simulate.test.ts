import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { realClock } from '#core/clock.ts'
import { simulateExchange } from './simulate.ts'

test('the living exchange starts, says how it is reached, and is gone with its scope', async () => {
  const cleanup = new AsyncDisposableStack()
  const { url, username, password } = await simulateExchange({
    cleanup,
    clock: realClock,
    log: pino({ level: 'silent' }),
  })
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const answer = await fetch(`${url}/asterisk/info`, { headers: { authorization } })
  assert.equal(answer.status, 200)
  await cleanup.disposeAsync()
  await assert.rejects(fetch(`${url}/asterisk/info`))
})
