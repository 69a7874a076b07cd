/** `kill -9` while two talk. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openWorld, type RecoveryWorld, stranger } from './process.ts'

async function talk(world: RecoveryWorld) {
  const { callbus } = world
  const phone = await world.phone('101', { answers: 'at once', says: 600 })
  await callbus.start()
  const caller = await world.ring(stranger, 1000)
  const operator = await phone.rung()
  await callbus.callBecomes('talking')
  await bothHear(caller, operator)
  await until(() => callbus.facts('call.recording-started').length === 1, { what: 'the recording' })
  return { caller, operator }
}

type Talk = Awaited<ReturnType<typeof talk>>

async function bothHear(caller: Talk['caller'], operator: Talk['operator']) {
  await Promise.all([
    caller.hears(600, { since: caller.mark() }),
    operator.hears(1000, { since: operator.mark() }),
  ])
}

for (const way of ['they dial us', 'we dial'] as const) {
  for (const leaver of ['caller', 'operator'] as const) {
    test(`a talk goes on while Callbus is dead and after it, until the ${leaver} leaves (${way})`, {
      skip: needs.asterisk(),
    }, async (t) => {
      const world = await openWorld(t, { way })
      const { callbus } = world
      const people = await talk(world)
      const { caller, operator } = people
      const [before] = await callbus.liveCalls()

      await callbus.kill()
      await bothHear(caller, operator)
      t.diagnostic(`ready ${await callbus.start()} ms after the start`)

      await bothHear(caller, operator)
      const after = await callbus.callBecomes('talking')
      assert.deepEqual(after, before, 'the same call as before')
      assert.equal(caller.state, 'up')

      const [leaving, staying] = leaver === 'caller' ? [caller, operator] : [operator, caller]
      await leaving.hangUp()
      await staying.ended()
      await until(async () => (await callbus.recordings())[0]?.state === 'stored', {
        what: 'the recording to be stored',
      })
      await until(() => callbus.facts('call.recorded').length > 0, { what: 'that to be told' })
      await world.nothingIsLeft()

      assert.equal((await callbus.recordings()).length, 1)
      const ended = callbus.calls()
      assert.deepEqual(
        ended.map(({ result }) => result),
        ['answered'],
      )
      assert.ok(ended[0]?.answered_at, 'when it was answered is still known')
      const names = callbus.allFacts().map(({ name }) => name)
      const count = (name: string) => names.filter((each) => each === name).length
      assert.equal(count('call.ended'), 1)
      assert.equal(count('call.talk-ended'), 1)
      assert.equal(count('call.recording-started'), 1)
      assert.equal(count('call.recorded'), 1)
      assert.equal(count('call.failed'), 0)
      assert.deepEqual(
        callbus.facts('call.offered').map(({ data }) => data.again ?? false),
        [false, true],
      )
      assert.deepEqual(
        callbus.facts('call.talking').map(({ data }) => data.again ?? false),
        [false, true],
      )
    })
  }
}
