/** Two mono recordings of one talk into one stereo file: pure, on bytes. */
import { headerLength, silentWav } from '#core/sound/wav.ts'

interface Mono {
  rate: number
  samples: Buffer
}

/**
 * Left and right as 16-bit PCM WAV files of one rate; a missing or empty side is silent, the shorter is
 * padded. Throws when a file is something else.
 */
export function toStereo(
  left: Buffer | undefined,
  right: Buffer | undefined,
): { wav: Buffer; seconds: number } {
  const [l, r] = [readMono(left), readMono(right)]
  const rate = l?.rate ?? r?.rate ?? 8000
  if (l && r && l.rate !== r.rate) throw new Error(`The sides differ in rate: ${l.rate} and ${r.rate} Hz.`)

  const frames = Math.max(l?.samples.length ?? 0, r?.samples.length ?? 0) >> 1
  const wav = silentWav(rate, frames, 2)
  interleave(wav, l?.samples, 0)
  interleave(wav, r?.samples, 2)
  return { wav, seconds: frames / rate }
}

function interleave(wav: Buffer, samples: Buffer | undefined, side: number) {
  if (!samples) return
  for (let from = 0, to = headerLength + side; from + 1 < samples.length; from += 2, to += 4) {
    wav.writeInt16LE(samples.readInt16LE(from), to)
  }
}

function readMono(file: Buffer | undefined): Mono | undefined {
  if (!file || file.length === 0) return undefined
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('The recording is not a WAV file.')
  }
  let rate = 0
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4)
    const size = file.readUInt32LE(at + 4)
    const body = at + 8
    if (name === 'fmt ') {
      if (body + 16 > file.length) break
      const [coding, channels, bits] = [
        file.readUInt16LE(body),
        file.readUInt16LE(body + 2),
        file.readUInt16LE(body + 14),
      ]
      if (coding !== 1 || channels !== 1 || bits !== 16)
        throw new Error('The recording is not 16-bit mono PCM.')
      rate = file.readUInt32LE(body + 4)
    }
    if (name === 'data') {
      if (rate === 0) break
      return { rate, samples: file.subarray(body, Math.min(body + size, file.length)) }
    }
    at = body + size + (size & 1)
  }
  throw new Error('The recording has no sound in it.')
}
