/** What is sent of a recording: one channel, 16 bits, at a rate that every recogniser reads. */
import { setImmediate as breathe } from 'node:timers/promises'
import { resample } from '#core/sound/resample.ts'
import { openWav, putSamples, type Sound, silentWav } from '#core/sound/wav.ts'

export interface Utterance {
  wav: Buffer
  seconds: number
  /** Nobody can have said anything: recognisers invent words for silence. */
  isSilent: boolean
}

const rates = [8_000, 16_000]
/** Samples worked on in one go, about a millisecond: calls are carried on the same thread. */
const slice = 16_000
const frameSeconds = 0.02
/** Below -55 dB of full scale a frame is noise of the line. */
const quiet = 10 ** (-55 / 20)
/** The shortest answer, such as a yes. */
const leastSpeech = 0.1

export function secondsOf(bytes: Buffer): number {
  const { rate, length } = openWav(bytes)
  return length / rate
}

export async function toUtterance(bytes: Buffer): Promise<Utterance> {
  const { rate, samples } = await atFittingRate(await mixed(bytes))
  const wav = silentWav(rate, samples.length)
  const frame = rate * frameSeconds
  let loud = 0
  for (const { from, to } of slices(samples.length)) {
    const piece = samples.subarray(from, to)
    putSamples(wav, from, piece)
    for (let at = 0; at < piece.length; at += frame) {
      if (loudness(piece.subarray(at, at + frame)) > quiet) loud += 1
    }
    await breathe()
  }
  return { wav, seconds: samples.length / rate, isSilent: loud * frameSeconds < leastSpeech }
}

async function mixed(bytes: Buffer): Promise<Sound> {
  const { rate, length, read } = openWav(bytes)
  const samples = new Float32Array(length)
  for (const { from, to } of slices(length)) {
    samples.set(read(from, to), from)
    await breathe()
  }
  return { rate, samples }
}

async function atFittingRate(sound: Sound): Promise<Sound> {
  if (rates.includes(sound.rate)) return sound
  const [telephone = 0, wide = 0] = rates
  return await resample(sound, sound.rate > wide ? wide : telephone)
}

function* slices(length: number) {
  for (let from = 0; from < length; from += slice) yield { from, to: Math.min(from + slice, length) }
}

/** Root of the mean square. */
function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}
