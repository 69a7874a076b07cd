import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { PhoneScript } from '#core/ports/scripted-exchange.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { plugin as talkControl } from '../talk-control/plugin.ts'
import { plugin } from './plugin.ts'

type Talk = { state: string }

/** A caller is offered to 101 and 102; whoever asks sits at 101. */
async function open(t: TestContext, phone: PhoneScript, queue: object = {}, secondLine = false) {
  const app = await startTestApp(t, {
    plugin,
    beside: [talkControl],
    secondLine,
    settings: {
      operators: ['101', '102'].map((extension) => ({
        id: `op-${extension}`,
        user: extension === '101' ? 'olena' : 'taras',
        extension,
        isAlwaysHere: true,
      })),
      queues: [{ name: 'operators', announcements: [], ringFor: 15, ...queue }],
      unanswered: { atMost: 1, pause: 60 },
    },
  })
  app.http.addHook('onRequest', async (request) => {
    const rights = new Set(['talks.control', 'queues.read', 'operators.move'])
    Object.assign(request, { who: { user: { name: 'olena' }, rights } })
  })
  for (const each of ['101', '102']) app.exchange.phones.set(each, phone)
  const since = app.clock.now()
  app.bus.publish('operator.changed', {
    operator: 'op-101',
    user: 'olena',
    state: 'ready',
    extension: '101',
  })
  const caller = await app.ring({ from: '+380671234567' })
  const [call] = app.calls.live()
  assert.ok(call)
  const legsOf = (to: string) => [...app.exchange.legs.values()].filter((leg) => leg.to === to)
  const answer = async () => {
    const url = `/api/plugins/talk-control/calls/${call.id}/answer`
    const answer = await app.http.inject({ method: 'POST', url, payload: {} })
    await settled()
    return answer.statusCode
  }
  const state = async () => {
    const [{ state, reason }] = (await app.http.inject('/api/plugins/queue/operators')).json()
    return [state, reason]
  }
  const day = async () => {
    const period = `from=${since}&until=${app.clock.now() + 1}`
    const [first] = (await app.http.inject(`/api/plugins/queue/figures/operators?${period}`)).json()
    return { offers: first.offers, answered: first.answered, unanswered: first.unanswered }
  }
  return { answer, app, call, caller, day, legsOf, state }
}

test('an operator answers by the desk: one offer, taken by him, whoever else rang stops', async (t) => {
  const { answer, app, caller, day, legsOf, state } = await open(t, 'rings')
  assert.ok(caller.leg.hasMusic)
  assert.equal(await answer(), 202)
  assert.equal(legsOf('101').at(-1)?.talk, caller.leg.talk)
  assert.deepEqual([legsOf('101').length, legsOf('102').length, legsOf('102')[0]?.ended], [2, 1, 'cancelled'])
  assert.deepEqual(await state(), ['talking', undefined])
  assert.equal(app.factsNamed('queue.offered').length, 2)
  assert.deepEqual(
    app.factsNamed('call.operator-missed').map(({ data }) => data.operator),
    ['102'],
  )
  await caller.hangsUp()
  await app.clock.advance(1_000)
  assert.deepEqual(await day(), { offers: 1, answered: 1, unanswered: 0 })
})

test('asked at the last moment he has the time his phone needs, and an offer left unanswered counts once', async (t) => {
  const { answer, app, caller, day, legsOf, state } = await open(
    t,
    { answersAfter: 60 },
    { strategy: { is: 'priority' } },
  )
  await app.clock.advance(14_900)
  assert.equal(await answer(), 202)
  await app.clock.advance(2_500)
  assert.deepEqual(await state(), ['ringing', undefined])
  assert.equal(caller.leg.hasMusic, true)
  await app.clock.advance(600)
  assert.deepEqual(await state(), ['not_ready', 'no answer'])
  assert.deepEqual([legsOf('101').length, legsOf('102').length], [2, 1])
  assert.deepEqual(await day(), { offers: 1, answered: 0, unanswered: 1 })
  assert.equal(await answer(), 409, 'his phone does not ring any more')
})

test('by the desk a second client is taken while the first hears music, and the first is fetched back', async (t) => {
  const only = { operators: [{ id: 'op-101' }] }
  const { answer, app, call, caller, legsOf } = await open(t, 'rings', only, true)
  await answer()
  const second = await app.ring()
  const other = app.calls.live().find(({ id }) => id !== call.id)
  assert.ok(other)
  const post = async (url: string) => {
    const payload = {}
    await app.http.inject({ method: 'POST', url: `/api/plugins/talk-control/${url}`, payload })
    await settled()
  }
  const talks = async () =>
    (await app.http.inject('/api/plugins/talk-control/talks')).json().map(({ state }: Talk) => state)
  await post(`talks/${call.id}/hold`)
  await post(`calls/${other.id}/answer`)
  assert.deepEqual([await talks(), caller.leg.hasMusic], [['held', 'together'], true])
  assert.equal(second.leg.talk, legsOf('101').at(-1)?.talk)
  await post(`talks/${other.id}/hold`)
  await post(`talks/${call.id}/unhold`)
  assert.deepEqual([await talks(), second.leg.hasMusic], [['together', 'held'], true])
  await caller.hangsUp()
  assert.deepEqual(await talks(), ['held'])
})
