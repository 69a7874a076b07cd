/** WAV files for tests: a tone where somebody speaks, silence where nobody does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWav } from '#core/sound/wav.ts'
import { toStereo } from '../../adapters/asterisk/wav.ts'

interface Sides {
  /** How loud each of one or two channels is, from 0 to 1. */
  channels: [number] | [number, number]
  seconds?: number
  rate?: number
}

export function soundOf({ channels: [left, right], seconds = 1, rate = 8_000 }: Sides): Buffer {
  const mono = (loud: number) => {
    const step = (2 * Math.PI * 400) / rate
    const samples = Float32Array.from(
      { length: Math.round(seconds * rate) },
      (_, at) => loud * Math.sin(step * at),
    )
    return writeWav({ rate, samples })
  }
  return right === undefined ? mono(left) : toStereo(mono(left), mono(right)).wav
}

/** A folder with files of these bytes, gone with the test. */
export function soundFiles<Name extends string>(
  t: { after(cleanup: () => void): void },
  files: Record<Name, Buffer>,
): Record<Name, string> {
  const folder = mkdtempSync(join(tmpdir(), 'callbus-sounds-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const paths = Object.entries<Buffer>(files).map(([name, bytes]) => {
    const file = join(folder, `${name}.wav`)
    writeFileSync(file, bytes)
    return [name, file]
  })
  return Object.fromEntries(paths) as Record<Name, string>
}
