/** What only a real Asterisk can prove: the guard, the island, a power cut, another program. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { realClock } from '#core/clock.ts'
import { type AsteriskOptions, islandTone, musicTone, startAsterisk } from '../../test/asterisk/instance.ts'
import { openAsteriskHouse } from '../../test/contract/asterisk-house.ts'
import type { World } from '../../test/contract/telephony-world.ts'
import { needs } from '../../test/support/needs.ts'
import { openPhone, ring } from '../../test/support/sip/sip-phone.ts'
import { openAri } from './ari/ari.ts'

const skip = needs.asterisk()
const never = new AbortController().signal
/** The people are reached through their telephones here. */
const nobody: World = {
  ring: () => Promise.reject(new Error('not used')),
  phone: () => Promise.reject(new Error('not used')),
  alive: () => Promise.reject(new Error('not used')),
}

async function open(t: TestContext, options: AsteriskOptions = {}) {
  const asterisk = await startAsterisk(options)
  t.after(() => asterisk[Symbol.asyncDispose]())
  const { ariUrl: url, user: username, password } = asterisk
  const house = await openAsteriskHouse(
    { url, username, password, guardSeconds: options.guard ?? 60 },
    nobody,
  )
  t.after(() => house.close())

  async function offered() {
    const caller = await ring({ asterisk, from: '+380671112233', to: '+380441234567' })
    t.after(() => caller[Symbol.asyncDispose]())
    const { leg } = await house.events.next('leg.offered')
    return { caller, leg }
  }
  return { asterisk, house, offered }
}

test('a caller who waits with us outlives the guard', { skip, timeout: 60_000 }, async (t) => {
  const { house, offered } = await open(t, { guard: 2 })
  const { caller, leg } = await offered()
  await house.port.answer(leg, never)
  await house.port.startMusic(leg, 'default')
  // Two guards long: time itself is what is tested.
  await realClock.sleep(4000)
  assert.equal(caller.state, 'up')
  await caller.hears(musicTone, { since: caller.mark() })
  await house.port.hangUp(leg, 'normal')
  await caller.ended()
})

test('a caller we leave alone reaches the island', { skip, timeout: 60_000 }, async (t) => {
  const { house, offered } = await open(t, { guard: 2 })
  const { caller, leg } = await offered()
  await house.port.answer(leg, never)
  await house.close()
  await caller.hears(islandTone)
})

test('a power cut of the exchange ends every leg once it is back', { skip, timeout: 60_000 }, async (t) => {
  const { asterisk, house, offered } = await open(t)
  const { leg } = await offered()
  await house.port.answer(leg, never)
  await asterisk.kill()
  await house.events.next('connection.changed', ({ state }) => state === 'lost')
  await asterisk.restart()
  const { because } = await house.events.next('leg.ended', (event) => event.leg === leg)
  assert.equal(because, 'the exchange was restarted')
  assert.deepEqual((await house.port.survey(never)).legs, [])
})

test('another program that takes our application is not fought', { skip, timeout: 60_000 }, async (t) => {
  const { asterisk, house } = await open(t)
  const { ariUrl: url, user, password } = asterisk
  const other = await openAri({ url, user, password, app: 'callbus', lanes: 1 })
  t.after(() => other.close())
  const { because } = await house.events.next('connection.changed', ({ state }) => state === 'lost')
  assert.equal(because, 'another program took the application over')
})

test('our client alone is enough for a program', { skip, timeout: 60_000 }, async (t) => {
  await using asterisk = await startAsterisk()
  const { ariUrl: url, user, password } = asterisk
  const ari = await openAri({ url, user, password, app: 'callbus' })
  t.after(() => ari.close())
  ari.onEvent((event) => {
    if (event.type === 'StasisStart')
      // The exchange may end before it has said that it did so.
      ari.request('POST', `channels/${event.channel.id}/answer`).catch(() => undefined)
  })
  await using caller = await ring({ asterisk, from: '+380671112233', to: '+380441234567' })
  await caller.answered()
})

test('calls leave by the outside line they name, and it is known which lines are there', {
  skip,
  timeout: 60_000,
}, async (t) => {
  const asterisk = await startAsterisk()
  t.after(() => asterisk[Symbol.asyncDispose]())
  const { ariUrl: url, user: username, password } = asterisk
  const trunks = { outside: 'PJSIP/{number}@trunk', gone: 'PJSIP/{number}@nowhere' }
  const house = await openAsteriskHouse({ url, username, password, trunks }, nobody)
  t.after(() => house.close())
  await using outside = await openPhone({ port: asterisk.trunkPort, answers: 486 })

  assert.deepEqual(await house.port.trunks(never), [
    {
      name: 'outside',
      state: 'unknown',
      because: 'nobody asks its other end; give AOR trunk a qualify_frequency',
    },
    { name: 'gone', state: 'down', because: 'the exchange has no endpoint PJSIP/nowhere' },
  ])
  const dial = (trunk: string, leg: string) =>
    house.port.dial({ leg, call: leg, to: '+380671112233', callerId: {}, ringFor: 5, trunk }, never)
  assert.equal(await dial('gone', 'cb-test-gone'), 'unreachable')
  assert.equal(await dial('nameless', 'cb-test-nameless'), 'unreachable')
  assert.equal(await dial('outside', 'cb-test-outside'), 'busy')
  assert.equal((await outside.rung()).to, '+380671112233')
})
