import assert from 'node:assert/strict'
import { test } from 'node:test'
import { energyOf, hasTone } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { openPhone, ring } from '../support/sip/sip-phone.ts'
import { islandTone, musicTone, startAsterisk } from './instance.ts'

const skip = needs.asterisk()
const from = '+380671234567'
const to = '+380443334455'

test('a caller reaches the island when Callbus is not there', { skip }, async () => {
  await using asterisk = await startAsterisk()
  assert.doesNotMatch(await asterisk.log(), /WARNING|ERROR/)
  await using caller = await ring({ asterisk, from, to })

  await caller.answered()
  await caller.hears(islandTone)
  assert.ok(energyOf(caller.heard()) > 0.1)
  assert.ok(!hasTone(caller.heard(), musicTone))

  await caller.hangUp()
  assert.deepEqual(await caller.ended(), { by: 'us' })
})

test('two instances run side by side and know themselves apart', { skip }, async () => {
  await using one = await startAsterisk({ name: 'one' })
  await using other = await startAsterisk({ name: 'other' })
  const entity = async (asterisk: typeof one) =>
    JSON.stringify(await asterisk.ari('GET', 'asterisk/info?only=system'))

  assert.notEqual(one.ariPort, other.ariPort)
  assert.notEqual(await entity(one), await entity(other))
})

test('an operator answers and both hear each other', { skip }, async () => {
  await using asterisk = await startAsterisk({ dialplan: toOperators })
  await using operator = await openPhone({ port: asterisk.phones['101'], says: 500 })
  await using caller = await ring({ asterisk, from, to: '101', says: 900 })

  const incoming = await operator.rung()
  await caller.ringing()
  assert.equal(incoming.from, from)
  await incoming.answer()
  await caller.answered()

  await Promise.all([caller.hears(500), incoming.hears(900)])
  await caller.press('5')
  await caller.press('7', 'rfc4733')
  await incoming.hangUp()
  assert.equal((await caller.ended()).by, 'them')
})

test('an operator refuses, rings on, and a caller who gives up stops the ringing', { skip }, async () => {
  await using asterisk = await startAsterisk({ dialplan: toOperators })
  await using operator = await openPhone({ port: asterisk.phones['101'], answers: 486 })
  await using refused = await ring({ asterisk, from, to: '101' })
  assert.equal((await refused.ended()).code, 486)

  operator.answers = 'never'
  await operator.rung()
  await using impatient = await ring({ asterisk, from: 'anonymous', to: '101' })
  const incoming = await operator.rung()
  assert.equal(incoming.from, 'anonymous')
  await impatient.hangUp()
  assert.equal((await impatient.ended()).code, 487)
  assert.equal((await incoming.ended()).code, 487)
})

test('a killed instance comes back on the same ports', { skip }, async () => {
  await using asterisk = await startAsterisk()
  await asterisk.kill()
  await assert.rejects(asterisk.ari('GET', 'asterisk/ping'))
  await asterisk.restart()
  await asterisk.ari('GET', 'asterisk/ping')
})

const toOperators = `
[from-trunk]
exten => _X.,1,Dial(PJSIP/\${EXTEN},30)
 same => n,Hangup(\${HANGUPCAUSE})
`
