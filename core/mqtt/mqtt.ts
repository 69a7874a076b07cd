/** The house on MQTT: facts and neighbours out, commands in, on a broker of the company's or an embedded one. */
import { randomUUID } from 'node:crypto'
import { connect, type MqttClient } from 'mqtt'
import type { Logger } from 'pino'
import type { CallBus } from '../call-bus/call-bus.ts'
import type { Stamped } from '../call-bus/events.ts'
import type { Clock } from '../clock.ts'
import { CallbusError } from '../errors.ts'
import type { Users } from '../users/users.ts'
import { openBroker } from './broker.ts'
import { type Command, type CommandBook, openCommandDesk, toAnswerTopic } from './commands.ts'
import { credentials } from './credentials.ts'
import { openOutbox } from './outbox.ts'
import type { MqttSettings } from './settings.ts'

export interface MqttOptions {
  settings: MqttSettings
  site: { name: string; folder: string }
  bus: Pick<CallBus, 'onAny' | 'publish'>
  commands: Pick<CommandBook, 'find'>
  users: Pick<Users, 'whoHasToken'>
  clock: Clock
  log: Logger
}

export interface Mqtt extends AsyncDisposable {
  /** Where programs find the broker. */
  readonly url: string
  readonly isConnected: boolean
  /** Messages that wait for the broker, and those given up because too many waited. */
  readonly waiting: number
  readonly lost: number
}

const neighbour = 'broker'
const firstRetry = 1_000
const slowestRetry = 30_000
const partingPatience = 2_000

/** Resolves at once, also while a broker of the company's is away: it keeps trying and reports. */
export async function openMqtt({
  settings,
  site,
  bus,
  commands,
  users,
  clock,
  log,
}: MqttOptions): Promise<Mqtt> {
  const root = `callbus/${site.name}`
  const isEmbedded = settings.url === undefined
  await using opening = new AsyncDisposableStack()

  const desk = openCommandDesk({
    commands,
    clock,
    mayWith: isEmbedded || !settings.tokensInCommands ? undefined : hasRight,
  })
  const broker = isEmbedded
    ? opening.use(await openBroker({ settings, root, users, findCommand: commands.find, clock, log }))
    : undefined
  const url = broker?.url ?? settings.url ?? ''
  const client = connect(url, {
    ...(broker ? broker.login : await credentials(settings, site.folder)),
    clientId: `callbus-${site.name}-${randomUUID().slice(0, 8)}`,
    clean: true,
    reconnectPeriod: firstRetry,
    reconnectOnConnackError: true,
    will: { topic: `${root}/status`, payload: Buffer.from('offline'), qos: 1, retain: true },
  })
  const outbox = openOutbox({
    send: broker
      ? broker.publish
      : ({ payload, retain, topic }) => client.publishAsync(topic, payload, { qos: 1, retain }),
    keepAtMost: settings.keepAtMost,
    onLost: () =>
      log.warn(
        { keepAtMost: settings.keepAtMost },
        'Too many messages wait for the broker; the oldest are given up',
      ),
  })

  let state: 'connecting' | 'connected' | 'lost' | undefined
  function report(next: 'connecting' | 'connected' | 'lost', because?: string): void {
    if (state === next) return
    state = next
    bus.publish('connection.changed', { neighbour, state: next, ...(because !== undefined && { because }) })
  }

  async function hasRight(token: string, right: Command['right']): Promise<boolean> {
    const identity = await users.whoHasToken(token)
    return Boolean(identity?.rights.has('commands.send') && identity.rights.has(right))
  }

  client.on('connect', () => {
    client.options.reconnectPeriod = firstRetry
    client.subscribe(`${root}/command/+`, { qos: 1 }, (error) => {
      if (error) log.error({ reason: error.message }, 'The broker does not let us hear commands')
    })
    outbox.put({ topic: `${root}/status`, payload: 'online', retain: true })
    outbox.open()
    report('connected')
  })
  client.on('close', () => {
    outbox.close()
    client.options.reconnectPeriod = Math.min(
      slowestRetry,
      (client.options.reconnectPeriod ?? firstRetry) * 2,
    )
    if (!client.disconnecting) lose('the connection was closed')
  })
  client.on('error', (error) => lose(error.message))

  function lose(reason: string): void {
    if (state === 'lost') return
    const { code, message } = new CallbusError('BROKER_UNREACHABLE', { reason })
    log.warn({ code, url: withoutLogin(url) }, message)
    report('lost', reason)
  }

  client.on('message', (topic, payload, packet) => {
    const name = topic.slice(`${root}/command/`.length)
    // What the broker kept is an order of another day.
    if (packet.retain) return void log.warn({ command: name.slice(0, 100) }, 'A retained command was ignored')
    desk
      .answer(name, payload)
      .then((answer) => {
        const isNamed = commands.find(name) !== undefined
        if (answer.error)
          log.warn({ command: name.slice(0, 100), code: answer.error.code }, 'A command was refused')
        const topic = toAnswerTopic(root, { name, isNamed }, answer)
        outbox.put({ topic, payload: JSON.stringify(answer), retain: false })
      })
      .catch((thrown: unknown) => log.error({ err: thrown }, 'A command could not be answered'))
  })

  const stopListening = bus.onAny((fact: Stamped) => {
    if (!broker || broker.isHeard())
      outbox.put({ topic: `${root}/fact/${fact.name}`, payload: JSON.stringify(fact), retain: false })
    if (fact.name !== 'connection.changed') return
    const { neighbour: name, ...rest } = fact.data
    const place = name.replaceAll(/[+#/\s]/g, '-')
    outbox.put({
      topic: `${root}/neighbour/${place}`,
      payload: JSON.stringify({ ...rest, at: fact.at }),
      retain: true,
    })
  })

  report('connecting')

  const owned = opening.move()
  return {
    url,
    get isConnected() {
      return client.connected
    },
    get waiting() {
      return outbox.waiting
    },
    get lost() {
      return outbox.lost
    },

    async [Symbol.asyncDispose]() {
      stopListening()
      if (client.connected) {
        outbox.put({ topic: `${root}/status`, payload: 'offline', retain: true })
        await Promise.race([outbox.emptied(), pause(client)])
      }
      await client.endAsync(!client.connected)
      await owned.disposeAsync()
    },
  }
}

/** A broker that no longer answers must not hold up the stop. */
function pause(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, partingPatience)
    timer.unref()
    client.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
