/** Who listens to a leg: a channel of Asterisk's own hears it, and the listener is put together with that channel. */
import type { Logger } from 'pino'
import { reasonOf } from '#core/errors.ts'
import type { SnoopWay } from '#core/ports/telephony.ts'
import type { LegId } from '#core/schema.ts'
import type { Channel } from './ari/types.ts'
import type { Commands } from './commands.ts'
import type { Leg } from './legs.ts'
import type { Settings } from './settings.ts'
import type { Talks } from './talks.ts'
import { toArgs, toPurpose } from './translate.ts'

/**
 * Which of the sounds of a leg the listener's voice is added to: what goes out to it, or what comes from it as
 * well. A third leg in the same bridge instead would leave those who were two there without sound: seen on
 * 22.10.1, for seconds after it changes to mixing many.
 */
const whisperOf: Record<SnoopWay, string> = { listen: 'none', whisper: 'out', barge: 'both' }

export interface Listening {
  listen(listener: Leg, other: LegId, way: SnoopWay): Promise<void>
  earStarted(ear: string): void
  earGone(ear: string): void
  isEarOf(talk: string, listener: LegId): boolean
  /** The listener left, or does something else now. */
  stop(listener: LegId): void
  /** Ends what an earlier life of ours listened with. */
  sweep(ears: readonly string[]): Promise<void>
}

export function openListening({
  commands,
  settings,
  talks,
  isThere,
  log,
}: {
  commands: Commands
  settings: Pick<Settings, 'app'>
  talks: Pick<Talks, 'join' | 'part'>
  isThere(leg: LegId): boolean
  log: Logger
}): Listening {
  /** For each listener the channel that hears; the talk of the two has the same name. */
  const ears = new Map<LegId, string>()
  const starting = new Map<string, (isThere: boolean) => void>()
  let count = 0

  async function openEar(listener: Leg, other: LegId, way: SnoopWay): Promise<string | undefined> {
    const ear = `${listener.id}-ear-${++count}`
    const { promise: started, resolve } = Promise.withResolvers<boolean>()
    starting.set(ear, resolve)
    const query = `spy=both&whisper=${whisperOf[way]}&app=${settings.app}&appArgs=${encodeURIComponent(`ear,${listener.id}`)}`
    try {
      const path = `channels/${encodeURIComponent(other)}/snoop/${encodeURIComponent(ear)}?${query}`
      const snooped = await commands.ask(listener.lane, 'POST', path)
      return snooped === 'done' && (await started) ? ear : undefined
    } finally {
      starting.delete(ear)
    }
  }

  const noted = (work: Promise<unknown>) =>
    void work.catch((thrown: unknown) =>
      log.warn({ reason: reasonOf(thrown) }, 'What was listened with could not be closed'),
    )
  const hangUp = (ear: string) =>
    noted(commands.ask('control', 'DELETE', `channels/${encodeURIComponent(ear)}`))

  function close(ear: string) {
    hangUp(ear)
    noted(talks.part(ear))
  }

  function stop(listener: LegId) {
    const ear = ears.get(listener)
    ears.delete(listener)
    if (ear !== undefined) close(ear)
  }

  return {
    async listen(listener, other, way) {
      const ear = await openEar(listener, other, way)
      if (ear === undefined) return
      const before = ears.get(listener.id)
      ears.set(listener.id, ear)
      try {
        await talks.join(ear, [listener], [ear])
      } finally {
        if (before !== undefined) close(before)
        if (listener.talk !== ear || !isThere(listener.id)) stop(listener.id)
      }
    },

    earStarted: (ear) => starting.get(ear)?.(true),
    earGone: (ear) => starting.get(ear)?.(false),
    isEarOf: (talk, listener) => ears.get(listener) === talk,
    stop,

    async sweep(found) {
      const known = new Set([...ears.values(), ...starting.keys()])
      for (const ear of found) if (!known.has(ear)) hangUp(ear)
    },
  }
}

/** The channels that listen for somebody, among all. */
export function toEars(channels: readonly Channel[], app: string): string[] {
  return channels
    .filter(({ id, dialplan }) => toPurpose(id, toArgs(dialplan, app) ?? []).kind === 'ear')
    .map(({ id }) => id)
}
