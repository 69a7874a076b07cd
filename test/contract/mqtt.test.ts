import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startMosquitto } from '../support/mosquitto.ts'
import { needs } from '../support/needs.ts'
import { openProgram, openTestMqtt } from '../support/test-mqtt.ts'
import { until } from '../support/until.ts'
import { mqttContract } from './mqtt.ts'

mqttContract('the embedded broker', async () => ({
  settings: {},
  login: (token) => ({ username: 'program', password: token }),
  [Symbol.asyncDispose]: async () => {},
}))

describe('Mosquitto', { skip: needs.mosquitto() }, () => {
  mqttContract('Mosquitto', async () => {
    const mosquitto = await startMosquitto()
    return {
      settings: { url: mosquitto.url },
      login: () => ({}),
      [Symbol.asyncDispose]: () => mosquitto[Symbol.asyncDispose](),
    }
  })

  mqttContract('Mosquitto with TLS and a password', async () => {
    const login = { user: 'callbus', password: 'secret' }
    const mosquitto = await startMosquitto({ tls: true, login })
    const { ca = '', caFile = '' } = mosquitto
    process.env.CALLBUS_TEST_MQTT_PASSWORD = login.password
    return {
      settings: {
        url: mosquitto.url,
        ca: caFile,
        username: login.user,
        passwordVariable: 'CALLBUS_TEST_MQTT_PASSWORD',
      },
      login: () => ({ ca, username: login.user, password: login.password }),
      [Symbol.asyncDispose]: () => mosquitto[Symbol.asyncDispose](),
    }
  })

  it('facts wait while the broker is away, and arrive in order when it is back', async () => {
    await using mosquitto = await startMosquitto()
    await using house = await openTestMqtt({ url: mosquitto.url })
    await until(() => house.mqtt.isConnected, { what: 'the house to be connected' })
    await mosquitto.kill()
    await until(() => house.states.at(-1) === 'lost', { what: 'the loss to be reported' })
    assert.ok(house.lines.some((line) => line.code === 'BROKER_UNREACHABLE'))

    for (const key of '12345') house.bus.publish('call.key-pressed', { call: 'c1', key })
    await mosquitto.restart()
    await using program = await openProgram(mosquitto.url, ['callbus/taxi/fact/call.key-pressed'])
    await until(() => program.heard.length >= 5, { what: 'five facts' })
    assert.deepEqual(program.heard.map(({ payload }) => JSON.parse(payload).data.key).join(''), '12345')
    assert.equal(house.states.at(-1), 'connected')
  })

  it('a command without a token or with a weak one is refused', async () => {
    await using mosquitto = await startMosquitto()
    await using house = await openTestMqtt({ url: mosquitto.url })
    await until(() => house.mqtt.isConnected, { what: 'the house to be connected' })
    await using program = await openProgram(mosquitto.url, ['callbus/taxi/command/+/answer/+'])
    const refusal = async (id: string, token?: string) => {
      const payload = JSON.stringify({ id, call: 'c1', token })
      await program.client.publishAsync('callbus/taxi/command/call.hang-up', payload, { qos: 1 })
      const topic = `callbus/taxi/command/call.hang-up/answer/${id}`
      return JSON.parse((await until(() => program.find(topic), { what: topic })).payload).error.code
    }
    assert.equal(await refusal('a'), 'NOT_SIGNED_IN')
    assert.equal(await refusal('b', 'cb_guessed'), 'RIGHT_MISSING')
    assert.equal(await refusal('c', await house.token('facts.read')), 'RIGHT_MISSING')
    assert.deepEqual(house.hungUp, [])
  })
})
