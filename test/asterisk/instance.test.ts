import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocketServer } from 'ws'
import { energyOf, hasTone } from '../support/audio.ts'
import { needs } from '../support/needs.ts'
import { openPhone, ring } from '../support/sip/sip-phone.ts'
import { islandTone, musicTone, startAsterisk } from './instance.ts'

const skip = needs.asterisk()
const from = '+380671234567'
const to = '+380443334455'

test('a caller reaches the island when Callbus is not there', { skip }, async () => {
  await using asterisk = await startAsterisk()
  assert.doesNotMatch(await asterisk.log(), /WARNING|ERROR/)
  await using caller = await ring({ asterisk, from, to })

  await caller.answered()
  await caller.hears(islandTone)
  assert.ok(energyOf(caller.heard()) > 0.1)
  assert.ok(!hasTone(caller.heard(), musicTone))

  await caller.hangUp()
  assert.deepEqual(await caller.ended(), { by: 'us' })
})

test('two instances run side by side and know themselves apart', { skip }, async () => {
  await using one = await startAsterisk({ name: 'one' })
  await using other = await startAsterisk({ name: 'other' })
  const entity = async (asterisk: typeof one) =>
    JSON.stringify(await asterisk.ari('GET', 'asterisk/info?only=system'))

  assert.notEqual(one.ariPort, other.ariPort)
  assert.notEqual(await entity(one), await entity(other))
})

test('an operator answers and both hear each other', { skip }, async () => {
  await using asterisk = await startAsterisk({ dialplan: toOperators })
  await using operator = await openPhone({ port: asterisk.phones['101'], says: 500 })
  await using caller = await ring({ asterisk, from, to: '101', says: 900 })

  const incoming = await operator.rung()
  await caller.ringing()
  assert.equal(incoming.from, from)
  await incoming.answer()
  await caller.answered()

  await Promise.all([caller.hears(500), incoming.hears(900)])
  await caller.press('5')
  await caller.press('7', 'rfc4733')
  await incoming.hangUp()
  assert.equal((await caller.ended()).by, 'them')
})

test('an operator refuses, rings on, and a caller who gives up stops the ringing', { skip }, async () => {
  await using asterisk = await startAsterisk({ dialplan: toOperators })
  await using operator = await openPhone({ port: asterisk.phones['101'], answers: 486 })
  await using refused = await ring({ asterisk, from, to: '101' })
  assert.equal((await refused.ended()).code, 486)

  operator.answers = 'never'
  await operator.rung()
  await using impatient = await ring({ asterisk, from: 'anonymous', to: '101' })
  const incoming = await operator.rung()
  assert.equal(incoming.from, 'anonymous')
  await impatient.hangUp()
  assert.equal((await impatient.ended()).code, 487)
  assert.equal((await incoming.ended()).code, 487)
})

test('Asterisk calls the outbound address and offers the caller there', { skip }, async () => {
  await using callbus = await openSocketServer()
  await using asterisk = await startAsterisk({ outbound: { url: callbus.url, apps: 'callbus' } })
  await using caller = await ring({ asterisk, from: 'anonymous', to })

  const { args, channel } = await callbus.next('StasisStart')
  assert.deepEqual(args, ['in', to])
  await asterisk.ari('POST', `channels/${channel.id}/answer`)
  await caller.answered()
  await caller.press('4')
  assert.equal((await callbus.next('ChannelDtmfReceived')).digit, '4')
  await caller.press('6', 'rfc4733')
  assert.equal((await callbus.next('ChannelDtmfReceived')).digit, '6')
  await asterisk.ari('POST', `channels/${channel.id}/moh`)
  await caller.hears(musicTone)
  await asterisk.ari('DELETE', `channels/${channel.id}`)
  assert.deepEqual(await caller.ended(), { by: 'them', reason: 'Q.850;cause=16' })
})

test('a killed instance comes back on the same ports', { skip }, async () => {
  await using asterisk = await startAsterisk()
  await asterisk.kill()
  await assert.rejects(asterisk.ari('GET', 'asterisk/ping'))
  await asterisk.restart()
  await asterisk.ari('GET', 'asterisk/ping')
})

const toOperators = `
[from-trunk]
exten => _X.,1,Dial(PJSIP/\${EXTEN},30)
 same => n,Hangup(\${HANGUPCAUSE})
`

interface AriEvent {
  type: string
  args: string[]
  channel: { id: string }
  digit: string
}

async function openSocketServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const events: AriEvent[] = []
  const arrivals = new EventTarget()
  server.on('connection', (socket) => {
    socket.on('message', (text) => {
      events.push(JSON.parse(text.toString()))
      arrivals.dispatchEvent(new Event('event'))
    })
  })
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The server has no port')
  return {
    url: `ws://127.0.0.1:${address.port}/`,
    async next(type: string): Promise<AriEvent> {
      const signal = AbortSignal.timeout(10_000)
      for (;;) {
        const at = events.findIndex((event) => event.type === type)
        const [event] = at < 0 ? [] : events.splice(at, 1)
        if (event) return event
        await once(arrivals, 'event', { signal })
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}
