import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectAsync } from 'mqtt'
import { startMosquitto } from './mosquitto.ts'
import { needs } from './needs.ts'

const skip = needs.mosquitto()

test('a message goes through a real Mosquitto', { skip }, async () => {
  await using broker = await startMosquitto()
  const client = await connectAsync(broker.url)
  const arrived = Promise.withResolvers<[topic: string, payload: string]>()
  client.once('message', (topic, payload) => arrived.resolve([topic, payload.toString()]))
  await client.subscribeAsync('callbus/#')
  await client.publishAsync('callbus/test/fact', 'hello', { qos: 1 })
  assert.deepEqual(await arrived.promise, ['callbus/test/fact', 'hello'])
  await client.endAsync()
})

test('Mosquitto with TLS and a password lets in only who has both', { skip }, async () => {
  const login = { user: 'callbus', password: 'secret' }
  await using broker = await startMosquitto({ tls: true, login })
  const ca = broker.ca ?? ''
  const options = { ca, reconnectPeriod: 0, username: login.user }

  await assert.rejects(connectAsync(broker.url, { ...options, password: 'wrong' }), /Not authorized/)
  await assert.rejects(
    connectAsync(broker.url, { ...options, ca: '', password: login.password }),
    /certificate/,
  )
  const client = await connectAsync(broker.url, { ...options, password: login.password })
  await client.endAsync()
})
