/** What programs of the company find on MQTT, whichever broker it is. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { IClientOptions } from 'mqtt'
import type { MqttSettings } from '#core/mqtt/settings.ts'
import { openProgram, openTestMqtt } from '../support/test-mqtt.ts'
import { until } from '../support/until.ts'

type House = Awaited<ReturnType<typeof openTestMqtt>>

export interface BrokerUnderTest extends AsyncDisposable {
  settings: Partial<MqttSettings>
  /** How a program signs in to this broker. */
  login(token: string): IClientOptions
}

export function mqttContract(name: string, open: () => Promise<BrokerUnderTest>): void {
  describe(`MQTT on ${name}`, () => {
    async function openBoth(topics: string[]) {
      const stack = new AsyncDisposableStack()
      const broker = stack.use(await open())
      const house: House = stack.use(await openTestMqtt(broker.settings))
      await until(() => house.mqtt.isConnected, { what: 'the house to be connected' })
      const token = await house.token('facts.read', 'phones.read', 'commands.send')
      const program = stack.use(await openProgram(house.mqtt.url, topics, broker.login(token)))
      return { broker, house, token, program, [Symbol.asyncDispose]: () => stack.disposeAsync() }
    }

    it('facts go out under their names', async () => {
      await using both = await openBoth(['callbus/taxi/fact/#'])
      both.house.bus.publish('call.key-pressed', { call: 'c1', key: '9' })
      const topic = 'callbus/taxi/fact/call.key-pressed'
      const message = await until(() => both.program.find(topic), { what: topic })
      const { data, name, at } = JSON.parse(message.payload)
      assert.deepEqual(
        { data, name, at, retain: message.retain },
        {
          data: { call: 'c1', key: '9' },
          name: 'call.key-pressed',
          at: both.house.clock.now(),
          retain: false,
        },
      )
    })

    it('who comes later still learns that the house and its neighbours are there, and when it leaves', async () => {
      await using both = await openBoth(['callbus/taxi/status', 'callbus/taxi/neighbour/+'])
      both.house.bus.publish('connection.changed', { neighbour: 'asterisk', state: 'connected' })
      const status = () => both.program.find('callbus/taxi/status')?.payload
      await until(() => status() === 'online', { what: 'online' })
      const neighbour = await until(() => both.program.find('callbus/taxi/neighbour/asterisk'), {
        what: 'asterisk',
      })
      assert.equal(JSON.parse(neighbour.payload).state, 'connected')

      await using late = await openProgram(
        both.house.mqtt.url,
        ['callbus/taxi/#'],
        both.broker.login(both.token),
      )
      const kept = await until(() => late.find('callbus/taxi/neighbour/asterisk'), { what: 'the kept state' })
      assert.equal(kept.retain, true)

      if (both.broker.settings.url === undefined) return
      await both.house[Symbol.asyncDispose]()
      await until(() => status() === 'offline', { what: 'offline' })
    })

    it('a command is carried out once and answered, also when it comes twice', async () => {
      await using both = await openBoth(['callbus/taxi/command/+/answer/+'])
      const { house, program, token } = both
      const send = (payload: object) =>
        program.client.publishAsync(
          'callbus/taxi/command/call.hang-up',
          JSON.stringify({ token, ...payload }),
          { qos: 1 },
        )
      const answerTo = async (id: string) => {
        const topic = `callbus/taxi/command/call.hang-up/answer/${id}`
        return JSON.parse((await until(() => program.find(topic), { what: topic })).payload)
      }
      await send({ id: 'a', call: 'c1' })
      assert.deepEqual(await answerTo('a'), { id: 'a' })
      await send({ id: 'a', call: 'c1' })
      await send({ id: 'b', call: 'gone' })
      assert.equal((await answerTo('b')).error.code, 'NOT_FOUND')
      assert.deepEqual(house.hungUp, ['c1'])
      await send({ id: 'c' })
      assert.equal((await answerTo('c')).error.code, 'COMMAND_INVALID')
    })

    it('a command that the broker kept is not carried out', async () => {
      await using both = await openBoth(['callbus/taxi/command/+/answer/+'])
      if (both.broker.settings.url === undefined) return
      const topic = 'callbus/taxi/command/call.hang-up'
      const payload = JSON.stringify({ id: 'old', call: 'c1', token: both.token })
      await both.house[Symbol.asyncDispose]()
      await both.program.client.publishAsync(topic, payload, { qos: 1, retain: true })
      await using again = await openTestMqtt(both.broker.settings)
      await until(() => again.lines.some((line) => line.msg === 'A retained command was ignored'), {
        what: 'the log line',
      })
      assert.deepEqual(again.hungUp, [])
    })
  })
}
