import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Choice, read } from './keys.ts'

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
