import type { Channel } from './channel.ts'
import type { Exchange } from './exchange.ts'
import { Party } from './party.ts'
import type { Phone, PhoneBook } from './phones.ts'
import { Refusal } from './refusal.ts'

export interface Origination {
  id?: string
  /** `PJSIP/101`, `PJSIP/380671234567@trunk`, `Local/101@from-internal`. */
  endpoint: string
  app: string
  appArgs: string[]
  callerId: string
  /** Seconds; below zero for ever. */
  timeout: number
  variables: Record<string, string>
}

interface Destination {
  tech: string
  number: string
  phone: Phone | undefined
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** `"Taxi" <+380441234567>` or a bare number. */
function toCallerId(text: string): { name: string; number: string } {
  const [, name = '', number = ''] = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(text) ?? []
  return number ? { name, number } : { name: '', number: text }
}

/** Calls out to the phones of the simulated world. */
export class Dialing {
  readonly #exchange: Exchange
  readonly phones: PhoneBook
  readonly #destinations = new WeakMap<Channel, Destination>()

  constructor(exchange: Exchange, phones: PhoneBook) {
    this.#exchange = exchange
    this.phones = phones
  }

  /** One step: the program meets the channel only once it is answered. */
  originate(order: Origination): Channel {
    const destination = this.#find(order.endpoint)
    const channel = this.#make(order, destination)
    if (order.app) {
      channel.watchers.add(order.app)
      channel.appWhenAnswered = { app: order.app, args: order.appArgs }
    }
    const snapshot = { channels: [channel] }
    this.#exchange.emit(snapshot, { type: 'ChannelCreated', channel: channel.toJson() })
    void this.#ring(channel, destination, order.timeout)
    return channel
  }

  /** First of two steps: the channel is in the program, down, and rings nobody yet. */
  create(order: Omit<Origination, 'timeout'>): Channel {
    const destination = this.#find(order.endpoint)
    const channel = this.#make(order, destination)
    channel.watchers.add(order.app)
    this.#destinations.set(channel, destination)
    this.#exchange.emit({ channels: [channel] }, { type: 'ChannelCreated', channel: channel.toJson() })
    this.#exchange.enter(channel, order.app, order.appArgs)
    return channel
  }

  /** Second of two steps. */
  dial(channel: Channel, timeout: number): void {
    const destination = this.#destinations.get(channel)
    if (!destination || channel.state !== 'Down')
      throw new Refusal(409, 'Channel not in the right state to dial')
    void this.#ring(channel, destination, timeout)
  }

  #find(endpoint: string): Destination {
    const [, tech = '', number = '', at] = /^(\w+)\/([^@/]+)(@.*)?$/.exec(endpoint) ?? []
    const phone = this.phones.find(number)
    const isKnown = tech === 'Local' || (tech === 'PJSIP' && (phone !== undefined || at !== undefined))
    if (!isKnown) throw new Refusal(500, 'Allocation failed')
    return { tech: `${tech}/${at && tech === 'PJSIP' ? at.slice(1) : number}`, number, phone }
  }

  #make(order: Omit<Origination, 'timeout'>, { tech, number, phone }: Destination): Channel {
    const channel = this.#exchange.addChannel({
      ...(order.id ? { id: order.id } : {}),
      tech,
      state: 'Down',
      caller: { name: '', number },
      connected: toCallerId(order.callerId),
      dialplan: { context: 'from-internal', exten: '' },
    })
    for (const [name, value] of Object.entries(order.variables)) channel.variables.set(name, value)
    channel.dialplan.app_name = 'AppDial2'
    channel.dialplan.app_data = '(Outgoing Line)'
    const party = new Party(channel)
    phone?.expect(party)
    return channel
  }

  async #ring(channel: Channel, { phone }: Destination, timeout: number): Promise<void> {
    await nextTurn()
    this.#tell(channel, '')
    if (!phone) return this.#fail(channel, 'NOANSWER', 1, 404)
    channel.onUnanswered = () => this.#tell(channel, 'NOANSWER')
    const obstacle = phone.obstacle
    if (obstacle === 'unreachable') return this.#fail(channel, 'CHANUNAVAIL', 20, 480)
    if (obstacle === 'busy') return this.#fail(channel, 'BUSY', 17, 486)
    this.#exchange.setState(channel, 'Ringing')
    this.#tell(channel, 'RINGING')

    const stopTimer =
      timeout < 0
        ? () => undefined
        : this.#exchange.clock.after((timeout || 30) * 1000, () => void this.#giveUp(channel))
    channel.life.addEventListener('abort', stopTimer, { once: true })
    phone.ring(channel, {
      answer: () => {
        stopTimer()
        this.#answer(channel)
      },
      reject: () => void this.#fail(channel, 'NOANSWER', 21, 603),
    })
  }

  #answer(channel: Channel): void {
    if (channel.isGone || channel.state === 'Up') return
    channel.onUnanswered = undefined
    this.#exchange.setState(channel, 'Up')
    this.#tell(channel, 'ANSWER')
    const { appWhenAnswered } = channel
    if (appWhenAnswered) this.#exchange.enter(channel, appWhenAnswered.app, appWhenAnswered.args)
  }

  async #giveUp(channel: Channel): Promise<void> {
    if (channel.state === 'Up' || channel.isGone) return
    await this.#exchange.end(channel, 19, { techCause: 480 })
  }

  async #fail(channel: Channel, status: string, cause: number, techCause: number): Promise<void> {
    if (channel.isGone) return
    this.#exchange.announceEnd(channel, { cause, tech_cause: techCause })
    this.#tell(channel, status)
    const staysDown = channel.app !== undefined
    if (!staysDown) await this.#exchange.end(channel, cause, { techCause })
  }

  #tell(channel: Channel, dialstatus: string): void {
    if (channel.isGone) return
    this.#exchange.emit(
      { channels: [channel] },
      {
        type: 'Dial',
        dialstatus,
        dialstring: channel.caller.number,
        forward: '',
        forwarded: '',
        peer: channel.toJson(),
      },
    )
  }
}
