import type { ScriptedExchange, ScriptedLeg } from '#core/ports/scripted-exchange.ts'
import { settled } from './test-clock.ts'

/** Whoever is at the far end of a leg of the scripted exchange. */
export function personAt(leg: ScriptedLeg, exchange: Pick<ScriptedExchange, 'hangUp' | 'press'>) {
  return {
    leg,
    /** What is being said now, by the names of the sayings. */
    hearing: () => leg.playing?.media,
    /** Hears what is said until there is silence, a wait or the end; all he has heard so far. */
    async hears(): Promise<string[]> {
      while (leg.playing) {
        leg.playing.finish()
        await settled()
      }
      return leg.heard
    },
    async presses(key: string) {
      exchange.press(leg, key)
      await settled()
    },
    async hangsUp() {
      exchange.hangUp(leg)
      await settled()
    },
  }
}
