import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { resample } from '../sound/resample.ts'
import { readWav, type Sound, secondsOf, UnreadableSound, writeWav } from '../sound/wav.ts'
import { toTelephoneWav } from './telephone-sound.ts'

const usualRates = [8000, 11025, 16000, 22050, 24000, 44100, 48000]

function tone(frequency: number, rate: number, seconds = 0.5, level = 0.5): Sound {
  const samples = Float32Array.from({ length: rate * seconds }, (_, index) => {
    return level * Math.sin((2 * Math.PI * frequency * index) / rate)
  })
  return { rate, samples }
}

/** Strength of one frequency in the middle of the sound, 1 for a full-scale tone. */
function strengthOf(frequency: number, { rate, samples }: Sound): number {
  const middle = samples.subarray(rate / 10, samples.length - rate / 10)
  let real = 0
  let imaginary = 0
  middle.forEach((sample, index) => {
    const window = 1 - Math.cos((2 * Math.PI * index) / (middle.length - 1))
    const angle = (2 * Math.PI * frequency * index) / rate
    real += sample * window * Math.cos(angle)
    imaginary += sample * window * Math.sin(angle)
  })
  return (2 * Math.hypot(real, imaginary)) / middle.length
}

const decibels = (ratio: number) => 20 * Math.log10(ratio)

for (const rate of usualRates) {
  test(`a tone of the telephone band keeps its strength coming from ${rate} Hz`, async () => {
    for (const frequency of [300, 1000, 3000]) {
      const strength = strengthOf(frequency, await resample(tone(frequency, rate), 8000))
      assert.ok(Math.abs(decibels(strength / 0.5)) < 0.2, `${frequency} Hz came as ${strength}`)
    }
  })
}

test('what the telephone cannot carry does not fold back into speech', async () => {
  for (const rate of usualRates.filter((each) => each > 16000)) {
    for (const frequency of [5000, 7000, 9000]) {
      const folded = Math.abs(8000 - frequency)
      const strength = strengthOf(folded, await resample(tone(frequency, rate), 8000))
      assert.ok(decibels(strength / 0.5) < -55, `${frequency} Hz at ${rate} came as ${decibels(strength)} dB`)
    }
  }
})

test('the length of a sound stays the same at another rate', async () => {
  for (const rate of usualRates) {
    assert.equal((await resample(tone(440, rate, 1), 8000)).samples.length, 8000)
  }
})

test('a written file is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 200 }), (values) => {
      const samples = Float32Array.from(values)
      const wav = writeWav({ rate: 8000, samples })
      const back = readWav(wav)
      assert.equal(back.rate, 8000)
      assert.equal(back.samples.length, samples.length)
      assert.equal(secondsOf(wav.length), samples.length / 8000)
      back.samples.forEach((sample, index) => {
        assert.ok(Math.abs(sample - (samples[index] ?? 0)) < 1 / 16000)
      })
    }),
  )
})

test('a file from a pipe, whose header promises gigabytes, is read to its end', () => {
  const wav = writeWav(tone(440, 8000, 0.1))
  wav.writeUInt32LE(0xffff_ffff, 40)
  assert.equal(readWav(wav).samples.length, 800)
})

test('stereo is mixed and other widths are understood', () => {
  const wav = Buffer.concat([writeWav({ rate: 44100, samples: new Float32Array(0) }), Buffer.alloc(6)])
  wav.writeUInt16LE(2, 22)
  wav.writeUInt16LE(24, 34)
  wav.writeUInt32LE(6, 40)
  wav.writeIntLE(4_194_304, 44, 3)
  assert.deepEqual([...readWav(wav).samples], [0.25])
})

test('any bytes are either a sound or a sentence why not', () => {
  const valid = writeWav(tone(440, 8000, 0.01))
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(fc.nat(60), fc.nat(255)).map(([at, value]) => {
      const broken = Buffer.from(valid)
      broken[at] = value
      return broken
    }),
  )
  fc.assert(
    fc.property(bytes, (given) => {
      try {
        assert.ok(readWav(Buffer.from(given)).rate > 0)
      } catch (failure) {
        assert.ok(failure instanceof UnreadableSound, String(failure))
      }
    }),
  )
})

test('quiet and loud speech come out at one level, silence stays silence', async () => {
  const loudness = async (sound: Sound) => strengthOf(1000, readWav(await toTelephoneWav(writeWav(sound))))
  assert.ok(
    Math.abs(
      decibels((await loudness(tone(1000, 8000, 0.5, 0.06))) / (await loudness(tone(1000, 22050, 0.5, 0.5)))),
    ) < 0.5,
  )
  assert.equal(await loudness(tone(1000, 8000, 0.5, 0)), 0)
})

test('a very quiet recording is raised only within reason', async () => {
  const strength = strengthOf(1000, readWav(await toTelephoneWav(writeWav(tone(1000, 8000, 0.5, 0.01)))))
  assert.ok(strength < 0.045)
})
