import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { test } from 'node:test'
import { needs } from '../support/needs.ts'
import { until } from '../support/until.ts'
import { client, line, openWorld } from './process.ts'

const skip = needs.asterisk()

test('a complaint that ended while Callbus was dead is taken and told of', { skip }, async (t) => {
  const { callbus, folder, nothingIsLeft, ring } = await openWorld(t, {
    plugins: { quality: { complaints: { lines: [line], shortest: 0 } } },
  })
  await callbus.start()
  const caller = await ring(client, 800)
  await until(() => callbus.facts('call.answered')[0], { what: 'the answer' })
  await caller.press('#')
  await until(() => callbus.facts('call.told').find(({ data }) => data.saying === 'quality.speak'), {
    what: '“please speak”',
  })
  await callbus.kill()
  await caller.hangUp()
  await callbus.start()
  const taken = await until(() => callbus.facts('complaint.taken')[0], { what: 'the complaint' })
  assert.ok((taken.data.seconds ?? 0) > 0)
  assert.equal(globSync(`${folder}/data/complaints/*/${taken.data.complaint}.wav`).length, 1)
  await nothingIsLeft()
})
