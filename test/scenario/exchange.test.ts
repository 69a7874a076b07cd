import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { needs } from '../support/needs.ts'
import { sharedExchange } from './exchange.ts'

const exchange = sharedExchange(after)

test('an exchange that died between two tests is replaced, a living one is kept', {
  skip: needs.asterisk(),
}, async (t) => {
  const told = t.mock.method(console, 'error', () => undefined)
  const first = await exchange()
  assert.equal(await exchange(), first)
  await first.asterisk.kill()
  assert.notEqual(await exchange(), first)
  assert.match(String(told.mock.calls[0]?.arguments[0]), /The exchange has ended/)
})
