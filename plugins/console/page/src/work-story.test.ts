import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FactData, FactName } from '#core/call-bus/events.ts'
import type { Stamped } from './api.ts'
import { told } from './story.ts'
import { en } from './words/en.ts'
import { pl } from './words/pl.ts'
import { ru } from './words/ru.ts'
import { uk } from './words/uk.ts'

function tell<Name extends FactName>(words: typeof en, name: Name, data: FactData<Name>) {
  const fact = { id: 1, at: 1, name, data } as unknown as Stamped
  return told(fact, { words, toPhone: (number) => number, direction: 'in' })
}

const of = { call: 'c', talk: 't', leg: 'l' }
const facts = [
  ['queue.entered', { call: 'c', entry: 'e', queue: 'reserve', position: 2, priority: 0 }],
  ['queue.offered', { call: 'c', entry: 'e', queue: 'reserve', operator: 'olena', extension: '101' }],
  [
    'queue.given',
    { call: 'c', entry: 'e', queue: 'reserve', operator: 'olena', seconds: 60, by: 'user:boss' },
  ],
  ['call.held', { ...of, with: '101', by: 'user:olena' }],
  ['call.unheld', { ...of, with: '101', seconds: 12 }],
  ['call.joined', { ...of, phone: '105', as: 'listen', by: 'user:boss' }],
  ['call.left', { ...of, phone: '105', as: 'listen' }],
  ['call.transferred', { call: 'c', from: '101', to: '102', how: 'blind', by: 'user:olena' }],
  ['call.parked', { call: 'c', slot: 701, from: '101', by: 'user:olena' }],
  ['call.picked-up', { call: 'c', slot: 701, phone: '102', by: 'user:taras' }],
] as const satisfies readonly (readonly [FactName, object])[]
const outcomes = Object.keys(en.work.outcomes)

test('a note is told as it was written, with who wrote it', () => {
  const note = { call: 'c', text: 'lost a bag', by: 'user:olena' }
  assert.deepEqual(tell(en, 'call.noted', note), {
    shape: 'ended',
    sentence: 'Note: “lost a bag”',
    source: 'olena',
  })
})

test('what happens in queues and talks has its words in every language', () => {
  for (const words of [en, pl, ru, uk]) {
    for (const [name, data] of facts) {
      const { sentence, by } = tell(words, name, data as never)
      assert.doesNotMatch(sentence, /undefined|listen$|queue\.|call\./)
      assert.doesNotMatch(by ?? '', /user:/)
    }
    const left = { call: 'c', entry: 'e', queue: 'reserve', seconds: 1 }
    const sentences = outcomes.map((outcome) => tell(words, 'queue.left', { ...left, outcome }).sentence)
    assert.equal(new Set(sentences).size, outcomes.length)
    for (const sentence of sentences) assert.doesNotMatch(sentence, /_/)
  }
})
