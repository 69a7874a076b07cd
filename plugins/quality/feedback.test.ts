/** Marks on their way into the dispatch program. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CallbusError } from '#core/errors.ts'
import type { DispatchVerb, Feedback } from '#core/ports/dispatch.ts'
import { everybody, minute, openQuality } from '../../test/support/quality-house.ts'
import { settled } from '../../test/support/test-clock.ts'
import { client, driver, openTown } from '../../test/support/town.ts'
import { until } from '../../test/support/until.ts'

const down = new CallbusError('DISPATCH_UNREACHABLE', { reason: 'test' })

function openProgram() {
  const town = openTown()
  const written: Feedback[] = []
  const program = { write: async (_feedback: Feedback) => {} }
  const dispatch = {
    ...town.dispatch,
    capabilities: new Set<DispatchVerb>([...(town.dispatch.capabilities ?? []), 'saveFeedback']),
    async saveFeedback(feedback: Feedback) {
      await program.write(feedback)
      written.push(feedback)
    },
  }
  return { town, written, program, dispatch }
}

async function open(t: TestContext, settings: object = everybody) {
  const { town, dispatch, ...world } = openProgram()
  const house = await openQuality(t, { settings, town, dispatch })
  return {
    ...world,
    town,
    dispatch,
    house,
    /** The client marks his driver by 5 and the dispatcher by 4. */
    async marks() {
      await house.rides()
      const him = await house.answers()
      await him.presses('5')
      await him.presses('4')
      await settled()
    },
    async dispatchIsBack() {
      house.app.bus.publish('connection.changed', { neighbour: 'dispatch', state: 'connected' })
      await settled()
    },
    told: () =>
      house.app.database
        .withTables<{ quality_marks: { told: string | null; subject: string } }>()
        .selectFrom('quality_marks')
        .select(['subject', 'told'])
        .orderBy('subject', 'desc')
        .execute(),
  }
}

test('the mark of a driver is written to the order, once', async (t) => {
  const { dispatchIsBack, marks, written } = await open(t)
  await marks()
  await until(() => written.length > 0, { what: 'the mark is written' })
  await dispatchIsBack()
  assert.deepEqual(written, [{ phone: client, mark: 5, text: `driver ${driver}: 5/5`, order: '7' }])
})

test('also that of the dispatcher where it is set, and none where nothing is', async (t) => {
  const both = await open(t, { ...everybody, writeBack: ['driver', 'dispatcher'] })
  await both.marks()
  await until(() => both.written.length === 2, { what: 'both are written' })
  assert.deepEqual(both.written.map(({ mark }) => mark).sort(), [4, 5])
  const none = await open(t, { ...everybody, writeBack: [] })
  await none.marks()
  await none.dispatchIsBack()
  assert.deepEqual(none.written, [])
})

test('marks wait while the dispatch program is away, and are written when it is back', async (t) => {
  const { dispatchIsBack, house, town, written } = await open(t)
  await house.rides()
  const him = await house.answers()
  town.breakDown(down)
  await him.presses('5')
  await settled()
  assert.deepEqual(written, [])
  town.repair()
  await dispatchIsBack()
  await until(() => written.length === 1, { what: 'the mark is written' })
})

test('a mark whose answer was lost, or that was refused, is not sent again', async (t) => {
  for (const [thrown, told] of [
    [down, 'unsure'],
    [new CallbusError('DISPATCH_REFUSED', { request: 'x', status: 9, reason: 'rating' }), 'refused'],
  ] as const) {
    const world = await open(t)
    let tries = 0
    world.program.write = async () => {
      tries += 1
      throw thrown
    }
    await world.marks()
    await until(async () => (await world.told())[0]?.told === told || undefined, { what: told })
    await world.dispatchIsBack()
    assert.equal(tries, 1, told)
  }
})

test('a kill while a mark is on its way does not send it twice', async (t) => {
  const first = await open(t)
  const answer = Promise.withResolvers<void>()
  first.program.write = () => answer.promise
  await first.marks()
  await until(async () => (await first.told())[0]?.told === 'sending', { what: 'it is on its way' })

  // To the second life the mark is on its way, as a kill leaves it: the first never hears an answer.
  const { town, dispatch, written } = openProgram()
  const { folder } = first.house.app
  await openQuality(t, { settings: everybody, town, dispatch, folder, after: 60 * minute })
  await until(async () => (await first.told())[0]?.told === 'unsure', { what: 'the second life looked' })
  assert.deepEqual(written, [])
  answer.resolve()
})
