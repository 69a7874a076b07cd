import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sign } from './signature.ts'

const vectors: Record<string, string> = {
  '': '53136271c432a1af377c3806c3112ddf',
  'order_id=123': 'dce5b8a1c2fbf5ffd2866abc7332c3a6',
  'phone=89001234567&message=%D0%92%D0%B0%D1%88+%D0%BA%D0%BE%D0%B4+42': '7b759ea7ce422337aa96b6ec95eb065f',
  '{"order_id":123,"state_id":5}': '76d65e62023573b2894dbc4d9ecc3fb9',
  'ORDER_ID=123&FIELDS=DISCOUNTEDSUMM-DRIVER_TIMECOUNT': 'e532ecf5790238bc2f27a6c1cd550496',
}

for (const [payload, signature] of Object.entries(vectors)) {
  test(`signs ${payload || 'an empty payload'}`, () => assert.equal(sign(payload, 'test-key'), signature))
}
