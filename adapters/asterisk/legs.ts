/** What we know of each leg that is in our hands. */
import type { LegId } from '#core/schema.ts'

export interface Leg {
  readonly id: LegId
  readonly direction: 'in' | 'out'
  /** Its commands stay on one lane, so their order holds. */
  readonly lane: number
  /** While one runs, Asterisk executes no answer, join or variable of this leg. */
  playback: Playback | undefined
  /** Playbacks so far; their ids come from it, so that those of an earlier life of ours can be stopped. */
  plays: number
  music: string | undefined
  /** Found after a restart: music of an earlier life may still be playing to it. */
  hearsOldMusic: boolean
  talk: string | undefined
  /** When the dead-man's guard leads it to the island; none for legs we dialled and legs in a talk. */
  guardUntil: number | undefined
  /** Why it ends, from the moment that is known. */
  because: string | undefined
}

export interface Playback {
  readonly id: string
  /** Settles when the exchange took the request, or refused it. */
  asked: Promise<unknown>
  /** Resolves however it ends. */
  readonly ended: Promise<PlaybackEnd>
  settle(end: PlaybackEnd): void
  /** Settles it as broken: the request itself failed. */
  fail(thrown: unknown): void
  isStopping: boolean
}

export type PlaybackEnd = 'done' | 'failed' | 'gone' | 'late'

export type Legs = Map<LegId, Leg>

export function newLeg(leg: Pick<Leg, 'id' | 'direction' | 'lane'> & Partial<Leg>): Leg {
  return {
    playback: undefined,
    plays: 0,
    music: undefined,
    hearsOldMusic: false,
    talk: undefined,
    guardUntil: undefined,
    because: undefined,
    ...leg,
  }
}

/** The ids that playbacks of a leg take in turns. */
export function playbackIds(leg: LegId): [string, string] {
  return [`${leg}-play-0`, `${leg}-play-1`]
}

export function pathOf(leg: LegId): string {
  return `channels/${encodeURIComponent(leg)}`
}
