/** Both sides of a leg, each listened to by a silent channel of its own that is recorded. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CallbusError } from '#core/errors.ts'
import { unlessAborted } from '#core/unless-aborted.ts'
import type { Ari } from './ari/ari.ts'
import type { Channel, StoredRecording } from './ari/types.ts'
import type { Commands } from './commands.ts'
import type { Leg } from './legs.ts'
import type { Settings } from './settings.ts'
import { toStereo } from './wav.ts'

const sides = ['in', 'out'] as const

export interface Recordings {
  record(recording: string, leg: Leg, signal: AbortSignal): Promise<void>
  stop(recording: string): Promise<void>
  take(recording: string, file: string, signal: AbortSignal): Promise<{ seconds: number }>
  /** One of our listening channels came to us. */
  snoopStarted(snoop: string): void
  snoopGone(snoop: string): void
  /** A file was closed, or could not be written. */
  ended(name: string): void
  /** Reports those that finished unheard; `live` are the listening channels that still exist. */
  sweep(live: ReadonlySet<string>): Promise<void>
}

export function openRecordings({
  ari,
  commands,
  settings,
  onFinished,
}: {
  ari: Pick<Ari, 'fetchFile'>
  commands: Commands
  settings: Settings
  onFinished(recording: string): void
}): Recordings {
  /** How many sides of a recording are still open. */
  const open = new Map<string, Set<string>>()
  const starting = new Map<string, (isThere: boolean) => void>()

  async function recordSide(
    name: string,
    recording: string,
    spy: string,
    leg: Leg,
  ): Promise<'done' | 'gone'> {
    const { promise: started, resolve } = Promise.withResolvers<boolean>()
    starting.set(name, resolve)
    const id = encodeURIComponent(name)
    try {
      const query = `spy=${spy}&app=${settings.app}&appArgs=${encodeURIComponent(`snoop,${recording}`)}`
      const snooped = await commands.ask(
        leg.lane,
        'POST',
        `channels/${encodeURIComponent(leg.id)}/snoop/${id}?${query}`,
      )
      if (snooped === 'gone' || !(await started)) return 'gone'
      return await commands.ask(
        leg.lane,
        'POST',
        `channels/${id}/record?name=${id}&format=wav&ifExists=overwrite`,
      )
    } finally {
      starting.delete(name)
    }
  }

  function hangUp(recording: string) {
    return Promise.all(
      sides.map((side) =>
        commands.ask('control', 'DELETE', `channels/${encodeURIComponent(`${recording}-${side}`)}`),
      ),
    )
  }

  /** The leg may leave between the one side and the other; the half that was recorded is not waited for in vain. */
  function begun(recording: string, results: readonly ('done' | 'gone')[]) {
    if (!open.has(recording)) return
    const gone = sides.filter((_, at) => results[at] === 'gone')
    if (gone.length === sides.length) open.delete(recording)
    else for (const side of gone) ended(`${recording}-${side}`)
  }

  function ended(name: string) {
    const recording = recordingOf(name)
    if (!recording) return
    // A recording begun in an earlier life of ours is met here for the first time.
    const sidesOpen = open.get(recording) ?? new Set(sides.map((side) => `${recording}-${side}`))
    open.set(recording, sidesOpen)
    sidesOpen.delete(name)
    if (sidesOpen.size > 0) return
    open.delete(recording)
    onFinished(recording)
  }

  return {
    async record(recording, leg, signal) {
      signal.throwIfAborted()
      open.set(recording, new Set(sides.map((side) => `${recording}-${side}`)))
      const both = Promise.all(sides.map((side) => recordSide(`${recording}-${side}`, recording, side, leg)))
      try {
        begun(recording, await unlessAborted(both, signal))
      } catch (thrown) {
        // What has ended by then has ended: only the rest is waited for.
        void both
          .then((results) => begun(recording, results))
          .catch(() => open.delete(recording))
          .then(() => hangUp(recording).catch(() => {}))
        throw thrown
      }
    },

    async stop(recording) {
      await hangUp(recording)
    },

    async take(recording, file, signal) {
      const [voice, partner] = await Promise.all(
        sides.map((side) =>
          ari.fetchFile(`recordings/stored/${encodeURIComponent(`${recording}-${side}`)}/file`, signal),
        ),
      )
      if (!voice && !partner) {
        throw new CallbusError('EXCHANGE_REFUSED', {
          request: 'takeRecording',
          status: 404,
          reason: 'no such recording',
        })
      }
      const { wav, seconds } = toStereo(partner, voice)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(`${file}.part`, wav, { signal })
      await rename(`${file}.part`, file)
      await Promise.all(
        sides.map((side) =>
          commands.ask(
            'control',
            'DELETE',
            `recordings/stored/${encodeURIComponent(`${recording}-${side}`)}`,
          ),
        ),
      )
      return { seconds }
    },

    snoopStarted: (snoop) => starting.get(snoop)?.(true),
    snoopGone: (snoop) => starting.get(snoop)?.(false),

    ended,

    async sweep(live) {
      const stored = (await commands.read<StoredRecording[]>('recordings/stored')) ?? []
      for (const recording of new Set(stored.map(({ name }) => recordingOf(name)))) {
        if (!recording || sides.some((side) => live.has(`${recording}-${side}`))) continue
        open.delete(recording)
        onFinished(recording)
      }
    },
  }
}

function recordingOf(name: string): string | undefined {
  return /^(.+)-(?:in|out)$/.exec(name)?.[1]
}

/** The listening channels among all. */
export function toSnoops(channels: readonly Channel[]): ReadonlySet<string> {
  return new Set(channels.filter(({ name }) => name.startsWith('Snoop/')).map(({ id }) => id))
}
