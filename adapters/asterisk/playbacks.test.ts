import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { openTestClock, settled } from '../../test/support/test-clock.ts'
import type { Commands } from './commands.ts'
import type { Guard } from './guard.ts'
import { newLeg } from './legs.ts'
import { openPlaybacks } from './playbacks.ts'
import { Settings } from './settings.ts'

/** A leg that hears a long sentence. */
async function openWorld(channel: object | undefined) {
  const leg = newLeg({ id: 'leg', direction: 'in', lane: 0 })
  const playbacks = openPlaybacks({
    commands: { ask: async () => 'done', read: async () => channel } as unknown as Commands,
    guard: { coverPlayback: () => undefined } as unknown as Guard,
    clock: openTestClock(),
    settings: Value.Default(Settings, {}) as Settings,
  })
  const world = { leg, playbacks, outcome: 'it plays' }
  playbacks.play(leg, [{ file: 'long', seconds: 60 } as never], new AbortController().signal).then(
    () => Object.assign(world, { outcome: 'it is over' }),
    (thrown: { code: string }) => Object.assign(world, { outcome: thrown.code }),
  )
  await settled()
  return world
}

for (const [how, because, channel] of [
  ['that has been told of', 'hung up', {}],
  ['that has not been told of yet', undefined, undefined],
] as const)
  test(`a hang-up ${how} fails the sentence, which is over when the leg has gone`, async () => {
    const world = await openWorld(channel)
    const { leg, playbacks } = world
    if (because) leg.because = because
    playbacks.ended(leg.playback?.id ?? '', 'failed')
    await settled()
    assert.equal(world.outcome, 'it plays')
    playbacks.legGone(leg)
    await settled()
    assert.equal(world.outcome, 'it is over')
  })

test('a sentence that fails while the leg is there cannot be played', async () => {
  const world = await openWorld({})
  world.playbacks.ended(world.leg.playback?.id ?? '', 'failed')
  await settled()
  assert.equal(world.outcome, 'EXCHANGE_REFUSED')
})
