import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { telephoneRate as rate, writeWav } from '#core/sound/wav.ts'

/** Of a tone: a quarter of full scale. */
const loudness = 0.25

/** Seconds a WAV file lasts by its header, `undefined` for what is no WAV. */
export function wavSeconds(bytes: Buffer): number | undefined {
  if (
    bytes.length < 12 ||
    bytes.toString('latin1', 0, 4) !== 'RIFF' ||
    bytes.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    return undefined
  }
  let byteRate: number | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const chunk = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    if (chunk === 'fmt ' && at + 20 <= bytes.length) byteRate = bytes.readUInt32LE(at + 16)
    if (chunk === 'data') return byteRate ? size / byteRate : undefined
    at += 8 + size + (size % 2)
  }
  return undefined
}

/** Seconds of the file an exchange would find under this name, with or without its extension. */
export async function fileSeconds(path: string): Promise<number | undefined> {
  for (const candidate of [path, `${path}.wav`, `${path}.WAV`]) {
    try {
      await using file = await open(candidate)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
      return wavSeconds(buffer.subarray(0, bytesRead)) ?? (await file.stat()).size / (rate * 2)
    } catch {
      // The next name may exist.
    }
  }
  return undefined
}

/** A mono 8 kHz 16-bit WAV with a steady tone, what a simulated recording holds. */
export function toneWav(seconds: number, hertz: number): Buffer {
  const length = Math.round(seconds * rate)
  const samples = Float32Array.from(
    { length },
    (_, at) => loudness * Math.sin((2 * Math.PI * hertz * at) / rate),
  )
  return writeWav({ rate, samples })
}

export const freshId = () => randomBytes(8).toString('hex')
