import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startAsterisk } from '../asterisk/instance.ts'
import { needs } from './needs.ts'
import { callLoad, operatorLoad } from './sipp.ts'

const skip = needs.asterisk() || needs.sipp()

test('a load of callers is answered by a load of operators', { skip }, async () => {
  const dialplan = `[from-trunk]\nexten => _X.,1,Dial(PJSIP/\${EXTEN},30)\n`
  await using asterisk = await startAsterisk({ dialplan })
  const port = asterisk.phones['101']
  assert.ok(port)
  await using _operators = await operatorLoad({ port })

  const result = await callLoad({
    target: asterisk,
    rate: 20,
    calls: 20,
    from: ['+380671234567', '+380671234568'],
    to: '101',
    hold: 100,
  })
  const { calls, failed, succeeded } = result
  assert.deepEqual({ calls, failed, succeeded }, { calls: 20, failed: 0, succeeded: 20 }, result.complaints)
  assert.ok(result.answerMs.p50 > 0)
})

test('callers who are turned away are counted as failed', { skip }, async () => {
  await using asterisk = await startAsterisk({ dialplan: '[from-trunk]\nexten => _X.,1,Hangup(17)\n' })
  const result = await callLoad({ target: asterisk, rate: 10, calls: 3, from: ['anonymous'], to: '101' })
  assert.equal(result.failed, 3)
})
