import type { Bridge } from './bridge.ts'
import type { Channel } from './channel.ts'

/** An event as it goes over the wire, before the exchange has stamped it. */
export type AriEvent = { type: string } & Record<string, unknown>
type Pattern = { type: string } & Record<string, unknown>

/** Whom an event is about: decides which programs hear of it. */
export interface Subjects {
  channels?: readonly Channel[]
  bridges?: readonly Bridge[]
}

/** One connected program's end of a WebSocket. */
export interface EventSocket {
  send(frame: string): void
}

/** A program registered with the exchange under a name. */
export class Application {
  readonly name: string
  /** Asterisk dials the program: the registration outlives the socket and events wait for it. */
  readonly persistent: boolean
  readonly subscriptions = new Set<string>()
  allowed: Pattern[] = []
  disallowed: Pattern[] = []
  subscribeAll = false
  #socket: EventSocket | undefined
  #waiting: string[] = []

  constructor(name: string, persistent: boolean) {
    this.name = name
    this.persistent = persistent
  }

  get socket(): EventSocket | undefined {
    return this.#socket
  }

  /** Whether `Stasis()` would let a call in. */
  get isActive(): boolean {
    return this.persistent || this.#socket !== undefined
  }

  attach(socket: EventSocket): void {
    this.#socket = socket
    for (const frame of this.#waiting.splice(0)) socket.send(frame)
  }

  detach(): void {
    this.#socket = undefined
  }

  hears({ channels = [], bridges = [] }: Subjects): boolean {
    if (this.subscribeAll) return true
    return (
      channels.some((channel) => this.#owns(channel) || this.subscriptions.has(`channel:${channel.id}`)) ||
      bridges.some(
        (bridge) =>
          this.subscriptions.has(`bridge:${bridge.id}`) ||
          [...bridge.channels].some((one) => one.app === this.name),
      )
    )
  }

  deliver(event: AriEvent): void {
    if (this.allowed.length > 0 && !this.allowed.some((pattern) => matches(event, pattern))) return
    if (this.disallowed.some((pattern) => matches(event, pattern))) return
    const frame = JSON.stringify({ ...event, application: this.name })
    if (this.#socket) this.#socket.send(frame)
    else if (this.persistent) this.#waiting.push(frame)
  }

  #owns(channel: Channel): boolean {
    return channel.app === this.name || channel.watchers.has(this.name)
  }
}

function matches(event: AriEvent, pattern: Pattern): boolean {
  return Object.entries(pattern).every(([key, value]) => event[key] === value)
}
