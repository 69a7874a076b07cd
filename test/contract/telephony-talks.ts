/** The promise of the telephony port about two who talk, and about those who hold, listen and record. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { energyOf, readChannels } from '../support/audio.ts'
import { until } from '../support/until.ts'
import {
  answered,
  makeFolder,
  makeSound,
  never,
  nothingIsLeft,
  promptly,
  reached,
  speakAWhile,
  talking,
} from './telephony-scenes.ts'
import type { House } from './telephony-world.ts'

export function talkContract(
  promise: (title: string, keep: (house: House, t: TestContext) => Promise<void>) => void,
): void {
  promise('two people talk until one leaves, and the other stays ours', async (house, t) => {
    const { caller, leg, operator, operatorLeg } = await talking(house, 'talk-1')
    await Promise.all([caller.hears(operator), operator.hears(caller)])
    await operator.hangUp()
    await house.events.next('leg.left-talk', (event) => event.leg === operatorLeg && event.talk === 'talk-1')
    await house.events.next('leg.ended', (event) => event.leg === operatorLeg)
    await house.port.part('talk-1')
    const sound = await makeSound(t, { seconds: 0.6, hertz: 900 })
    await house.port.play(leg, [sound], never)
    await until(() => caller.heard([sound]).length > 0, { what: 'the one who stayed to hear a sound' })
    await house.port.hangUp(leg, 'normal')
    await caller.ended()
    await nothingIsLeft(house)
  })

  promise('a talk begins in the middle of an announcement and of music', async (house, t) => {
    const { caller, leg } = await answered(house)
    const { operator, operatorLeg } = await reached(house)
    const long = await makeSound(t, { seconds: 30 })
    await house.port.startMusic(leg, 'default')
    const stop = new AbortController()
    const played = house.port.play(leg, [long], stop.signal)
    await caller.hears(long)
    stop.abort(new Error('an operator is here'))
    await assert.rejects(played)
    await promptly(house.port.join('talk-1', [leg, operatorLeg], never))
    await Promise.all([caller.hears(operator), operator.hears(caller)])
  })

  promise('parted people stay alive and ours', async (house) => {
    const { leg, operatorLeg } = await talking(house, 'talk-1')
    await house.port.part('talk-1')
    const isOver = async () => (await house.port.survey(never)).talks.length === 0
    await until(isOver, { what: 'the talk to be over' })
    const { legs } = await house.port.survey(never)
    assert.deepEqual(legs.map((one) => one.leg).sort(), [leg, operatorLeg].sort())
    assert.ok(legs.every(({ talk }) => talk === undefined))
    await house.port.part('talk-1')
  })

  promise('a leg moves from one talk to another', async (house) => {
    const { caller, leg, operatorLeg } = await talking(house, 'talk-1')
    const second = await reached(house)
    await house.port.join('talk-2', [leg, second.operatorLeg], never)
    await Promise.all([caller.hears(second.operator), second.operator.hears(caller)])
    const { legs } = await house.port.survey(never)
    const talkOf = (wanted: string) => legs.find((one) => one.leg === wanted)?.talk
    assert.deepEqual([talkOf(leg), talkOf(second.operatorLeg)], ['talk-2', 'talk-2'])
    assert.equal(talkOf(operatorLeg), 'talk-1')
    assert.ok(house.events.of(leg).every((told) => told !== 'leg.ended'))
  })

  promise('a held leg hears music alone, the talk stays, and it comes back', async (house) => {
    const { caller, leg, operator, operatorLeg } = await talking(house, 'talk-1')
    await house.port.hold(leg, 'default', never)
    await Promise.all([
      caller.hears('music'),
      house.events.next('leg.left-talk', (event) => event.leg === leg),
    ])
    assert.ok(house.events.of(leg).every((told) => told !== 'leg.ended'))
    await house.port.join('talk-1', [leg, operatorLeg], never)
    await Promise.all([caller.hears(operator), operator.hears(caller)])
  })

  promise('whoever is held can hang up, and the other goes on', async (house) => {
    const { caller, leg, operator, operatorLeg } = await talking(house, 'talk-1')
    await house.port.hold(leg, 'default', never)
    await caller.hangUp()
    await house.events.next('leg.ended', (event) => event.leg === leg)
    await house.port.hold(operatorLeg, 'default', never)
    await operator.hears('music')
    await house.port.hangUp(operatorLeg, 'normal')
    await operator.ended()
    await house.port.part('talk-1')
    await nothingIsLeft(house)
  })

  promise(
    'who listens hears both and nobody hears him; whispering one does, barging both do',
    async (house) => {
      const { caller, leg, operator, operatorLeg } = await talking(house, 'talk-1')
      const { operator: supervisor, operatorLeg: ear } = await reached(house)
      await house.port.snoop(ear, operatorLeg, 'listen', never)
      await Promise.all([supervisor.hears(caller), supervisor.hears(operator)])
      await Promise.all([caller.hearsNot(supervisor), operator.hearsNot(supervisor)])

      await house.port.snoop(ear, operatorLeg, 'whisper', never)
      await Promise.all([operator.hears(supervisor), supervisor.hears(caller), operator.hears(caller)])
      await Promise.all([caller.hearsNot(supervisor), caller.hears(operator)])

      await house.port.snoop(ear, operatorLeg, 'barge', never)
      await Promise.all([caller.hears(supervisor), operator.hears(supervisor), supervisor.hears(caller)])
      await Promise.all([caller.hears(operator), operator.hears(caller), supervisor.hears(operator)])

      await house.port.hold(operatorLeg, 'default', never)
      await house.port.join('talk-1', [leg, ear], never)
      await Promise.all([supervisor.hears(caller), caller.hears(supervisor)])
      for (const one of [leg, operatorLeg, ear]) await house.port.hangUp(one, 'normal')
      await supervisor.ended()
      await house.port.part('talk-1')
      await nothingIsLeft(house)
    },
  )

  promise('whom somebody listens to can leave, and the listener stays ours', async (house) => {
    const { leg, operator, operatorLeg } = await talking(house, 'talk-1')
    const { operator: supervisor, operatorLeg: ear } = await reached(house)
    await house.port.snoop(ear, operatorLeg, 'listen', never)
    await supervisor.hears(operator)
    await operator.hangUp()
    await house.events.next('leg.ended', (event) => event.leg === operatorLeg)
    assert.ok(house.events.of(ear).every((told) => told !== 'leg.ended'))
    await house.port.snoop(ear, leg, 'listen', never)
    await supervisor.hangUp()
    await house.port.hangUp(leg, 'normal')
    await house.port.part('talk-1')
    await nothingIsLeft(house)
  })

  promise('both sides of a talk are recorded apart and taken away', async (house, t) => {
    const { caller, leg, operator } = await talking(house, 'talk-1')
    if (!house.port.capabilities.recordsBothSides) return
    const recording = `recording-${randomUUID()}`
    await house.port.record(recording, leg, never)
    await Promise.all([caller.hears(operator), operator.hears(caller)])
    await speakAWhile()
    await house.port.stopRecording(recording)
    await house.events.next('recording.finished', (event) => event.recording === recording)
    const file = join(await makeFolder(t), 'talk.wav')
    const { seconds } = await house.port.takeRecording(recording, file, never)
    assert.ok(seconds > 0)
    const [left, right, ...more] = readChannels(file)
    assert.ok(left && energyOf(left) > 0.005, 'the partner is on the left')
    assert.ok(right && energyOf(right) > 0.005, 'the caller is on the right')
    assert.deepEqual(more, [])
    await assert.rejects(house.port.takeRecording(recording, file, never), 'it was removed there')
    await house.port.hangUp(leg, 'normal')
    await operator.hangUp()
    await house.port.part('talk-1')
    await nothingIsLeft(house)
  })

  promise('a recording ends with its leg', async (house, t) => {
    const { caller, leg, operator } = await talking(house, 'talk-1')
    if (!house.port.capabilities.recordsBothSides) return
    const recording = `recording-${randomUUID()}`
    await house.port.record(recording, leg, never)
    await speakAWhile()
    await caller.hangUp()
    await house.events.next('recording.finished', (event) => event.recording === recording)
    await house.port.takeRecording(recording, join(await makeFolder(t), 'talk.wav'), never)
    await operator.hangUp()
    await house.port.part('talk-1')
    await nothingIsLeft(house)
  })
}
