import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode, type Law } from './g711.ts'

for (const law of ['PCMA', 'PCMU'] satisfies Law[]) {
  test(`${law} keeps every sample within a few percent of its size`, () => {
    for (let sample = -32_000; sample <= 32_000; sample += 7) {
      const back = decode(encode(Int16Array.of(sample), law), law)[0] ?? 0
      assert.ok(Math.abs(back - sample) <= Math.max(16, Math.abs(sample) * 0.04), `${sample} became ${back}`)
    }
  })
}
