/**
 * The broker of a house that has none of its own: aedes, on loopback. A program signs in with a token as its
 * password; it hears what the token may read and asks for what the token may do, nobody else is let in.
 */
import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { CallbusError } from '../errors.ts'
import { toAuthority } from '../http/authority.ts'
import { toPortTaken } from '../http/port-holder.ts'
import { maskPhones } from '../masking.ts'
import { newSecret } from '../users/secrets.ts'
import type { Identity, Users } from '../users/users.ts'
import { type Command, toAnswerTopic, toRefusal } from './commands.ts'
import type { Message } from './outbox.ts'

export interface Broker extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** How the house itself signs in. */
  readonly login: { username: string; password: string }
  /** Whether anybody else is connected, or left word to be told later. */
  isHeard(): boolean
  /** Hands it to whoever listens, without a way over the network. */
  publish(message: Message): Promise<void>
}

interface BrokerParts {
  settings: { host: string; port: number }
  /** `callbus/<site>`. */
  root: string
  users: Pick<Users, 'whoHasToken'>
  findCommand(name: string): Command | undefined
  clock: Clock
  log: Logger
}

interface Guest {
  token: string
  identity: Identity
  lookedUpAt: number
}

const ourName = 'callbus'
/** Milliseconds after which who listens is looked up again: a token may have been withdrawn. */
const lookUpEvery = 15_000

export async function openBroker({
  settings,
  root,
  users,
  findCommand,
  clock,
  log,
}: BrokerParts): Promise<Broker> {
  const ourPassword = newSecret()
  /** Who each connection is; the house itself has `'house'`. */
  const guests = new WeakMap<Client, Guest | 'house'>()

  function lookUpAgain(client: Client, guest: Guest): void {
    if (clock.now() < guest.lookedUpAt + lookUpEvery) return
    guest.lookedUpAt = clock.now()
    users.whoHasToken(guest.token).then(
      (identity) => {
        if (identity) guest.identity = identity
        else client.close()
      },
      () => {
        // The database is away for a moment: the guest stays who it was.
      },
    )
  }

  /** A connection closed for it would be opened again and the command sent again, for ever: it is answered. */
  function refuse(packet: { topic: string; payload: Buffer | string }, name: string, right: string): void {
    const error = new CallbusError('RIGHT_MISSING', { right })
    log.warn({ command: name.slice(0, 100), code: error.code, right }, 'A command was refused')
    const answer = toRefusal(Buffer.from(packet.payload), error)
    const topic = toAnswerTopic(root, { name, isNamed: findCommand(name) !== undefined }, answer)
    void publish({ topic, payload: JSON.stringify(answer), retain: false }).catch(() => undefined)
    packet.topic = nowhere
    packet.payload = ''
  }

  const nowhere = `${root}/refused`

  const aedes = await Aedes.createBroker({
    drainTimeout: 10_000,
    connectTimeout: 10_000,

    authenticate(client, username, password, done) {
      const secret = password?.toString() ?? ''
      if (username === ourName && isSame(secret, ourPassword)) {
        guests.set(client, 'house')
        return done(null, true)
      }
      users.whoHasToken(secret).then(
        (identity) => {
          if (!identity) return done(refusal(), false)
          guests.set(client, { token: secret, identity, lookedUpAt: clock.now() })
          done(null, true)
        },
        () => done(refusal(), false),
      )
    },

    authorizePublish(client, packet, done) {
      const { topic, retain } = packet
      const guest = client && guests.get(client)
      if (guest === 'house' || !client) return done(null)
      const name = topic.startsWith(`${root}/command/`) ? topic.slice(root.length + '/command/'.length) : ''
      if (!guest || !name || name.includes('/') || retain) return done(new Error('only commands may be sent'))

      const wanted = ['commands.send', findCommand(name)?.right ?? 'commands.send'] as const
      users.whoHasToken(guest.token).then(
        (now) => {
          const missing = wanted.find((right) => !now?.rights.has(right))
          if (missing) refuse(packet, name, missing)
          done(null)
        },
        () => done(new Error('cannot be looked up')),
      )
    },

    authorizeSubscribe(client, subscription, done) {
      const guest = guests.get(client)
      const isOurs = subscription.topic.startsWith(`${root}/`)
      // `null` refuses the subscription and keeps the connection.
      done(null, guest === 'house' || (guest && isOurs) ? subscription : null)
    },

    authorizeForward(client, packet) {
      const guest = guests.get(client)
      if (guest === 'house') return packet
      const path = packet.topic.slice(root.length + 1)
      if (!guest || packet.topic === nowhere || /^command\/[^/]*$/.test(path)) return null
      lookUpAgain(client, guest)
      const { rights } = guest.identity
      if (path.startsWith('fact/') && !rights.has('facts.read')) return null
      if (rights.has('phones.read')) return packet
      return { ...packet, payload: Buffer.from(maskPhones(packet.payload.toString())) }
    },
  })
  function publish({ payload, retain, topic }: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = { cmd: 'publish', qos: 1, dup: false, retain, topic, payload } as const
      aedes.publish(packet, (error) => (error ? reject(error) : resolve()))
    })
  }

  const listeners = new Set<Client>()
  /** A guest with a session that outlives its connection is owed what it misses. */
  let isOwed = false
  aedes.on('client', (client) => {
    if (guests.get(client) === 'house') return
    listeners.add(client)
    isOwed ||= !client.clean
  })
  aedes.on('clientDisconnect', (client) => listeners.delete(client))
  for (const event of ['clientError', 'connectionError'] as const) {
    aedes.on(event, (client, error) =>
      log.warn({ client: client.id, reason: error.message }, 'An MQTT client was refused'),
    )
  }

  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    aedes.handle(socket)
  })
  const { host } = settings
  const listening = once(server, 'listening')
  server.listen(settings.port, host)
  try {
    await listening
  } catch (thrown) {
    aedes.close()
    throw await toPortTaken(thrown, { host, port: settings.port })
  }
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : settings.port

  return {
    port,
    url: `mqtt://${toAuthority(host, port)}`,
    login: { username: ourName, password: ourPassword },

    isHeard: () => isOwed || listeners.size > 0,

    publish,

    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      await new Promise<void>((resolve) => aedes.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function refusal(): AuthenticateError {
  // 5 in the words of MQTT 3.1.1: not authorized.
  return Object.assign(new Error('unknown token'), { returnCode: 5 })
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
