import type { Channel } from './channel.ts'

/** How far a person's call has come. `island` is the exchange's own fallback. */
export type Stage = 'ringing' | 'answered' | 'talking' | 'island' | 'ended'

/** The person at the far end of a channel: what they hear and how far they have come. */
export class Party {
  readonly channel: Channel
  /** Media in the order they began: `sound:…`, `tone:…` as the program asked for them. */
  readonly heard: string[] = []
  stage: Stage = 'ringing'
  /** Q.850, once ended. */
  cause: number | undefined
  readonly #reached = new Set<Stage>(['ringing'])
  readonly #waits: { stage: Stage; resolve(): void; reject(reason: Error): void }[] = []
  readonly #listeners: ((stage: Stage) => void)[] = []

  constructor(channel: Channel) {
    this.channel = channel
    channel.party = this
  }

  /** Music the person hears when nothing is played to them. */
  get music(): string | undefined {
    return this.channel.music
  }

  /** Whether they hear another person now. */
  get isTalking(): boolean {
    return this.channel.bridge?.hasPartnerOf(this.channel) ?? false
  }

  has(stage: Stage): boolean {
    return this.#reached.has(stage)
  }

  /** Resolves once the stage was reached, now or earlier; rejects when the call ends without it. */
  until(stage: Stage): Promise<void> {
    if (this.#reached.has(stage)) return Promise.resolve()
    if (this.stage === 'ended') return Promise.reject(endedBefore(stage))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waits.push({ stage, resolve, reject })
    return promise
  }

  onStage(listener: (stage: Stage) => void): void {
    this.#listeners.push(listener)
  }

  reach(stage: Stage): void {
    if (this.stage === 'ended') return
    this.stage = stage
    this.#reached.add(stage)
    for (const wait of this.#waits.splice(0)) {
      if (wait.stage === stage) wait.resolve()
      else if (stage === 'ended') wait.reject(endedBefore(wait.stage))
      else this.#waits.push(wait)
    }
    for (const listener of this.#listeners) listener(stage)
  }
}

const endedBefore = (stage: Stage) => new Error(`The call ended before its stage "${stage}".`)
