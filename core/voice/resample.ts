import type { Sound } from './wav.ts'

/** Zero crossings of the filter on each side: with the window below, what would fold back is 60 dB down. */
const reach = 24
/** The share of the narrower band that is kept; the rest is the filter's slope. */
const kept = 0.92

/** Changes the rate; what the new rate cannot carry is filtered out first. */
export function resample(sound: Sound, rate: number): Sound {
  if (sound.rate === rate) return sound
  const divisor = greatestCommonDivisor(sound.rate, rate)
  const phases = rate / divisor
  const step = sound.rate / divisor
  const filters = polyphase(phases, (kept * Math.min(rate, sound.rate)) / sound.rate)

  const samples = new Float32Array(Math.floor((sound.samples.length * rate) / sound.rate))
  for (let index = 0; index < samples.length; index++) {
    const position = index * step
    const filter = filters[position % phases] ?? []
    const first = Math.floor(position / phases) - Math.floor(filter.length / 2) + 1
    let sum = 0
    for (let tap = 0; tap < filter.length; tap++)
      sum += (filter[tap] ?? 0) * (sound.samples[first + tap] ?? 0)
    samples[index] = sum
  }
  return { rate, samples }
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
