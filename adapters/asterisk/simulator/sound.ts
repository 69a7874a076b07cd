import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'

const rate = 8000
const headerSize = 44

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
  const samples = Math.round(seconds * rate)
  const wav = Buffer.alloc(headerSize + samples * 2)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(headerSize - 8 + samples * 2, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(rate, 24)
  wav.writeUInt32LE(rate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(samples * 2, 40)
  for (let sample = 0; sample < samples; sample++) {
    const level = Math.round(8000 * Math.sin((2 * Math.PI * hertz * sample) / rate))
    wav.writeInt16LE(level, headerSize + sample * 2)
  }
  return wav
}

export const freshId = () => randomBytes(8).toString('hex')
