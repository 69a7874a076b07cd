import type { Bridge } from './bridge.ts'
import type { Party } from './party.ts'
import type { Playback } from './playback.ts'

export type ChannelState = 'Down' | 'Ring' | 'Ringing' | 'Up'

/** Something the channel's own thread does in its turn. */
interface Job {
  run(): Promise<void> | void
  /** The channel ended before its turn came. */
  drop(): void
}

export interface ChannelFacts {
  id: string
  name: string
  state: ChannelState
  caller: { name: string; number: string }
  connected?: { name: string; number: string }
  dialplan: { context: string; exten: string }
  createdAt: string
}

/** One leg. Its thread runs queued commands in order; a playback or a recording holds the thread until it ends. */
export class Channel {
  readonly id: string
  readonly name: string
  state: ChannelState
  readonly caller: { name: string; number: string }
  readonly connected: { name: string; number: string }
  readonly dialplan: { context: string; exten: string; priority: number; app_name: string; app_data: string }
  readonly variables = new Map<string, string>()
  /** Programs that hear of this channel for its whole life. */
  readonly watchers = new Set<string>()
  readonly snoops = new Set<Channel>()
  /** The program it is in. */
  app: string | undefined
  /** Where its dialling program will have it once it is answered. */
  appWhenAnswered: { app: string; args: string[] } | undefined
  snoopOf: { target: Channel; spy: string; whisper: string } | undefined
  bridge: Bridge | undefined
  playback: Playback | undefined
  music: string | undefined
  party: Party | undefined
  /** A phone that rings: says that nobody took it up. */
  onUnanswered: (() => void) | undefined
  /** Takes back the absolute time-out. */
  guard: (() => void) | undefined
  readonly #createdAt: string
  readonly #life = new AbortController()
  readonly #jobs: Job[] = []
  #working: Promise<void> | undefined

  constructor(facts: ChannelFacts) {
    this.id = facts.id
    this.name = facts.name
    this.state = facts.state
    this.caller = facts.caller
    this.connected = facts.connected ?? { name: '', number: '' }
    this.dialplan = { ...facts.dialplan, priority: 1, app_name: '', app_data: '' }
    this.#createdAt = facts.createdAt
  }

  /** Aborts when the channel ends. */
  get life(): AbortSignal {
    return this.#life.signal
  }

  get isGone(): boolean {
    return this.#life.signal.aborted
  }

  /** Queues work that nobody waits for. */
  queue(run: Job['run'], drop: Job['drop'] = () => undefined): void {
    if (this.isGone) {
      drop()
      return
    }
    this.#jobs.push({ run, drop })
    this.#working ??= this.#work()
  }

  /** Queues work and resolves once it was done, or once the channel has ended instead. */
  perform(run: () => void): Promise<'done' | 'gone'> {
    const { promise, resolve, reject } = Promise.withResolvers<'done' | 'gone'>()
    this.queue(
      () => {
        try {
          run()
          resolve('done')
        } catch (thrown) {
          reject(thrown)
        }
      },
      () => resolve('gone'),
    )
    return promise
  }

  /** Ends what runs and drops what waits. */
  async end(): Promise<void> {
    this.guard?.()
    this.#life.abort()
    for (const job of this.#jobs.splice(0)) job.drop()
    await this.#working
  }

  toJson() {
    return {
      id: this.id,
      protocol_id: this.snoopOf ? '' : `${this.id}@exchange`,
      name: this.name,
      state: this.state,
      caller: { ...this.caller },
      connected: { ...this.connected },
      accountcode: '',
      dialplan: { ...this.dialplan },
      creationtime: this.#createdAt,
      language: 'en',
    }
  }

  async #work(): Promise<void> {
    await Promise.resolve()
    try {
      for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) await job.run()
    } finally {
      this.#working = undefined
    }
  }
}
