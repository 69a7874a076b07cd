import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toStereo } from './wav.ts'

function mono(samples: readonly number[], { rate = 8000, extra = Buffer.alloc(0) } = {}): Buffer {
  const head = Buffer.alloc(36)
  head.write('RIFF', 0)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt16LE(16, 34)
  const data = Buffer.alloc(8 + samples.length * 2)
  data.write('data', 0)
  data.writeUInt32LE(samples.length * 2, 4)
  for (const [at, sample] of samples.entries()) data.writeInt16LE(sample, 8 + at * 2)
  return Buffer.concat([head, extra, data])
}

function sidesOf(wav: Buffer): [number[], number[]] {
  const left: number[] = []
  const right: number[] = []
  for (let at = 44; at < wav.length; at += 4) {
    left.push(wav.readInt16LE(at))
    right.push(wav.readInt16LE(at + 2))
  }
  return [left, right]
}

test('each side stays on its side, and the shorter is padded with silence', () => {
  const { wav, seconds } = toStereo(mono([1, 2, 3]), mono([-1]))
  assert.deepEqual(sidesOf(wav), [
    [1, 2, 3],
    [-1, 0, 0],
  ])
  assert.equal(seconds, 3 / 8000)
  assert.equal(wav.readUInt16LE(22), 2)
  assert.equal(wav.readUInt32LE(4), wav.length - 8)
  assert.equal(wav.readUInt32LE(40), wav.length - 44)
})

test('a missing side is silent, and two missing sides are an empty recording', () => {
  assert.deepEqual(sidesOf(toStereo(undefined, mono([5, 6])).wav), [
    [0, 0],
    [5, 6],
  ])
  assert.equal(toStereo(undefined, Buffer.alloc(0)).seconds, 0)
})

test('chunks of other kinds are passed over', () => {
  const list = Buffer.from('LIST\u0003\u0000\u0000\u0000abc\u0000', 'latin1')
  assert.deepEqual(sidesOf(toStereo(mono([7], { extra: list }), undefined).wav), [[7], [0]])
})

test('sides of different rates are refused', () => {
  assert.throws(() => toStereo(mono([1]), mono([1], { rate: 16_000 })), /rate/)
})

test('any bytes are read as a recording or refused, never worse', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc
      .tuple(fc.nat(43), fc.uint8Array({ maxLength: 60 }))
      .map(([keep, rest]) => Buffer.concat([mono([1]).subarray(0, keep), rest])),
  )
  fc.assert(
    fc.property(bytes, (some) => {
      try {
        assert.ok(toStereo(Buffer.from(some), undefined).wav.length >= 44)
      } catch (thrown) {
        assert.match(String(thrown), /recording/)
      }
    }),
  )
})
