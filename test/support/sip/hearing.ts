/** The ear of a test telephone: what came in, and waiting until something is heard. */
import { containsSound, energyOf, hasTone, type Samples, samplesPerSecond, shareOfTone } from '../audio.ts'
import { until } from '../until.ts'

export interface Hearing {
  heard(): Samples
  /** A place in what was heard, for `since`. */
  mark(): number
  heardSince(mark: number): Samples
  hears(hertz: number, options?: HearOptions): Promise<void>
  /** Some sound within the last fifth of a second. */
  hearsSomething(options?: HearOptions): Promise<void>
  /** Nothing but silence, or no sound at all, for half a second from now on. */
  hearsSilence(options?: HearOptions): Promise<void>
  hearsSound(sound: Samples | string, options?: HearOptions): Promise<void>
}

export interface HearOptions {
  /** Only what came after this `mark()`. */
  since?: number
  /** Milliseconds. */
  within?: number
}

const audible = 0.01
const quietMs = 500

export function toHearing(heard: () => Samples): Hearing {
  const heardSince = (mark: number) => heard().subarray(mark)

  async function untilHeard(what: string, isThere: (sound: Samples) => boolean, options: HearOptions = {}) {
    const { since = 0, within = 15_000 } = options
    try {
      await until(() => isThere(heardSince(since)), { what, within, every: 50 })
    } catch (thrown) {
      throw new Error(`${thrown instanceof Error ? thrown.message : thrown}; ${described(heardSince(since))}`)
    }
  }

  return {
    heard,
    heardSince,
    mark: () => heard().length,
    hears: (hertz, options) => untilHeard(`a tone of ${hertz} Hz`, (sound) => hasTone(sound, hertz), options),
    hearsSound: (sound, options) => untilHeard('the sound', (all) => containsSound(all, sound), options),

    hearsSomething(options) {
      const isLoud = (sound: Samples) => energyOf(sound.subarray(-samplesPerSecond / 5)) > audible
      return untilHeard('any sound', isLoud, options)
    },

    async hearsSilence({ within = 15_000 } = {}) {
      let quietFrom = performance.now()
      let seen = heard().length
      const isQuiet = () => {
        const part = heardSince(seen)
        seen += part.length
        if (energyOf(part) > audible) quietFrom = performance.now()
        return performance.now() - quietFrom > quietMs
      }
      await until(isQuiet, { what: 'silence', within, every: 50 })
    },
  }
}

/** What there was instead, second by second. */
function described(sound: Samples): string {
  const seconds = Array.from({ length: Math.floor(sound.length / samplesPerSecond) }, (_, at) => {
    const second = sound.subarray(at * samplesPerSecond, (at + 1) * samplesPerSecond)
    if (energyOf(second) <= audible) return '-'
    const tone = [300, 500, 700, 900].find((hertz) => shareOfTone(second, hertz) > 0.1)
    return tone === undefined ? 'other' : `${tone}:${shareOfTone(second, tone).toFixed(2)}`
  })
  return `heard ${sound.length} samples: ${seconds.join(' ')}`
}
