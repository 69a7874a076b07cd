/** The promise of the telephony port, kept on every exchange: the simulated one and the real one. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { DialOutcome, Telephony } from '#core/ports/telephony.ts'
import { until } from '../support/until.ts'
import {
  answered,
  line,
  makeSound,
  never,
  nothingIsLeft,
  offer,
  orderTo,
  passenger,
  promptly,
  talking,
} from './telephony-scenes.ts'
import { talkContract } from './telephony-talks.ts'
import type { Habit, House, OpenHouse, Sound } from './telephony-world.ts'

export function telephonyContract(
  name: string,
  open: OpenHouse,
  { skip = false }: { skip?: string | false } = {},
): void {
  function promise(title: string, keep: (house: House, t: TestContext) => Promise<void>): void {
    test(`${name}: ${title}`, { skip, timeout: 60_000 }, async (t) => keep(await open(t), t))
  }

  for (const [verb, ask] of Object.entries(verbs)) {
    promise(`${verb} settles promptly when its signal has aborted already`, async (house, t) => {
      const { caller, leg } = await offer(house)
      const { to } = await house.world.phone('rings on')
      const sound = await makeSound(t, { seconds: 20 })
      const signal = AbortSignal.abort(new Error('too late'))
      await promptly(Promise.allSettled([ask(house.port, { leg, to, sound, signal })]))
      await house.port.hangUp(leg, 'normal')
      await caller.ended()
      await nothingIsLeft(house)
    })

    promise(`${verb} settles promptly when its signal aborts and leaves nothing behind`, async (house, t) => {
      const { caller, leg } = await answered(house)
      const { to } = await house.world.phone('rings on')
      const sound = await makeSound(t, { seconds: 20 })
      const stop = new AbortController()
      const asked = ask(house.port, { leg, to, sound, signal: stop.signal })
      setImmediate(() => stop.abort(new Error('enough')))
      await promptly(Promise.allSettled([asked]))
      await house.port.hangUp(leg, 'normal')
      await caller.ended()
      await nothingIsLeft(house)
    })
  }

  promise('a call is offered with who calls and whom', async ({ world, events }) => {
    const before = Date.now() - 60_000
    await world.ring({ from: passenger, to: line })
    const offered = await events.next('leg.offered')
    assert.equal(offered.from?.replace('+', ''), passenger.replace('+', ''))
    assert.equal(offered.to, line)
    assert.ok(offered.at > before)
  })

  promise('a withheld number is offered as no number', async ({ world, events }) => {
    await world.ring({ to: line })
    assert.equal((await events.next('leg.offered')).from, undefined)
  })

  promise('a caller is answered, hears everything in order, and is hung up', async (house, t) => {
    const { caller, leg } = await answered(house)
    const sounds = [
      await makeSound(t, { seconds: 0.6, hertz: 500 }),
      await makeSound(t, { seconds: 0.6, hertz: 900 }),
      await makeSound(t, { seconds: 0.6, hertz: 1300 }),
    ]
    await house.port.play(leg, sounds, never)
    await until(() => caller.heard(sounds).length >= 3, { what: 'three sounds to be heard' })
    assert.deepEqual(caller.heard(sounds), ['tone-500', 'tone-900', 'tone-1300'])
    await house.port.hangUp(leg, 'normal')
    await caller.ended()
    await house.events.next('leg.ended', (event) => event.leg === leg)
    await nothingIsLeft(house)
  })

  promise('what is played is cut short by its signal, and the next is heard at once', async (house, t) => {
    const { caller, leg } = await answered(house)
    const long = await makeSound(t, { seconds: 30, hertz: 500 })
    const short = await makeSound(t, { seconds: 0.6, hertz: 900 })
    const stop = new AbortController()
    const reason = new Error('a key was pressed')
    const played = house.port.play(leg, [long, long], stop.signal)
    await caller.hears(long)
    stop.abort(reason)
    await assert.rejects(promptly(played), reason)
    await until(async () => (await house.world.alive()).playbacks === 0, { what: 'no playback to be left' })
    await house.port.play(leg, [short], never)
    await until(() => caller.heard([long, short]).includes('tone-900'), { what: 'the next to be heard' })
    assert.deepEqual(caller.heard([long, short]), ['tone-500', 'tone-900'])
  })

  promise('a missing sound does not hold the caller up', async (house, t) => {
    const { leg } = await answered(house)
    const sound = await makeSound(t, { seconds: 0.3 })
    const missing = { ...sound, file: `${sound.file}-missing.wav` }
    await promptly(Promise.allSettled([house.port.play(leg, [missing], never)]))
  })

  promise('keys work while something is played', async (house, t) => {
    const { caller, leg } = await answered(house)
    const long = await makeSound(t, { seconds: 30 })
    const stop = new AbortController()
    const played = house.port.play(leg, [long], stop.signal)
    await caller.hears(long)
    await caller.press('5')
    const pressed = await house.events.next('key.pressed')
    assert.deepEqual([pressed.leg, pressed.key], [leg, '5'])
    stop.abort(new Error('pressed'))
    await assert.rejects(played)
  })

  promise('music is heard until it is stopped, and comes back after an announcement', async (house, t) => {
    const { caller, leg } = await answered(house)
    const announcement = await makeSound(t, { seconds: 0.6, hertz: 900 })
    await house.port.startMusic(leg, 'default')
    await caller.hears('music')
    await house.port.play(leg, [announcement], never)
    await until(() => caller.heard([announcement]).length > 0, { what: 'the announcement over the music' })
    await caller.hears('music')
    await house.port.stopMusic(leg)
  })

  const outcomes: [Habit, DialOutcome][] = [
    ['answers', 'answered'],
    ['busy', 'busy'],
    ['rings on', 'no-answer'],
    ['rejects', 'rejected'],
    ['unknown number', 'invalid'],
  ]
  for (const [habit, outcome] of outcomes) {
    promise(`dialling a phone that ${saidOf[habit]} is told as ${outcome}`, async (house) => {
      const { to } = await house.world.phone(habit)
      const order = orderTo(to, { ringFor: habit === 'rings on' ? 1 : 20 })
      assert.equal(await house.port.dial(order, never), outcome)
      if (outcome === 'answered') await house.port.hangUp(order.leg, 'normal')
      await nothingIsLeft(house)
    })
  }

  promise('dialling what is no address at all is told as invalid', async (house) => {
    assert.equal(await house.port.dial(orderTo('no such/thing & more'), never), 'invalid')
    await nothingIsLeft(house)
  })

  promise('dialling is cancelled by its signal while the phone rings', async (house) => {
    const phone = await house.world.phone('rings on')
    const stop = new AbortController()
    const dialled = house.port.dial(orderTo(phone.to), stop.signal)
    const operator = await phone.rung()
    stop.abort(new Error('another took it'))
    assert.equal(await promptly(dialled), 'cancelled')
    await operator.ended()
    await nothingIsLeft(house)
  })

  promise(
    'a phone that is told to answer does so though nobody lifts it, and both are heard',
    async (house) => {
      const { caller, leg } = await answered(house)
      const phone = await house.world.phone('rings on')
      assert.ok(house.port.capabilities.tellsToAnswer(phone.to))
      assert.ok(!house.port.capabilities.tellsToAnswer(passenger))
      const order = orderTo(phone.to, { answersItself: true })
      const [outcome, operator] = await Promise.all([house.port.dial(order, never), phone.rung()])
      assert.equal(outcome, 'answered')
      await house.port.join('talk-1', [leg, order.leg], never)
      await Promise.all([caller.hears(operator), operator.hears(caller)])
      for (const one of [leg, order.leg]) await house.port.hangUp(one, 'normal')
      await house.port.part('talk-1')
      await nothingIsLeft(house)
    },
  )
  talkContract(promise)

  promise('a hang-up while something is played settles it and leaves nothing', async (house, t) => {
    const { caller, leg } = await answered(house)
    const long = await makeSound(t, { seconds: 30 })
    const played = house.port.play(leg, [long, long], never)
    await caller.hears(long)
    await caller.hangUp()
    await promptly(Promise.allSettled([played]))
    await house.events.next('leg.ended', (event) => event.leg === leg)
    await nothingIsLeft(house)
  })

  promise('a hang-up before the answer is told', async (house) => {
    const { caller, leg } = await offer(house)
    await caller.hangUp()
    await house.events.next('leg.ended', (event) => event.leg === leg)
    await nothingIsLeft(house)
  })

  promise('a hang-up in music and in a recording leaves nothing', async (house) => {
    const { caller, leg } = await answered(house)
    await house.port.startMusic(leg, 'default')
    await house.port.record(`recording-${randomUUID()}`, leg, never)
    await caller.hangUp()
    await house.events.next('leg.ended', (event) => event.leg === leg)
    await nothingIsLeft(house)
  })

  promise('every verb about a leg that has gone settles as if it were done', async (house, t) => {
    const { caller, leg } = await answered(house)
    await caller.hangUp()
    await house.events.next('leg.ended', (event) => event.leg === leg)
    const sound = await makeSound(t, { seconds: 0.3 })
    const { port } = house
    await promptly(
      Promise.all([
        port.answer(leg, never),
        port.play(leg, [sound], never),
        port.startMusic(leg, 'default'),
        port.stopMusic(leg),
        port.join('talk-1', [leg], never),
        port.hold(leg, 'default', never),
        port.snoop(leg, 'no such leg', 'listen', never),
        port.stopRecording('no such recording'),
        port.hangUp(leg, 'normal'),
        port.release(leg),
      ]),
    )
    await port.part('talk-1')
    await nothingIsLeft(house)
  })

  promise('each leg is told of in order, and its end once', async (house) => {
    const { caller, leg } = await answered(house)
    for (const key of ['1', '2', '3']) await caller.press(key)
    await house.events.next('key.pressed', (event) => event.key === '3')
    await caller.hangUp()
    await house.events.next('leg.ended', (event) => event.leg === leg)
    await nothingIsLeft(house)
    const told = house.events.of(leg)
    assert.deepEqual(told, ['leg.offered', 'key.pressed', 'key.pressed', 'key.pressed', 'leg.ended'])
    const keys = house.events.all.flatMap((event) => (event.name === 'key.pressed' ? [event.key] : []))
    assert.deepEqual(keys, ['1', '2', '3'])
  })

  promise('after our restart a survey lists legs and talks, and the talk went on', async (house) => {
    const { caller, leg, operator, operatorLeg, to } = await talking(house, 'talk-1')
    const waiting = await offer(house, '+380501234567')
    const phone = await house.world.phone('rings on')
    const ringing = orderTo(phone.to, { call: 'call-2', onBehalfOf: waiting.leg })
    house.port.dial(ringing, never).catch(() => undefined)
    const called = await phone.rung()
    const { port, events } = await house.restart()
    const { legs, talks } = await port.survey(never)
    assert.deepEqual(talks, ['talk-1'])
    const found = (wanted: string) => legs.find((one) => one.leg === wanted)
    assert.deepEqual(
      [leg, operatorLeg, waiting.leg].map((one) => [
        found(one)?.direction,
        found(one)?.state,
        found(one)?.talk,
      ]),
      [
        ['in', 'up', 'talk-1'],
        ['out', 'up', 'talk-1'],
        ['in', 'ringing', undefined],
      ],
    )
    assert.equal(found(leg)?.to, line)
    assert.equal(found(leg)?.from?.replace('+', ''), passenger.replace('+', ''))
    assert.equal(found(operatorLeg)?.call, 'call-1')
    assert.equal(found(operatorLeg)?.to, to)
    const { state, call, to: rung } = found(ringing.leg) ?? {}
    assert.deepEqual({ state, call, rung }, { state: 'ringing', call: 'call-2', rung: phone.to })
    await Promise.all([caller.hears(operator), operator.hears(caller)])
    await caller.hangUp()
    await events.next('leg.ended', (event) => event.leg === leg)
    await waiting.caller.hangUp()
    await port.hangUp(ringing.leg, 'normal')
    await called.ended()
    await operator.hangUp()
    await port.part('talk-1')
    await nothingIsLeft(house)
  })

  promise('a released caller goes on at the island', async (house) => {
    const { caller, leg } = await answered(house)
    await house.port.release(leg)
    await caller.hears('island')
    await caller.hangUp()
    await nothingIsLeft(house)
  })
}

interface Asked {
  leg: string
  /** A phone that rings on. */
  to: string
  sound: Sound
  signal: AbortSignal
}

/** Every verb that takes a signal. */
const verbs: Record<string, (port: Telephony, asked: Asked) => Promise<unknown>> = {
  survey: (port, { signal }) => port.survey(signal),
  answer: (port, { leg, signal }) => port.answer(leg, signal),
  play: (port, { leg, sound, signal }) => port.play(leg, [sound], signal),
  dial: (port, { leg, to, signal }) => port.dial({ ...orderTo(to), onBehalfOf: leg }, signal),
  join: async (port, { leg, signal }) => {
    await port.join('talk-aborted', [leg], signal).catch(() => undefined)
    await port.part('talk-aborted')
  },
  hold: (port, { leg, signal }) => port.hold(leg, 'default', signal),
  snoop: (port, { leg, signal }) => port.snoop(leg, leg, 'listen', signal),
  record: (port, { leg, signal }) => port.record(`recording-${randomUUID()}`, leg, signal),
  takeRecording: (port, { signal }) =>
    port.takeRecording('nothing', join(tmpdir(), 'never-written.wav'), signal),
}

const saidOf: Record<Habit, string> = {
  answers: 'answers',
  busy: 'is busy',
  'rings on': 'nobody takes up',
  rejects: 'rejects',
  'unknown number': 'does not exist',
}
