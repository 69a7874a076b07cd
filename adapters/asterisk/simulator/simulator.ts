import type { Logger } from 'pino'
import type { Clock } from '#core/clock.ts'
import { bridgeRoutes } from './bridge-routes.ts'
import { openChance } from './chance.ts'
import type { Channel } from './channel.ts'
import { channelRoutes } from './channel-routes.ts'
import { Dialing } from './dialing.ts'
import { Exchange } from './exchange.ts'
import { exchangeRoutes } from './exchange-routes.ts'
import type { Faults } from './faults.ts'
import { mediaRoutes } from './media-routes.ts'
import { keepCalling, type OutboundOptions } from './outbound.ts'
import { Party } from './party.ts'
import { type Person, toPerson } from './person.ts'
import { type Phone, PhoneBook, type PhoneHabits } from './phones.ts'
import { openRequests } from './requests.ts'
import { openServer } from './server.ts'

export interface SimulatorOptions {
  clock: Clock
  log: Logger
  /** 0, the default, takes a free one. */
  port?: number
  seed?: number
  /** The program that the trunk's dialplan sends calls to. */
  app?: string
  /** Seconds of the dead-man's guard the dialplan sets; none when left out. */
  guard?: number
  /** What `asterisk/info` says. */
  version?: string
  outbound?: OutboundOptions
}

export interface RingOrder {
  /** Left out: withheld. */
  from?: string
  to: string
}

/** A simulated Asterisk: ARI on the wire, people at the far ends. */
export interface AriSimulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; ARI lives under `/ari`. */
  readonly url: string
  readonly user: string
  readonly password: string
  readonly faults: Faults
  /** Somebody calls one of our lines. */
  ring(order: RingOrder): Person
  /** The phone of that number; its habits are set anew. */
  phone(number: string, habits?: PhoneHabits): Phone
  /** What is alive in the exchange. */
  alive(): { channels: string[]; bridges: string[]; playbacks: string[]; recordings: string[] }
  /** Cuts the programs' sockets without a goodbye. */
  dropSockets(): void
  stopReading(): void
  readAgain(): void
  /** Everything in the exchange is gone at once. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startAriSimulator(options: SimulatorOptions): Promise<AriSimulator> {
  const { clock, log, app = 'callbus', guard, version = '22.10.1' } = options
  const chance = openChance(options.seed ?? 1)
  const user = 'callbus'
  const password = 'simulated'
  const exchange = new Exchange({ clock, chance, log })
  const phones = new PhoneBook({ clock, chance, person: (party) => toPerson(exchange, party) })
  const dialing = new Dialing(exchange, phones)
  exchange.onFallback = leadToIsland

  const ask = openRequests([...channelRoutes, ...bridgeRoutes, ...mediaRoutes, ...exchangeRoutes], {
    exchange,
    dialing,
    version,
  })
  const server = await openServer(exchange, ask, {
    host: '127.0.0.1',
    port: options.port ?? 0,
    user,
    password,
  })
  const outbound = options.outbound && keepCalling(exchange, ask, options.outbound)

  /** The dialplan's own queue: whoever is led here waits for a person the exchange calls by itself. */
  function leadToIsland(channel: Channel): void {
    if (channel.isGone) return
    if (channel.party === undefined || channel.appWhenAnswered) return void exchange.hangUp(channel, 16)
    channel.dialplan.app_name = 'Queue'
    channel.dialplan.app_data = 'island'
    channel.party.reach('island')
  }

  async function stop(): Promise<void> {
    outbound?.close()
    exchange.applications.clear()
    for (const channel of [...exchange.channels.values()]) await exchange.hangUp(channel, 16)
    await server.close()
  }

  return {
    url: `http://127.0.0.1:${server.port}`,
    user,
    password,
    faults: exchange.faults,

    ring({ from, to }) {
      const channel = exchange.addChannel({
        tech: 'PJSIP/trunk',
        state: 'Ring',
        caller: from === undefined ? { name: 'Anonymous', number: 'anonymous' } : { name: '', number: from },
        dialplan: { context: 'from-trunk', exten: to },
      })
      const person = toPerson(exchange, new Party(channel))
      exchange.emit({ channels: [channel] }, { type: 'ChannelCreated', channel: channel.toJson() })
      setImmediate(() => {
        if (channel.isGone) return
        if (guard !== undefined) exchange.setVariable(channel, 'TIMEOUT(absolute)', String(guard))
        exchange.enter(channel, app, ['in', to])
      })
      return person
    },

    phone: (number, habits = {}) => phones.set(number, habits),

    alive: () => ({
      channels: [...exchange.channels.keys()],
      bridges: [...exchange.bridges.keys()],
      playbacks: [...exchange.playbacks.keys()],
      recordings: [...exchange.recordings.live.keys()],
    }),

    dropSockets() {
      server.dropSockets()
      outbound?.drop()
    },
    stopReading: server.stopReading,
    readAgain: server.readAgain,
    async restart() {
      await exchange.restart()
      server.dropSockets()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
