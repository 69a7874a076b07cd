/** The one who calls in a rehearsal: listens to the end, then presses his next key. */
import type { MovedClock } from '../moved-clock.ts'
import type { ScriptedExchange, ScriptedLeg } from '../ports/scripted-exchange.ts'

export interface RehearsedCaller {
  /** Looks at what he hears now; called after each step of time. */
  look(): void
  /** Keys he had no occasion to press. */
  readonly keysLeft: readonly string[]
}

/** How long after the last word he presses, in milliseconds. */
const thinks = 1_000

export function openRehearsedCaller(
  leg: ScriptedLeg,
  { exchange, clock, keys }: { exchange: ScriptedExchange; clock: MovedClock; keys: readonly string[] },
): RehearsedCaller {
  const left = [...keys]
  let heardBefore = 0
  let takeBack: (() => void) | undefined

  function press() {
    takeBack = undefined
    const key = left.shift()
    heardBefore = leg.heard.length
    if (key !== undefined) exchange.press(leg, key)
  }

  return {
    look() {
      if (leg.playing) {
        takeBack?.()
        takeBack = undefined
        return
      }
      const hasHeard = leg.heard.length > heardBefore
      if (hasHeard && left.length > 0) takeBack ??= clock.after(thinks, press)
    },
    keysLeft: left,
  }
}
