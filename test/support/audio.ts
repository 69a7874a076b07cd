/** Sound as telephones carry it: 8 kHz, 16 bit, one channel. Made, stored, and measured. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { headerLength, silentWav } from '#core/sound/wav.ts'

export type Samples = Int16Array

export const samplesPerSecond = 8000

/** A steady tone; different tones tell apart who is heard. */
export function tone(hertz: number, seconds: number, loudness = 0.3): Samples {
  const step = (2 * Math.PI * hertz) / samplesPerSecond
  return Int16Array.from({ length: Math.round(seconds * samplesPerSecond) }, (_, at) =>
    Math.round(Math.sin(at * step) * loudness * 32767),
  )
}

export function silence(seconds: number): Samples {
  return new Int16Array(Math.round(seconds * samplesPerSecond))
}

/** Root mean square, 0 for silence and 1 for the loudest sound there is. A file name is read as WAV. */
export function energyOf(sound: Samples | string): number {
  const samples = samplesOf(sound)
  if (samples.length === 0) return 0
  const sum = samples.reduce((total, sample) => total + sample * sample, 0)
  return Math.sqrt(sum / samples.length) / 32768
}

/** How much of the sound's energy lies at one frequency (Goertzel): near 1 for that pure tone, near 0 for another. */
export function shareOfTone(sound: Samples | string, hertz: number): number {
  const samples = samplesOf(sound)
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / samplesPerSecond)
  let last = 0
  let before = 0
  let total = 0
  for (const sample of samples) {
    const next = sample + coefficient * last - before
    before = last
    last = next
    total += sample * sample
  }
  if (total === 0) return 0
  const power = last * last + before * before - coefficient * last * before
  return Math.min(1, (2 * power) / (samples.length * total))
}

/**
 * Whether a tone sounds anywhere: some tenth of a second holds mostly that tone, or so much of it as is asked for
 * where several speak at once, and is not silence.
 */
export function hasTone(sound: Samples | string, hertz: number, share = 0.6): boolean {
  const samples = samplesOf(sound)
  const window = samplesPerSecond / 10
  for (let at = 0; at + window <= samples.length; at += window / 2) {
    const part = samples.subarray(at, at + window)
    if (energyOf(part) > 0.01 && shareOfTone(part, hertz) > share) return true
  }
  return false
}

/**
 * Whether a recorded sound was heard, wherever it begins: piece after piece by its loudness over time. It
 * holds against the codecs of the line and the stutter of a busy machine, not against another voice on top.
 */
export function containsSound(heard: Samples | string, played: Samples | string): boolean {
  const envelope = loudnessOf(samplesOf(heard))
  const pieces = piecesOf(loudnessOf(samplesOf(played)))
  const wanted = Math.ceil(pieces.length * enoughOfIt)
  if (pieces.length === 0) return false
  for (const opening of pieces.slice(0, 1 + pieces.length - wanted)) {
    for (let start = 0; start + opening.loudness.length <= envelope.length; start++) {
      if (!matches(envelope, opening, start)) continue
      if (piecesHeard(envelope, pieces, start - opening.at) >= wanted) return true
    }
  }
  return false
}

/** Lengths in frames of 20 ms. */
const pieceLength = 50
const outOfPlace = 25
/** A stutter spoils the piece it falls into. */
const enoughOfIt = 0.7
const fewestPieces = 4

interface Piece {
  at: number
  loudness: Float64Array
}

function piecesOf(loudness: Float64Array): Piece[] {
  const count = Math.max(fewestPieces, Math.floor(loudness.length / pieceLength))
  const length = Math.ceil(loudness.length / count)
  return Array.from({ length: count }, (_, index) => ({
    at: index * length,
    loudness: loudness.subarray(index * length, (index + 1) * length),
  })).filter(({ loudness }) => loudness.some((each) => each > 0.01))
}

/** How many of them follow one another from there, each at most a little late or early. */
function piecesHeard(envelope: Float64Array, pieces: readonly Piece[], start: number): number {
  let lateness = 0
  let found = 0
  for (const piece of pieces) {
    for (let more = -outOfPlace; more <= outOfPlace; more++) {
      if (!matches(envelope, piece, start + piece.at + lateness + more)) continue
      lateness += more
      found++
      break
    }
  }
  return found
}

function matches(envelope: Float64Array, { loudness }: Piece, at: number): boolean {
  if (at < 0 || at + loudness.length > envelope.length) return false
  return correlation(envelope.subarray(at, at + loudness.length), loudness) > 0.9
}

/** SHA-256 of the samples, or of a file's bytes. */
export function hashOf(sound: Samples | string): string {
  const bytes = typeof sound === 'string' ? readFileSync(sound) : bytesOf(sound)
  return createHash('sha256').update(bytes).digest('hex')
}

export function writeWav(file: string, samples: Samples): void {
  const bytes = silentWav(samplesPerSecond, samples.length)
  bytesOf(samples).copy(bytes, headerLength)
  writeFileSync(file, bytes)
}

/** The channels of a 16-bit PCM WAV, one array each. */
export function readChannels(file: string): Samples[] {
  const bytes = readFileSync(file)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${file} is not a WAV file`)
  let channels = 1
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4)
    const name = bytes.toString('latin1', at, at + 4)
    if (name === 'fmt ') {
      channels = bytes.readUInt16LE(at + 10)
      if (bytes.readUInt16LE(at + 22) !== 16) throw new Error(`${file} is not 16-bit PCM`)
    }
    if (name === 'data') return split(bytes.subarray(at + 8, at + 8 + size), channels)
    at += 8 + size + (size % 2)
  }
  throw new Error(`${file} holds no sound`)
}

export function readWav(file: string): Samples {
  return readChannels(file)[0] ?? new Int16Array(0)
}

function samplesOf(sound: Samples | string): Samples {
  return typeof sound === 'string' ? readWav(sound) : sound
}

function bytesOf(samples: Samples): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
}

function split(bytes: Buffer, channels: number): Samples[] {
  const frames = Math.floor(bytes.length / 2 / channels)
  return Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length: frames }, (_, frame) => bytes.readInt16LE((frame * channels + channel) * 2)),
  )
}

/** Loudness of each 20 ms. */
function loudnessOf(samples: Samples): Float64Array {
  const frame = samplesPerSecond / 50
  return Float64Array.from({ length: Math.floor(samples.length / frame) }, (_, at) =>
    energyOf(samples.subarray(at * frame, (at + 1) * frame)),
  )
}

function correlation(left: Float64Array, right: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const leftMean = mean(left)
  const rightMean = mean(right)
  let product = 0
  let leftSquares = 0
  let rightSquares = 0
  for (const [at, value] of left.entries()) {
    const a = value - leftMean
    const b = (right[at] ?? 0) - rightMean
    product += a * b
    leftSquares += a * a
    rightSquares += b * b
  }
  return leftSquares === 0 || rightSquares === 0 ? 0 : product / Math.sqrt(leftSquares * rightSquares)
}
