/** Reads what engines, people and exchanges hand in; writes 16 bits, one channel. */

/** Samples between -1 and 1, one channel. */
export interface Sound {
  rate: number
  samples: Float32Array
}

export const telephoneRate = 8000
export const headerLength = 44

/** Says in a sentence why a file is no sound we can use. */
export class UnreadableSound extends Error {
  override readonly name = 'UnreadableSound'
}

/** A sound that is read piece by piece: long ones take long, and calls are carried on the same thread. */
export interface OpenSound {
  rate: number
  length: number
  /** Samples from one index up to another, all channels mixed to one. */
  read(from: number, to: number): Float32Array
}

/** The whole of `openWav`. */
export function readWav(bytes: Buffer): Sound {
  const { rate, length, read } = openWav(bytes)
  return { rate, samples: read(0, length) }
}

/**
 * PCM of 8, 16, 24 or 32 bits or 32-bit float, any rate, any number of channels. Lengths in the header are
 * not trusted: programs that write to a pipe cannot know them.
 */
export function openWav(bytes: Buffer): OpenSound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new UnreadableSound('it is no WAV file')
  }

  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const chunk = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const body = bytes.subarray(at + 8, Math.min(at + 8 + length, bytes.length))
    if (chunk === 'fmt ') format = readFormat(body)
    if (chunk === 'data') {
      if (!format) throw new UnreadableSound('its sound comes before its format')
      return opened(body, format)
    }
    at += 8 + length + (length % 2)
  }
  throw new UnreadableSound('it holds no sound')
}

/** A 16-bit WAV; samples beyond -1 and 1 are clipped. */
export function writeWav({ rate, samples }: Sound): Buffer {
  const bytes = silentWav(rate, samples.length)
  putSamples(bytes, 0, samples)
  return bytes
}

/** A 16-bit WAV with room for so many samples of each channel. */
export function silentWav(rate: number, length: number, channels = 1): Buffer {
  const frame = channels * 2
  const bytes = Buffer.alloc(headerLength + length * frame)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(channels, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate * frame, 28)
  bytes.writeUInt16LE(frame, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(length * frame, 40)
  return bytes
}

/** Writes samples into a WAV of `silentWav`, the first of them at an index. */
export function putSamples(bytes: Buffer, first: number, samples: Float32Array): void {
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample))
    bytes.writeInt16LE(Math.round(clipped * 32767), headerLength + (first + index) * 2)
  })
}

/** How long a file that `writeWav` wrote at the telephone's rate plays. */
export function secondsOf(fileLength: number): number {
  return Math.max(0, fileLength - headerLength) / (telephoneRate * 2)
}

interface Format {
  rate: number
  channels: number
  bytesPerSample: number
  read(body: Buffer, at: number): number
}

function readFormat(body: Buffer): Format {
  if (body.length < 16) throw new UnreadableSound('its format is cut short')
  const extended = 0xfffe
  const tag =
    body.readUInt16LE(0) === extended && body.length >= 26 ? body.readUInt16LE(24) : body.readUInt16LE(0)
  const channels = body.readUInt16LE(2)
  const rate = body.readUInt32LE(4)
  const bits = body.readUInt16LE(14)
  const read = readers[`${tag}/${bits}`]
  if (!read) throw new UnreadableSound(`its coding ${tag} with ${bits} bits is not plain PCM`)
  if (channels < 1 || channels > 8) throw new UnreadableSound(`it has ${channels} channels`)
  if (rate < 4000 || rate > 384_000) throw new UnreadableSound(`its rate is ${rate} Hz`)
  return { rate, channels, bytesPerSample: bits / 8, read }
}

const readers: Record<string, Format['read']> = {
  '1/8': (body, at) => (body.readUInt8(at) - 128) / 128,
  '1/16': (body, at) => body.readInt16LE(at) / 32768,
  '1/24': (body, at) => body.readIntLE(at, 3) / 8_388_608,
  '1/32': (body, at) => body.readInt32LE(at) / 2_147_483_648,
  '3/32': (body, at) => finite(body.readFloatLE(at)),
}

function finite(sample: number): number {
  return Number.isFinite(sample) ? sample : 0
}

function opened(body: Buffer, { rate, channels, bytesPerSample, read }: Format): OpenSound {
  const frame = channels * bytesPerSample
  return {
    rate,
    length: Math.floor(body.length / frame),
    read(from, to) {
      const samples = new Float32Array(to - from)
      for (let index = 0; index < samples.length; index++) {
        let sum = 0
        for (let channel = 0; channel < channels; channel++)
          sum += read(body, (from + index) * frame + channel * bytesPerSample)
        samples[index] = sum / channels
      }
      return samples
    },
  }
}
