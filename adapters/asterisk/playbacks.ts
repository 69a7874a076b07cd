/** What legs hear from us: one playback at a time, always known to have ended. */
import type { Clock } from '#core/clock.ts'
import { CallbusError } from '#core/errors.ts'
import type { Media } from '#core/ports/telephony.ts'
import type { Commands } from './commands.ts'
import type { Guard } from './guard.ts'
import { type Leg, type Playback, type PlaybackEnd, playbackIds } from './legs.ts'
import type { Settings } from './settings.ts'
import { toMediaUri } from './translate.ts'

/** How long Asterisk may take to confirm a stop. */
const stopWithin = 2000
/** Time beyond the sound itself after which a playback is thought lost. */
const margin = 10_000

export interface Playbacks {
  play(leg: Leg, media: readonly Media[], signal: AbortSignal): Promise<void>
  /** Resolves when the leg hears nothing of ours any more. */
  stop(leg: Leg): Promise<void>
  /** Stops what an earlier life of ours may have left running on a leg. */
  stopForgotten(leg: Leg): Promise<void>
  /** Asterisk said that a playback ended. */
  ended(id: string, state: string): void
  legGone(leg: Leg): void
  /** Asks after those that may have ended unheard. */
  checkAll(): Promise<void>
}

export function openPlaybacks({
  commands,
  guard,
  clock,
  settings,
}: {
  commands: Commands
  guard: Guard
  clock: Clock
  settings: Settings
}): Playbacks {
  const running = new Map<string, { leg: Leg; playback: Playback }>()

  function begin(leg: Leg): Playback {
    const { promise: ended, resolve: settle, reject: fail } = Promise.withResolvers<PlaybackEnd>()
    ended.catch(() => {})
    const [even, odd] = playbackIds(leg.id)
    const id = leg.plays++ % 2 === 0 ? even : odd
    const playback: Playback = { id, asked: ended, ended, settle, fail, isStopping: false }
    leg.playback = playback
    running.set(id, { leg, playback })
    return playback
  }

  function forget(leg: Leg, playback: Playback) {
    if (leg.playback === playback) leg.playback = undefined
    if (running.get(playback.id)?.playback === playback) running.delete(playback.id)
  }

  /** The stop must not overtake the request that starts it, or it would play all the same. */
  function halt(playback: Playback) {
    if (playback.isStopping) return
    playback.isStopping = true
    const cancel = clock.after(stopWithin, () => playback.settle('late'))
    playback.ended.then(cancel, cancel)
    void playback.asked
      .catch(() => {})
      .then(() => commands.ask('control', 'DELETE', `playbacks/${encodeURIComponent(playback.id)}`))
      .then((answer) => {
        if (answer === 'gone') playback.settle('done')
      }, playback.fail)
  }

  async function stop(leg: Leg) {
    const { playback } = leg
    if (!playback) return
    halt(playback)
    await playback.ended.catch(() => {})
    forget(leg, playback)
  }

  return {
    async play(leg, media, signal) {
      signal.throwIfAborted()
      if (media.length === 0) return
      while (leg.playback) await stop(leg)
      signal.throwIfAborted()

      const seconds = media.reduce((sum, { seconds }) => sum + seconds, 0)
      guard.coverPlayback(leg, seconds)
      const playback = begin(leg)
      const onAbort = () => halt(playback)
      signal.addEventListener('abort', onAbort, { once: true })
      const stopWatch = clock.after(seconds * 1000 + margin, () => {
        halt(playback)
        playback.settle('late')
      })
      const uris = encodeURIComponent(media.map((one) => toMediaUri(one, settings)).join(','))
      const path = `channels/${encodeURIComponent(leg.id)}/play/${encodeURIComponent(playback.id)}?media=${uris}`
      const asked = commands.ask(leg.lane, 'POST', path)
      playback.asked = asked
      asked.then(
        (answer) => {
          if (answer === 'gone') playback.settle('gone')
        },
        (thrown) => {
          halt(playback)
          playback.fail(thrown)
        },
      )

      try {
        const end = await playback.ended
        signal.throwIfAborted()
        if (playback.isStopping && end === 'done') return
        if (end === 'late')
          throw new CallbusError('EXCHANGE_LATE', { request: 'play', milliseconds: seconds * 1000 + margin })
        if (end === 'failed')
          throw new CallbusError('EXCHANGE_REFUSED', {
            request: 'play',
            status: 'failed',
            reason: 'the prompt cannot be played',
          })
      } finally {
        stopWatch()
        signal.removeEventListener('abort', onAbort)
        forget(leg, playback)
      }
    },

    stop,

    async stopForgotten(leg) {
      const ids = playbackIds(leg.id).map(encodeURIComponent)
      await Promise.all(ids.map((id) => commands.ask('control', 'DELETE', `playbacks/${id}`)))
    },

    ended(id, state) {
      const found = running.get(id)
      if (state === 'done') found?.playback.settle('done')
      else if (found) void failed(found)
    },

    legGone: (leg) => leg.playback?.settle('gone'),

    async checkAll() {
      for (const { playback } of [...running.values()]) {
        const found = await commands.read(`playbacks/${encodeURIComponent(playback.id)}`)
        if (!found) playback.settle('done')
      }
    },
  }

  /** A hang-up fails the running playback as well: then the end of the leg is on its way, and nothing was heard out. */
  async function failed({ leg, playback }: { leg: Leg; playback: Playback }) {
    const hasGone = leg.because !== undefined || (await isUnknown(leg).catch(() => false))
    if (!hasGone) playback.settle('failed')
  }

  async function isUnknown({ id }: Leg): Promise<boolean> {
    return (await commands.read(`channels/${encodeURIComponent(id)}`)) === undefined
  }
}
