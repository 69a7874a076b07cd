import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSettings } from '#core/settings.ts'
import { unknownPlaces } from '#core/unknown-places.ts'
import { type Choice, read } from './keys.ts'
import { Settings } from './settings.ts'

const settings = {
  dialExtensions: true,
  keys: { 0: 'voicemail', 1: 'call-back', 3: 'olena', 4: 'gone', '*': 'repeat' },
}
const people = [
  { id: 'olena', name: 'Olena', extension: '101', state: { is: 'ready' as const, since: 0 } },
  { id: 'taras', name: 'Taras', extension: '22', state: { is: 'ready' as const, since: 0 } },
]
const readings: Record<string, { meaning?: Choice | { is: 'repeat' }; mayGoOn: boolean }> = {
  '0': { meaning: { is: 'place', to: 'voicemail' }, mayGoOn: false },
  '1': { meaning: { is: 'call-back' }, mayGoOn: true },
  '10': { mayGoOn: true },
  '101': { meaning: { is: 'extension', extension: '101' }, mayGoOn: false },
  '2': { mayGoOn: true },
  '22': { meaning: { is: 'extension', extension: '22' }, mayGoOn: false },
  '3': { meaning: { is: 'extension', extension: '101' }, mayGoOn: false },
  '4': { meaning: { is: 'place', to: 'gone' }, mayGoOn: false },
  '*': { meaning: { is: 'repeat' }, mayGoOn: false },
  '9': { mayGoOn: false },
}
for (const [typed, reading] of Object.entries(readings))
  test(`typed ${typed}: ${reading.meaning ? Object.values(reading.meaning).join(' ') : 'nothing yet'}`, () => {
    assert.deepEqual(read(typed, settings, people), reading)
  })

test('extensions are dialled only where they may be', () => {
  assert.deepEqual(read('101', { ...settings, dialExtensions: false }, people), { mayGoOn: false })
})

test('every place a queue names is looked at: of keys, of overflow and of the four ends of waiting', () => {
  const settings = checkSettings(
    Settings,
    {
      operators: [{ id: 'ann', extension: '101' }],
      keys: { 0: 'ann', 1: 'repeat', 2: 'call-back', 3: 'taxis', 4: 'operators' },
      queues: [
        {
          name: 'operators',
          overflow: { after: 60, to: 'second' },
          whenFull: 'full',
          whenTooLong: 'long',
          whenClosed: 'closed',
          whenNobody: 'nobody',
        },
      ],
    },
    'plugins.queue',
  )
  const told = unknownPlaces([{ at: 'plugins.queue', schema: Settings, settings }], ['operators'])
  assert.deepEqual(told.map((each) => /^`([^`]+)`/.exec(each)?.[1]).sort(), [
    'plugins.queue.keys.3',
    'plugins.queue.queues.0.overflow.to',
    'plugins.queue.queues.0.whenClosed',
    'plugins.queue.queues.0.whenFull',
    'plugins.queue.queues.0.whenNobody',
    'plugins.queue.queues.0.whenTooLong',
  ])
})
