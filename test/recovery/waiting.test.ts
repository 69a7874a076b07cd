/** `kill -9` while callers ring or wait, and what happens to those who come or go while Callbus is dead. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { islandTone, musicTone } from '../asterisk/instance.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { client, openWorld, stranger } from './process.ts'

const skip = needs.asterisk()
const ways = ['they dial us', 'we dial'] as const

for (const way of ways) {
  test(`a caller who waits while phones ring waits on from his own arrival and gets an operator (${way})`, {
    skip,
  }, async (t) => {
    const world = await openWorld(t, { way })
    const { callbus } = world
    const phones = [await world.phone('101', { says: 600 }), await world.phone('102')]
    await callbus.start()
    const caller = await world.ring(stranger, 1000)
    const orphans = await Promise.all(phones.map((phone) => phone.rung()))
    await caller.hears(musicTone)
    const before = await callbus.callBecomes('waiting')

    await callbus.kill()
    await caller.hears(musicTone, { since: caller.mark() })
    await callbus.start()
    await Promise.all(orphans.map((orphan) => orphan.ended()))
    const again = await Promise.all(phones.map((phone) => phone.rung()))
    const after = await callbus.callBecomes('waiting')
    assert.deepEqual(after, before, 'the same place since the same moment')
    await caller.hears(musicTone, { since: caller.mark() })

    const [operator] = again
    await operator?.answer()
    await callbus.callBecomes('talking')
    await caller.hears(600)
    await operator?.hears(1000)
    await again[1]?.ended()
    await operator?.hangUp()
    await caller.ended()
    await world.nothingIsLeft()
    assert.deepEqual(
      callbus.calls().map(({ result }) => result),
      ['answered'],
    )
    assert.equal(callbus.facts('call.talking').length, 1)
  })
}

test('a second restart keeps the arrival time as well, and the earlier caller is served first', {
  skip,
}, async (t) => {
  const world = await openWorld(t, { phones: ['101'] })
  const { callbus } = world
  await callbus.start()
  const first = await world.ring(stranger)
  await callbus.callBecomes('waiting')
  const second = await world.ring('+380509998877')
  const [before] = await until(
    async () => {
      const waiting = (await callbus.liveCalls()).filter(({ state }) => state === 'waiting')
      return waiting.length === 2 && [waiting.sort((one, other) => one.since - other.since)]
    },
    { what: 'two to wait' },
  )
  // What a kill may lose is what was not yet written down.
  await until(() => callbus.calls().filter(({ state }) => state === 'waiting').length === 2, {
    what: 'both to be written down as waiting',
  })
  for (const _ of [1, 2]) {
    await callbus.kill()
    await callbus.start()
    const isAsBefore = async () =>
      (await callbus.liveCalls()).filter(({ state }) => state === 'waiting').length === 2
    await until(isAsBefore, { what: 'two to wait' })
    const after = (await callbus.liveCalls()).sort((one, other) => one.since - other.since)
    assert.deepEqual(
      after.map(({ id, since }) => [id, since]),
      before.map(({ id, since }) => [id, since]),
    )
  }
  const phone = await world.phone('101', { answers: 'at once', says: 600 })
  await phone.rung(30_000)
  const talking = await callbus.callBecomes('talking')
  assert.equal(talking.id, before[0]?.id)
  await first.hangUp()
  await second.hangUp()
  await world.nothingIsLeft()
})

test('a phone that talks since before the restart is not rung for others after it', { skip }, async (t) => {
  const world = await openWorld(t, { phones: ['101'] })
  const { callbus } = world
  const phone = await world.phone('101', { answers: 'at once', says: 600 })
  await callbus.start()
  const talking = await world.ring(stranger, 1000)
  await callbus.callBecomes('talking')
  const waiting = await world.ring('+380509998877')
  await callbus.callBecomes('waiting')
  await callbus.kill()
  await callbus.start()
  await callbus.callBecomes('talking')
  await callbus.callBecomes('waiting')
  await waiting.hears(musicTone, { since: waiting.mark() })
  assert.equal(phone.calls.length, 1, 'the busy phone was left alone')

  await phone.calls[0]?.hangUp()
  await talking.ended()
  await waiting.hears(600)
  assert.equal(phone.calls.length, 2)
  await waiting.hangUp()
  await world.nothingIsLeft()
})

test('a caller who still rings is served after the restart', { skip }, async (t) => {
  const world = await openWorld(t)
  const { callbus, dispatch } = world
  await callbus.start()
  const behave = dispatch.misbehave({ delay: Number.POSITIVE_INFINITY })
  const caller = await world.ring(client)
  await until(() => callbus.calls()[0]?.state === 'ringing', { what: 'the call to be in the journal' })
  await callbus.kill()
  assert.equal(caller.state, 'ringing')
  behave()
  await callbus.start()
  await caller.hears(musicTone)
  await caller.hangUp()
  await world.nothingIsLeft()
  assert.deepEqual(
    callbus.calls().map(({ result }) => result),
    ['lost'],
  )
})

test('a caller who comes while Callbus is dead waits and is served by the next life (they dial us)', {
  skip,
}, async (t) => {
  const world = await openWorld(t)
  const { asterisk, callbus } = world
  await callbus.start()
  await callbus.kill()
  const caller = await world.ring(stranger)
  const hasty = await world.ring('+380509998877')
  await until(async () => ((await asterisk.ari('GET', 'channels')) as unknown[]).length === 2, {
    what: 'both to be at the exchange',
  })
  await hasty.hangUp()
  await callbus.start()
  await caller.hears(musicTone)
  assert.equal((await callbus.liveCalls()).length, 1)
  await caller.hangUp()
  await world.nothingIsLeft()
  const offered = callbus.facts('call.offered')
  assert.equal(offered.filter(({ data }) => data.from === stranger).length, 1)
  assert.deepEqual(new Set(callbus.calls().map(({ result }) => result)), new Set(['lost']))
  assert.equal(callbus.facts('call.ended').length, callbus.calls().length)
})

test('a caller who comes while Callbus is dead reaches the island (we dial)', { skip }, async (t) => {
  const world = await openWorld(t, { way: 'we dial' })
  const { asterisk, callbus } = world
  await callbus.start()
  await callbus.kill()
  // Asked for this one: while it goes, Asterisk cannot list them all.
  const hasNoticed = () =>
    asterisk.ari('GET', 'applications/callbus').then(
      () => false,
      (thrown: Error) => thrown.message.includes('404'),
    )
  await until(hasNoticed, { what: 'the exchange to notice' })
  const caller = await world.ring(stranger)
  await caller.hears(islandTone)
  await callbus.start()
  await caller.hears(islandTone, { since: caller.mark() })
  assert.deepEqual(await callbus.liveCalls(), [])
  await caller.hangUp()
  await world.nothingIsLeft()
})

for (const way of ways) {
  test(`who hung up while Callbus was dead is closed in the journal, and ids of facts go on (${way})`, {
    skip,
  }, async (t) => {
    const world = await openWorld(t, { way })
    const { callbus } = world
    const phone = await world.phone('101', { answers: 'at once' })
    await callbus.start()
    const talking = await world.ring(stranger)
    await callbus.callBecomes('talking')
    phone.answers = 'never'
    const waiting = await world.ring('+380509998877')
    await waiting.hears(musicTone)
    const leaving = await world.ring('+380509998866', 1000)
    await leaving.hears(musicTone)
    const before = callbus.allFacts()
    await callbus.kill()
    await talking.hangUp()
    await waiting.hangUp()
    await callbus.start()
    await leaving.hears(musicTone, { since: leaving.mark() })
    await phone.calls[0]?.ended()
    await leaving.hangUp()
    await world.nothingIsLeft()

    const facts = callbus.allFacts()
    assert.deepEqual(facts.slice(0, before.length), before, 'what was told stays as it was')
    assert.equal(new Set(facts.map(({ id }) => id)).size, facts.length)
    for (const { id, result, because } of callbus.calls()) {
      const story = facts.filter(({ data }) => 'call' in data && data.call === id).map(({ name }) => name)
      assert.equal(story.filter((name) => name === 'call.ended').length, 1)
      const after = story.slice(story.indexOf('call.ended') + 1)
      const late = ['call.recorded', 'call.operator-missed']
      assert.ok(
        after.every((name) => late.includes(name)),
        String(story),
      )
      assert.ok(because)
      assert.equal(result, story.includes('call.talking') ? 'answered' : 'lost')
      assert.equal(story.includes('call.talking'), story.includes('call.talk-ended'))
    }
  })
}

test('the partner who leaves while Callbus is dead ends the call: nobody is led back to the menu', {
  skip,
}, async (t) => {
  const world = await openWorld(t)
  const { callbus } = world
  const phone = await world.phone('101', { answers: 'at once' })
  await callbus.start()
  const caller = await world.ring(stranger)
  await callbus.callBecomes('talking')
  await callbus.kill()
  await phone.calls[0]?.hangUp()
  await callbus.start()
  await caller.ended()
  await world.nothingIsLeft()
  const names = callbus.allFacts().map(({ name }) => name)
  assert.deepEqual(names.filter((name) => name === 'call.talk-ended').length, 1)
  assert.deepEqual(
    callbus.calls().map(({ result }) => result),
    ['answered'],
  )
})

for (const way of ways) {
  test(`a caller whom nobody comes back for reaches the island, and stays there (${way})`, {
    skip,
  }, async (t) => {
    const world = await openWorld(t, { way, guard: 15 })
    const { callbus } = world
    await callbus.start()
    const caller = await world.ring(stranger)
    await caller.hears(musicTone)
    await callbus.kill()
    await caller.hears(islandTone, { within: 30_000 })
    await callbus.start()
    assert.deepEqual(await callbus.liveCalls(), [])
    await caller.hangUp()
    await world.nothingIsLeft()
  })
}

test('a caller of a frozen Callbus reaches the island, and stays there when it moves again', {
  skip,
}, async (t) => {
  const world = await openWorld(t, { guard: 15 })
  const { callbus } = world
  await callbus.start()
  const caller = await world.ring(stranger)
  await caller.hears(musicTone)
  callbus.freeze()
  await caller.hears(islandTone, { within: 30_000 })
  callbus.thaw()
  await until(async () => (await callbus.liveCalls()).length === 0, { what: 'Callbus to let him go' })
  await caller.hears(islandTone, { since: caller.mark() })
  await caller.hangUp()
  await world.nothingIsLeft()
})
