import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CallbusError } from '#core/errors.ts'
import { soundFiles, soundOf } from '../../test/support/sounds.ts'
import { formats, toText } from './answers.ts'
import { connectToSimulator } from './simulator/connected.ts'

const segment = { text: ' He came late.', avg_logprob: -0.2, no_speech_prob: 0.01 }
const silence = { text: ' Thanks for watching.', avg_logprob: -1.3, no_speech_prob: 0.9 }

test('a text is read from either shape of detailed answer, without what the recogniser doubts', () => {
  const read = (value: object) => toText(JSON.stringify(value), 'verbose_json', 10)
  assert.equal(read({ text: ' He came late.\n' }), 'He came late.')
  assert.equal(read({ text: ' He came\n late.\n', segments: [segment], words: [] }), 'He came late.')
  assert.equal(read({ text: ' all', segments: [segment, silence] }), 'He came late.')
  assert.equal(read({ text: ' all', segments: [silence] }), '')
  assert.equal(read({ text: ' all', segments: [{ ...segment, no_speech_prob: 'high' }] }), 'all')
  assert.equal(read({ text: ' all', segments: [7] }), 'all')
  assert.equal(read({ text: '', segments: [] }), '')
})

test('what is not in the format asked for is told apart from what nobody could read', () => {
  for (const format of ['verbose_json', 'json'] as const) assert.equal(toText('Yes', format, 1), undefined)
  assert.equal(toText('Yes\n', 'text', 1), 'Yes')
  assert.equal(toText('{"text":" Yes"}', 'text', 1), 'Yes')
  for (const body of ['{"error":{}}', '<html>', 'a\u0000b', 'and '.repeat(300), ' '.repeat(70_000)])
    assert.throws(() => toText(body, 'text', 10), { code: 'SPEECH_NONSENSE' })
  assert.ok(toText('and '.repeat(300), 'text', 20))
})

const answers = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record({ text: fc.string({ unit: 'binary' }), segments: fc.anything() }, { requiredKeys: ['text'] })
    .map((value) =>
      Buffer.from(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))),
    ),
)

test('of any bytes there is one line of text or a coded error', () => {
  fc.assert(
    fc.property(
      answers,
      fc.constantFrom(...formats),
      fc.double({ min: 0, max: 600, noNaN: true }),
      (...args) => {
        const [bytes, format, seconds] = args
        try {
          const text = toText(bytes.toString(), format, seconds)
          if (text === undefined) return
          assert.equal(text, text.trim())
          assert.doesNotMatch(text, /\s\s|[\n\r\t\ufffd]/)
        } catch (thrown) {
          assert.ok(thrown instanceof CallbusError && thrown.code === 'SPEECH_NONSENSE', String(thrown))
        }
      },
    ),
    { numRuns: 1_000 },
  )
})

test('whatever bytes and status come over the wire, who asks has a text or a coded error', async (t) => {
  const { talk } = soundFiles(t, { talk: soundOf({ channels: [0.3], seconds: 0.2 }) })
  await using world = await connectToSimulator()
  await fc.assert(
    fc.asyncProperty(answers, fc.constantFrom(200, 201, 302, 400, 404, 418, 500), async (bytes, status) => {
      world.simulator.misbehave({
        answer: (_, reply) => reply.code(status).type('application/octet-stream').send(bytes),
      })
      try {
        assert.equal(
          typeof (await world.speech.transcribe(talk, 'en', AbortSignal.timeout(20_000))),
          'string',
        )
      } catch (thrown) {
        assert.ok(thrown instanceof CallbusError && /^SPEECH_/.test(thrown.code), String(thrown))
      }
    }),
    { numRuns: 60 },
  )
})
