import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import type { Commands } from './commands.ts'
import type { Leg } from './legs.ts'
import { openRecordings } from './recordings.ts'
import { Settings } from './settings.ts'

const leg = { id: 'leg', lane: 0 } as Leg

/** An exchange where the leg leaves after one side of it is listened to. */
function openWorld(stored: string[] = []) {
  const finished: string[] = []
  const requests: string[] = []
  const commands = {
    async ask(_: unknown, verb: string, path: string) {
      requests.push(`${verb} ${path.replace(/\?.*/, '')}`)
      return path.includes('/snoop/r-out') ? 'gone' : 'done'
    },
    read: async () => stored.map((name) => ({ name })),
  } as unknown as Commands
  const recordings = openRecordings({
    ari: { fetchFile: async () => undefined },
    commands,
    settings: Value.Default(Settings, {}) as Settings,
    onFinished: (recording) => void finished.push(recording),
  })
  return { finished, recordings, requests }
}

test('a leg that leaves while its recording begins leaves no half of it at the exchange', async () => {
  const { finished, recordings } = openWorld()
  const recording = recordings.record('r', leg, new AbortController().signal)
  recordings.snoopStarted('r-in')
  await recording
  assert.deepEqual(finished, [])
  recordings.ended('r-in')
  assert.deepEqual(finished, ['r'])
})

test('so does one whose recording was given up meanwhile', async () => {
  const { finished, recordings, requests } = openWorld()
  const given = new AbortController()
  const recording = recordings.record('r', leg, given.signal)
  given.abort(new Error('the caller left'))
  await assert.rejects(recording, /the caller left/)
  recordings.snoopStarted('r-in')
  while (!requests.includes('DELETE channels/r-in')) await new Promise(setImmediate)
  recordings.ended('r-in')
  assert.deepEqual(finished, ['r'])
})

test('also when the one half ended before it was given up', async () => {
  const { finished, recordings, requests } = openWorld()
  const given = new AbortController()
  const recording = recordings.record('r', leg, given.signal)
  recordings.snoopStarted('r-in')
  recordings.ended('r-in')
  given.abort(new Error('the caller left'))
  await assert.rejects(recording, /the caller left/)
  while (!requests.includes('DELETE channels/r-in')) await new Promise(setImmediate)
  assert.deepEqual(finished, ['r'])
})

test('half a recording that an earlier life left behind is told of once nobody listens any more', async () => {
  const { finished, recordings } = openWorld(['r-in', 'greeting'])
  await recordings.sweep(new Set(['r-out']))
  assert.deepEqual(finished, [])
  await recordings.sweep(new Set())
  assert.deepEqual(finished, ['r'])
})
