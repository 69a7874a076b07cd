import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { connectAsync } from 'mqtt'
import { openProgram, openTestMqtt } from '../../test/support/test-mqtt.ts'
import { until } from '../../test/support/until.ts'

test('nobody without a token is let in', async () => {
  await using house = await openTestMqtt()
  for (const login of [
    {},
    { username: 'callbus', password: 'guess' },
    { username: 'x', password: 'cb_guess' },
  ]) {
    await assert.rejects(connectAsync(house.mqtt.url, { ...login, reconnectPeriod: 0 }), /Not authorized/)
  }
})

test('a token hears what it may read, with numbers masked unless it may see them', async () => {
  await using house = await openTestMqtt()
  const open = async (...rights: Parameters<typeof house.token>) =>
    openProgram(house.mqtt.url, ['callbus/taxi/#'], { username: 'x', password: await house.token(...rights) })
  await using everything = await open('facts.read', 'phones.read')
  await using masked = await open('facts.read')
  await using nothing = await open('commands.send')

  house.bus.publish('number-list.changed', {
    list: 'black',
    phone: '+380671234567',
    change: 'added',
    by: 'core',
  })
  const topic = 'callbus/taxi/fact/number-list.changed'
  const open1 = await until(() => everything.find(topic), { what: 'the fact' })
  const masked1 = await until(() => masked.find(topic), { what: 'the masked fact' })
  assert.equal(JSON.parse(open1.payload).data.phone, '+380671234567')
  assert.equal(JSON.parse(masked1.payload).data.phone, '+380*****4567')
  await until(() => nothing.find('callbus/taxi/status'), { what: 'the status' })
  assert.equal(nothing.find(topic), undefined)
})

test('a program cannot listen outside the site, nor speak in the name of the house', async () => {
  await using house = await openTestMqtt()
  const login = { username: 'x', password: await house.token('facts.read', 'commands.send') }
  await using program = await openProgram(house.mqtt.url, [], login)
  for (const topic of ['#', '$SYS/#', 'callbus/other/#']) {
    await assert.rejects(program.client.subscribeAsync(topic), /Subscribe error/)
  }

  const closed = new Promise<void>((resolve) => program.client.once('close', resolve))
  program.client.publish('callbus/taxi/fact/call.ended', '{}', { qos: 0 })
  await closed
})

test('a command without its right is answered so and does not arrive; the connection stays', async () => {
  await using house = await openTestMqtt()
  const login = { username: 'x', password: await house.token('facts.read') }
  await using program = await openProgram(house.mqtt.url, ['callbus/taxi/#'], login)
  let isClosed = false
  program.client.once('close', () => {
    isClosed = true
  })
  const command = 'callbus/taxi/command/call.hang-up'
  await program.client.publishAsync(command, '{"id":"a","call":"c1"}', { qos: 1 })
  const { payload } = await until(() => program.find(`${command}/answer/a`), { what: 'the answer' })
  assert.equal(JSON.parse(payload).error.code, 'RIGHT_MISSING')
  await program.client.publishAsync(command, 'garbage', { qos: 1 })
  await until(() => program.find(`${command}/answer/none`), { what: 'the second answer' })
  assert.deepEqual(house.hungUp, [])
  assert.equal(isClosed, false)
  assert.deepEqual(
    program.heard.filter(({ topic }) => !/(status|neighbour\/\w+|answer\/\w+)$/.test(topic)),
    [],
  )
})

test('who listens with a token that was withdrawn meanwhile hears no more', async () => {
  await using house = await openTestMqtt()
  const password = await house.token('facts.read')
  const login = { username: 'x', password, reconnectPeriod: 0 }
  await using program = await openProgram(house.mqtt.url, ['callbus/taxi/#'], login)
  const closed = new Promise<void>((resolve) => program.client.once('close', resolve))
  for (const { id } of await house.users.tokens.list()) await house.users.tokens.withdraw(id)
  await house.clock.advance(16_000)
  house.bus.publish('number-list.changed', {
    list: 'black',
    phone: '+380671234567',
    change: 'added',
    by: 'core',
  })
  await closed
})

test('a second house on the port is told who holds it', async () => {
  await using house = await openTestMqtt()
  const port = Number(new URL(house.mqtt.url).port)
  await assert.rejects(openTestMqtt({ port }), { code: 'PORT_TAKEN' })
})

test('any bytes on the port do no harm', async () => {
  await using house = await openTestMqtt()
  const port = Number(new URL(house.mqtt.url).port)
  const hello = Buffer.from([0x10, 0x0f, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 3, 0x61, 0x62, 0x63])
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.uint8Array({ maxLength: 200 }), async (isPolite, noise) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      socket.end(isPolite ? Buffer.concat([hello, noise]) : noise)
      await once(socket, 'close')
    }),
    { numRuns: 100 },
  )
  const login = { username: 'x', password: await house.token('facts.read') }
  await using program = await openProgram(house.mqtt.url, ['callbus/taxi/status'], login)
  await until(() => program.find('callbus/taxi/status'), { what: 'the status' })
})
