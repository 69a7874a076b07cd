/** Callbus lives, and Asterisk restarts or the network between them is cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { musicTone } from '../asterisk/instance.ts'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { openWorld, stranger } from './process.ts'

const skip = needs.asterisk()

for (const way of ['they dial us', 'we dial'] as const) {
  test(`Asterisk restarts: its calls are closed, the connection returns, a new call is served (${way})`, {
    skip,
  }, async (t) => {
    const world = await openWorld(t, { way, phones: ['101'] })
    const { asterisk, callbus } = world
    const phone = await world.phone('101', { answers: 'at once', says: 600 })
    await callbus.start()
    await world.ring(stranger, 1000)
    await callbus.callBecomes('talking')
    phone.answers = 'never'
    await world.ring('+380509998877')
    await callbus.callBecomes('waiting')

    await asterisk.kill()
    await asterisk.restart()
    await until(() => callbus.calls().every(({ ended_at }) => ended_at !== null), {
      what: 'the calls to be closed',
    })
    assert.deepEqual(
      callbus.calls().map(({ result, because }) => [result, because]),
      [
        ['answered', 'the exchange was restarted'],
        ['lost', 'the exchange was restarted'],
      ],
    )
    await until(() => callbus.facts('connection.changed').at(-1)?.data.state === 'connected', {
      what: 'the connection to return',
    })
    phone.answers = 'at once'
    const caller = await world.ring('+380509998866', 1000)
    await caller.hears(600)
    await caller.hangUp()
    await world.nothingIsLeft()
    assert.equal(callbus.facts('call.ended').length, 3)
  })

  test(`the connection is cut and comes back, twice in a row: calls go on, missed hang-ups are closed (${way})`, {
    skip,
  }, async (t) => {
    const world = await openWorld(t, { way, phones: ['101'], isCuttable: true })
    const { callbus } = world
    const phone = await world.phone('101', { answers: 'at once', says: 600 })
    await callbus.start()
    const talking = await world.ring(stranger, 1000)
    await callbus.callBecomes('talking')
    phone.answers = 'never'
    const leaving = await world.ring('+380509998877')
    await until(
      async () => (await callbus.liveCalls()).filter(({ state }) => state === 'waiting').length === 1,
      {
        what: 'one to wait',
      },
    )
    const staying = await world.ring('+380509998866')
    await staying.hears(musicTone)

    const connections = () =>
      callbus
        .facts('connection.changed')
        .filter(({ data }) => data.neighbour === 'exchange' && data.state === 'connected').length
    world.cut()
    await leaving.hangUp()
    world.mend()
    await until(() => connections() === 2, { what: 'the connection to return' })
    world.cut()
    world.mend()
    await until(() => connections() === 3, { what: 'the connection to return again' })

    await until(async () => (await callbus.liveCalls()).length === 2, { what: 'the missed hang-up' })
    await talking.hears(600, { since: talking.mark() })
    await staying.hears(musicTone, { since: staying.mark() })
    phone.answers = 'at once'
    await phone.calls[0]?.hangUp()
    await talking.ended()
    await staying.hears(600, { within: 30_000 })
    await until(() => callbus.facts('call.recording-started').length === 2, { what: 'both to be recorded' })
    await staying.hangUp()
    await world.nothingIsLeft()
    assert.equal(callbus.facts('call.ended').length, 3)
    assert.equal(
      callbus.facts('call.offered').length,
      3,
      'nobody was taken over: they were ours all the time',
    )
    assert.equal(callbus.facts('call.failed').length, 0)
  })
}
