import type { Channel } from './channel.ts'
import type { Playback } from './playback.ts'

export interface BridgeFacts {
  id: string
  name: string
  /** `mixing` or `holding`, with attributes: `mixing,dtmf_events`. */
  type: string
  createdAt: string
}

/** Where channels hear each other (mixing) or wait together (holding). */
export class Bridge {
  readonly id: string
  readonly name: string
  readonly attributes: readonly string[]
  readonly channels = new Set<Channel>()
  readonly playbacks = new Set<Playback>()
  music: string | undefined
  readonly #createdAt: string
  readonly #life = new AbortController()

  constructor(facts: BridgeFacts) {
    this.id = facts.id
    this.name = facts.name
    this.attributes = facts.type.split(',')
    this.#createdAt = facts.createdAt
  }

  get life(): AbortSignal {
    return this.#life.signal
  }

  get isHolding(): boolean {
    return this.attributes.includes('holding')
  }

  hasPartnerOf(channel: Channel): boolean {
    return !this.isHolding && [...this.channels].some((other) => other !== channel && !other.snoopOf)
  }

  end(): void {
    this.#life.abort()
  }

  toJson() {
    return {
      id: this.id,
      technology: this.isHolding ? 'holding_bridge' : this.channels.size > 2 ? 'softmix' : 'simple_bridge',
      bridge_type: this.isHolding ? 'holding' : 'mixing',
      bridge_class: 'stasis',
      creator: 'Stasis',
      name: this.name,
      channels: [...this.channels].map(({ id }) => id),
      creationtime: this.#createdAt,
      video_mode: 'talker',
    }
  }
}
