import { resample } from '../sound/resample.ts'
import { readWav, type Sound, telephoneRate, writeWav } from '../sound/wav.ts'

/** Share of full scale that speech is brought to, so that engines and recordings sound alike. */
const level = 0.1
const peak = 0.89
/** A recording further off than this is meant to be so, or is noise. */
const largestGain = 4

/** Turns any WAV we can read into what every exchange plays, at an even level. */
export async function toTelephoneWav(wav: Buffer): Promise<Buffer> {
  return writeWav(levelled(await resample(readWav(wav), telephoneRate)))
}

function levelled({ rate, samples }: Sound): Sound {
  const loudness = loudnessOf(samples)
  if (loudness === 0) return { rate, samples }
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const wanted = Math.min(largestGain, Math.max(1 / largestGain, level / loudness))
  const gain = Math.min(wanted, peak / loudest)
  return { rate, samples: samples.map((sample) => sample * gain) }
}

/** Root mean square of what is not a pause. */
function loudnessOf(samples: Float32Array): number {
  const pause = 0.003
  let energy = 0
  let count = 0
  for (const sample of samples) {
    if (Math.abs(sample) < pause) continue
    energy += sample * sample
    count++
  }
  return count === 0 ? 0 : Math.sqrt(energy / count)
}
