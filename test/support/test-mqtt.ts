import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { type HouseBus, openCallBus } from '#core/call-bus/call-bus.ts'
import { openDatabase } from '#core/database/database.ts'
import { houseCommands, openCommandBook } from '#core/mqtt/commands.ts'
import { type Mqtt, openMqtt } from '#core/mqtt/mqtt.ts'
import { MqttSettings } from '#core/mqtt/settings.ts'
import { checkSettings } from '#core/settings.ts'
import type { Right } from '#core/users/rights.ts'
import { openUsers } from '#core/users/users.ts'
import { openTestClock } from './test-clock.ts'
import { openTestLog } from './test-log.ts'

/** The house on MQTT with one live call, `c1`. */
export async function openTestMqtt(settings: Partial<MqttSettings> = {}) {
  const stack = new AsyncDisposableStack()
  const clock = openTestClock()
  const { log, lines } = openTestLog()
  const { kysely } = stack.use(await openDatabase({ kind: 'sqlite', file: ':memory:' }, { log }))
  const users = openUsers({ database: kysely, clock })
  const bus: HouseBus = openCallBus({ clock, log })
  const hungUp: string[] = []
  const states: string[] = []
  bus.on('connection.changed', ({ state }) => void states.push(state))

  const mqtt: Mqtt = stack.use(
    await openMqtt({
      settings: checkSettings(MqttSettings, { port: 0, ...settings }, 'mqtt'),
      site: { name: 'taxi', folder: '/' },
      bus,
      commands: openCommandBook(
        houseCommands({
          calls: {
            async hangUp(call) {
              if (call === 'c1') hungUp.push(call)
              return call === 'c1'
            },
          },
        }),
      ),
      users,
      clock,
      log,
    }),
  )

  return {
    mqtt,
    bus,
    clock,
    users,
    hungUp,
    /** What was reported of the connection. */
    states,
    lines,

    async token(...rights: Right[]): Promise<string> {
      const { id } = await users.ensureAdministrator()
      return (await users.tokens.make({ name: 'program', userId: id, rights })).secret
    },

    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** A program on the broker: what it heard, and waiting for something to be heard. */
export async function openProgram(url: string, topics: string[], options: IClientOptions = {}) {
  const heard: { topic: string; payload: string; retain: boolean }[] = []
  const client: MqttClient = await connectAsync(url, { reconnectPeriod: 50, ...options })
  client.on('message', (topic, payload, { retain }) =>
    heard.push({ topic, payload: payload.toString(), retain }),
  )
  if (topics.length) await client.subscribeAsync(topics, { qos: 1 })
  return {
    client,
    heard,
    find: (topic: string) => heard.findLast((message) => message.topic === topic),
    [Symbol.asyncDispose]: () => client.endAsync(true),
  }
}
