/** What legs hear while nobody talks with them. */
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { Commands } from './commands.ts'
import { type Leg, type Legs, pathOf } from './legs.ts'

export interface Music {
  start(leg: Leg, music: string): Promise<unknown>
  stop(leg: Leg): Promise<unknown>
  /** Asterisk ends the music for a playback and does not bring it back by itself. */
  resume(leg: Leg): void
}

export function openMusic({ commands, legs, log }: { commands: Commands; legs: Legs; log: Logger }): Music {
  const play = ({ id, lane }: Leg, music: string) =>
    commands.ask(lane, 'POST', `${pathOf(id)}/moh?mohClass=${encodeURIComponent(music)}`)

  return {
    start(leg, music) {
      leg.music = music
      return play(leg, music)
    },

    stop(leg) {
      leg.music = undefined
      leg.hearsOldMusic = false
      return commands.ask(leg.lane, 'DELETE', `${pathOf(leg.id)}/moh`)
    },

    resume(leg) {
      if (leg.music === undefined || !legs.has(leg.id)) return
      play(leg, leg.music).catch((thrown: unknown) =>
        log.warn(
          { leg: leg.id, reason: reasonOf(thrown) },
          'The music did not come back; a caller waits in silence',
        ),
      )
    },
  }
}
