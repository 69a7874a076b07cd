import { toDayTime } from '#core/voice/grammar/times.ts'
import type { Policy } from './rules.ts'
import type { Settings } from './settings.ts'

export function toPolicy({ rules, maximumRise, together, dwell }: Settings, timeZone: string): Policy {
  return {
    rules,
    maximumRise,
    together,
    dwell: dwell * 60_000,
    minuteOf(moment) {
      const { hour, minute } = toDayTime(moment, { now: moment, timeZone })
      return hour * 60 + minute
    },
  }
}
