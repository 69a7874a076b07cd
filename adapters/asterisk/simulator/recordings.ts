import type { Clock } from '#core/clock.ts'
import { Refusal } from './refusal.ts'
import { toneWav } from './sound.ts'

const writers = ['wav', 'wav16', 'WAV', 'gsm', 'sln16', 'ulaw', 'alaw', 'g722', 'sln']

export interface LiveRecording {
  name: string
  format: string
  target: string
  state: 'queued' | 'recording' | 'paused' | 'done' | 'canceled' | 'failed'
  startedAt: number
  stop: AbortController
  seconds?: number
  cause?: string
}

interface StoredRecording {
  format: string
  seconds: number
  target: string
}

export type RecordingEvent = 'RecordingStarted' | 'RecordingFinished' | 'RecordingFailed'

/** What is being recorded and what lies in the spool. */
export class Recordings {
  readonly live = new Map<string, LiveRecording>()
  readonly #stored = new Map<string, StoredRecording>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  open(order: { name: string; format: string; target: string; ifExists: string }): LiveRecording {
    const { name, format, target, ifExists } = order
    if (!name) throw new Refusal(400, 'Recording name is required')
    if (name.includes('..')) throw new Refusal(500, 'Internal Server Error')
    if (!writers.includes(format)) throw new Refusal(422, 'Unknown format')
    if (this.live.has(name) || (this.#stored.has(name) && ifExists === 'fail')) {
      throw new Refusal(409, `Recording '${name}' already exists`)
    }
    const recording: LiveRecording = {
      name,
      format,
      target,
      state: 'queued',
      startedAt: this.#clock.now(),
      stop: new AbortController(),
    }
    this.live.set(name, recording)
    return recording
  }

  /** Records until it is stopped, its life ends or the longest time has passed. */
  async run(
    recording: LiveRecording,
    life: AbortSignal,
    longest: number,
    emit: (type: RecordingEvent, recording: LiveRecording) => void,
  ): Promise<void> {
    recording.state = 'recording'
    recording.startedAt = this.#clock.now()
    emit('RecordingStarted', recording)
    const over = AbortSignal.any([life, recording.stop.signal])
    const limit = longest > 0 ? longest * 1000 : 24 * 3_600_000
    if (!over.aborted) await this.#clock.sleep(limit, over).catch(() => undefined)
    recording.seconds = (this.#clock.now() - recording.startedAt) / 1000
    this.live.delete(recording.name)
    if (isCancelled(recording)) return
    recording.state = 'done'
    const { format, seconds, target } = recording
    this.#stored.set(recording.name, { format, seconds, target })
    emit('RecordingFinished', recording)
  }

  fail(
    recording: LiveRecording,
    cause: string,
    emit: (type: RecordingEvent, recording: LiveRecording) => void,
  ): void {
    this.live.delete(recording.name)
    recording.state = 'failed'
    recording.cause = cause
    emit('RecordingFailed', recording)
  }

  findLive(name: string): LiveRecording {
    const recording = this.live.get(name)
    if (!recording) throw new Refusal(404, 'Recording not found')
    return recording
  }

  find(name: string): StoredRecording {
    const recording = this.#stored.get(name)
    if (!recording) throw new Refusal(404, 'Recording not found')
    return recording
  }

  stored(): { name: string; format: string }[] {
    return [...this.#stored].map(([name, { format }]) => ({ name, format }))
  }

  seconds(name: string): number | undefined {
    return this.#stored.get(name)?.seconds
  }

  remove(name: string): void {
    this.find(name)
    this.#stored.delete(name)
  }

  /** A tone as long as the recording was, of a pitch by whom it was of. */
  file(name: string): Buffer {
    const { seconds, target } = this.find(name)
    const pitch = [...target].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 400
    return toneWav(Math.min(seconds, 300), 300 + pitch)
  }
}

const isCancelled = (recording: LiveRecording) => recording.state === 'canceled'

export function recordingJson(recording: LiveRecording) {
  const { name, format, state, target, seconds, cause } = recording
  return {
    name,
    format,
    state,
    target_uri: target,
    ...(seconds === undefined
      ? {}
      : { duration: Math.floor(seconds), talking_duration: Math.floor(seconds), silence_duration: 0 }),
    ...(cause === undefined ? {} : { cause }),
  }
}
