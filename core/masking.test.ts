import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openLog } from './log.ts'
import { maskedCopy, maskPhones } from './masking.ts'

test('numbers are masked however they are written', () => {
  for (const [written, masked] of [
    ['+380671234567', '+380*****4567'],
    ['caller 0671234567 rang', 'caller 0*****4567 rang'],
    ['SIP/380671234567-00000a12', 'SIP/380*****4567-00000a12'],
    ['/api/v1/calls?phone=%2B380671234567&live=true', '/api/v1/calls?phone=%2B380*****4567&live=true'],
    ['+48 (22) 123-45-67', '+48*****4567'],
    ['067 123 45 67', '0*****4567'],
    ['sip:+380671234567@10.0.0.1:5060', 'sip:+380*****4567@10.0.0.1:5060'],
    ['from 380671234567.', 'from 380*****4567.'],
  ] as const) {
    assert.equal(maskPhones(written), masked)
  }
})

test('what is no number stays as it is', () => {
  for (const text of [
    '{"time":1768478400123,"pid":12345,"call":"5f0c2a8e-91d4-4c1e-8f0a-123456789012"}',
    '1768478400.12',
    '2026-01-15 12:00:00',
    '2026-01-15T12:00:00.000Z',
    '127.0.0.1:8080',
    'extension 101, car 7890',
  ]) {
    assert.equal(maskPhones(text), text)
  }
})

test('no E.164 number survives in a log line, wherever it stands', () => {
  const phone = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.stringMatching(/^[0-9]{9,13}$/))
    .map(([a, b]) => `+${a}${b}`)
  fc.assert(
    fc.property(phone, (number) => {
      const lines: string[] = []
      const log = openLog({ level: 'info', destination: { write: (line) => void lines.push(line) } })
      log.info(
        { from: number, deep: { list: [number] }, err: new Error(`no route to ${number}`) },
        `Caller ${number} rang`,
      )
      assert.equal(lines.join('').includes(number), false)
      assert.doesNotThrow(() => JSON.parse(lines[0] ?? ''))
    }),
    { numRuns: 50 },
  )
})

test('a masked copy keeps everything else', () => {
  assert.deepEqual(maskedCopy({ call: 'c1', from: '+380671234567', at: 1_768_478_400_123 }), {
    call: 'c1',
    from: '+380*****4567',
    at: 1_768_478_400_123,
  })
})
