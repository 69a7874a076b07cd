import type { Clock } from '#core/clock.ts'
import { fileSeconds, wavSeconds } from './sound.ts'

export interface PlaybackFacts {
  id: string
  media: readonly string[]
  target: string
  language: string
}

export interface PlaybackServices {
  clock: Clock
  /** Seconds of a stored recording. */
  recordingSeconds(name: string): number | undefined
  emit(type: 'PlaybackStarted' | 'PlaybackContinuing' | 'PlaybackFinished', playback: Playback): void
  heard(media: string): void
}

type Length = number | 'endless' | 'missing' | 'unknown scheme'

/** Media played one after another to a channel or a bridge. */
export class Playback {
  readonly id: string
  readonly #facts: PlaybackFacts
  readonly #services: PlaybackServices
  readonly #stopped = new AbortController()
  #turn = new AbortController()
  #media: string
  #next: string | undefined
  #finished = false
  state: 'queued' | 'playing' | 'paused' | 'continuing' | 'done' | 'failed' = 'queued'

  constructor(facts: PlaybackFacts, services: PlaybackServices) {
    this.id = facts.id
    this.#facts = facts
    this.#services = services
    this.#media = facts.media[0] ?? ''
    this.#next = facts.media[1]
  }

  /** Plays until the end, a stop or the end of whom it is played to. */
  async run(life: AbortSignal): Promise<void> {
    const over = AbortSignal.any([life, this.#stopped.signal])
    let outcome: 'done' | 'failed' = 'done'
    for (const [index, media] of this.#facts.media.entries()) {
      if (over.aborted) break
      this.#media = media
      this.#next = this.#facts.media[index + 1]
      if (index > 0) this.#emit('continuing', 'PlaybackContinuing')
      this.#start()
      const length = await this.#measure(media)
      if (length === 'unknown scheme') return
      outcome = length === 'missing' ? 'failed' : 'done'
      if (length === 'missing') continue
      if (!over.aborted) this.#services.heard(media)
      await this.#last(length === 'endless' ? undefined : length * 1000, over)
    }
    this.#finish(life.aborted && !this.#stopped.signal.aborted ? 'failed' : outcome)
  }

  /** Stopped by a program; it reads like a normal end. A queued one finishes in its turn, without starting. */
  stop(): void {
    this.#stopped.abort()
  }

  /** Its channel ended before its turn came. */
  fail(): void {
    const isStopped = this.#stopped.signal.aborted
    if (!isStopped) this.#start()
    this.#finish(isStopped ? 'done' : 'failed')
  }

  pause(): void {
    this.state = 'paused'
    this.#turn.abort()
  }

  unpause(): void {
    if (this.state !== 'paused') return
    this.#emit('playing', 'PlaybackStarted')
    this.#turn.abort()
  }

  toJson() {
    return {
      id: this.id,
      media_uri: this.#media,
      ...(this.#next ? { next_media_uri: this.#next } : {}),
      target_uri: this.#facts.target,
      language: this.#facts.language,
      state: this.state,
    }
  }

  #start(): void {
    this.#emit('playing', 'PlaybackStarted')
  }

  #finish(state: 'done' | 'failed'): void {
    if (this.#finished) return
    this.#finished = true
    this.#emit(state, 'PlaybackFinished')
  }

  #emit(state: Playback['state'], type: 'PlaybackStarted' | 'PlaybackContinuing' | 'PlaybackFinished'): void {
    this.state = state
    this.#services.emit(type, this)
  }

  /** Lets the medium last, pauses not counted. */
  async #last(milliseconds: number | undefined, over: AbortSignal): Promise<void> {
    const { clock } = this.#services
    let left = milliseconds ?? 24 * 3_600_000
    while (left > 0 && !over.aborted) {
      this.#turn = new AbortController()
      const isPaused = this.state === 'paused'
      const from = clock.now()
      await clock
        .sleep(isPaused ? 3_600_000 : left, AbortSignal.any([over, this.#turn.signal]))
        .catch(() => undefined)
      if (!isPaused) left = this.#turn.signal.aborted ? left - (clock.now() - from) : 0
    }
  }

  async #measure(media: string): Promise<Length> {
    const [, scheme = '', rest = ''] = /^(\w+):(.*)$/.exec(media) ?? []
    switch (scheme) {
      case 'sound':
        return (await soundSeconds(rest)) ?? 'missing'
      case 'recording':
        return this.#services.recordingSeconds(rest) ?? 'missing'
      case 'tone':
        return 'endless'
      case 'number':
      case 'digits':
      case 'characters':
        return rest.length * 0.5
      default:
        return 'unknown scheme'
    }
  }
}

async function soundSeconds(name: string): Promise<number | undefined> {
  const silence = /^silence\/(\d+)$/.exec(name)
  if (silence) return Number(silence[1])
  if (name.startsWith('/')) return fileSeconds(name)
  if (!/^https?:/.test(name)) return stockSounds[name]
  try {
    const answer = await fetch(name)
    return answer.ok ? wavSeconds(Buffer.from(await answer.arrayBuffer())) : undefined
  } catch {
    return undefined
  }
}

/** The few sounds of the exchange's own set that programs use. */
const stockSounds: Record<string, number> = {
  beep: 0.3,
  'hello-world': 1.3,
  'tt-monkeys': 16,
  'vm-goodbye': 0.7,
  'demo-congrats': 30,
  'queue-thankyou': 3,
}
