import { setImmediate as breathe } from 'node:timers/promises'
import type { Sound } from './wav.ts'

/** Zero crossings of the filter on each side: with the window below, what would fold back is 60 dB down. */
const reach = 24
/** The share of the narrower band that is kept; the rest is the filter's slope. */
const kept = 0.92

/** Samples made in one go, about a millisecond's work: calls are carried on the same thread. */
const slice = 4000

/** Changes the rate; what the new rate cannot carry is filtered out first. */
export async function resample(sound: Sound, rate: number): Promise<Sound> {
  if (sound.rate === rate) return sound
  const divisor = greatestCommonDivisor(sound.rate, rate)
  const phases = rate / divisor
  const step = sound.rate / divisor
  const filters = polyphase(phases, (kept * Math.min(rate, sound.rate)) / sound.rate)

  const taps = filters[0]?.length ?? 0
  // Silence around the sound spares the inner loop, which is all the work, from looking for its ends.
  const padded = new Float64Array(sound.samples.length + 2 * taps)
  padded.set(sound.samples, taps)

  const samples = new Float32Array(Math.floor((sound.samples.length * rate) / sound.rate))
  for (let index = 0; index < samples.length; index++) {
    if (index % slice === slice - 1) await breathe()
    const position = index * step
    const first = Math.floor(position / phases) + taps / 2 + 1
    samples[index] = product(padded, first, filters[position % phases] ?? padded)
  }
  return { rate, samples }
}

function product(samples: Float64Array, first: number, filter: Float64Array): number {
  let sum = 0
  for (let tap = 0; tap < filter.length; tap++)
    sum += (filter[tap] as number) * (samples[first + tap] as number)
  return sum
}

/** One windowed sinc for each fraction of a sample that an output sample can fall on. */
function polyphase(phases: number, band: number): Float64Array[] {
  const half = Math.ceil(reach / band)
  return Array.from({ length: phases }, (_, phase) => {
    const taps = Float64Array.from({ length: half * 2 }, (_, tap) => {
      const distance = tap - half + 1 - phase / phases
      return sinc(distance * band) * blackman(distance / half)
    })
    const sum = taps.reduce((total, tap) => total + tap, 0)
    return taps.map((tap) => tap / sum)
  })
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** A window from -1 to 1, zero outside. */
function blackman(x: number): number {
  if (Math.abs(x) >= 1) return 0
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
