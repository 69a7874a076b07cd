import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definePlugin, Type } from '#core/plugin.ts'
import { startTestApp } from '../../test/support/test-app.ts'
import { settled } from '../../test/support/test-clock.ts'
import { until } from '../../test/support/until.ts'
import { plugin } from './plugin.ts'

const desk = definePlugin({
  name: 'desk',
  about: 'One operator who answers at once.',
  settings: Type.Object({}),
  start({ places }) {
    places.offer('operators', async (caller) => {
      const operator = await caller.reach({ phones: ['101'], ringFor: 20, show: 'caller' })
      if (operator) await caller.talkTo(operator)
    })
  },
})

test('the story of a call links the recording of its talk', async (t) => {
  const app = await startTestApp(t, { plugin, beside: [desk] })
  app.exchange.phones.set('101', 'answers')
  const caller = await app.ring({ from: '+380671234567' })
  await settled()
  const [begun] = app.factsNamed('call.recording-started')
  assert.ok(begun)
  assert.deepEqual([...app.exchange.recordings], [begun.data.recording])

  await caller.hangsUp()
  const recorded = await until(() => app.factsNamed('call.recorded')[0], { what: 'the recording is taken' })
  assert.equal(recorded.data.recording, begun.data.recording)
  assert.equal(recorded.data.call, begun.data.call)
  assert.equal(app.exchange.recordings.size, 0)
})
